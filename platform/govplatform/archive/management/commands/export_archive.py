"""The verb ``export_archive``: write the archive of a site, or of one column, into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.archive.actions import export_archive
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Write what is public on a site as WARC, WACZ and BagIt, described after DA/T 80 and signed."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        parser.add_argument("--out", required=True, metavar="DIR", help="folder to make; it must not exist or be empty")
        parser.add_argument("--column", default="", metavar="SLUG", help="slug of a column: only what lies below it")

    def run(self, **options: Any) -> dict[str, Any]:
        _archive, built = export_archive(
            get_tenant(options["code"]), Path(options["out"]), acting_user=None, column=options["column"]
        )
        return {
            "archive": str(built.folder),
            "addresses": built.addresses,
            "captured": built.captured,
            "records": built.records,
            "bytes": built.bytes,
            "certificate": str(built.certificate),
        }
