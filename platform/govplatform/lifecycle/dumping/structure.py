"""The structure of a schema as SQL, in two scripts: before its rows are there, and after."""

import tempfile

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.template_schema import clean_dump, start_pg_dump

from .catalogue import without_name


def read_structure(schema: str, snapshot: str) -> tuple[str, str]:
    """Return (tables and sequences; indexes, constraints and triggers) of ``schema`` as ``snapshot`` sees them.

    The schema is called ``catalogue.PLACEHOLDER`` in them, and nobody is granted anything. Raises Refused when pg_dump
    fails.
    """
    before, after = (_dumped(schema, snapshot, section) for section in ("pre-data", "post-data"))
    return before, after


def _dumped(schema: str, snapshot: str, section: str) -> str:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = start_pg_dump(
            schema, output, "--schema-only", "--no-privileges", f"--section={section}", f"--snapshot={snapshot}"
        )
        _out, errors = process.communicate()
        if process.returncode != 0:
            raise Refused(_("导出站点结构失败：%(reason)s") % {"reason": errors.strip()})
        output.seek(0)
        text = clean_dump(output.read())
    made = f"CREATE SCHEMA {schema};"
    return without_name("\n".join(line for line in text.splitlines() if line != made), schema)
