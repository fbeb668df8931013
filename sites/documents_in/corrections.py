"""A table of corrections for the verb: of each file, what takes the place of what is recognised in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import read_table

from .card_fields import LABELS

#: The heading of the column that names the file.
_FILE = ("file", "文件", "文件名")


def read_corrections(path: Path) -> dict[str, dict[str, str]]:
    """Return ``{name of a file: {field: text}}`` of the CSV or XLSX table at ``path``.

    Its first row has the headings: ``file`` and names of fields, in English or as the card has them. An empty cell
    corrects nothing. Raises Refused for what cannot be read, a heading that is no field, and a file that stands twice.
    """
    rows = read_table(path, path.name, sheet="")
    if not rows:
        raise Refused(_("更正表是空的：首行写“文件名”和要更正的栏，例如“发文字号”。"))
    _line, headings = rows[0]
    names = [_field_of(heading) for heading in headings]
    if "file" not in names:
        raise Refused(_("更正表的首行没有“文件名”一栏，不知道每行更正哪个文件。"))
    found: dict[str, dict[str, str]] = {}
    for line, cells in rows[1:]:
        values = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        file = values.pop("file", "")
        if not file:
            raise Refused(_("更正表第 %(line)d 行没有写文件名。") % {"line": line})
        if file in found:
            raise Refused(
                _("更正表里“%(file)s”出现了两次（第 %(line)d 行），请并成一行。") % {"file": file, "line": line}
            )
        found[file] = values
    return found


def read_settings(given: Sequence[str]) -> dict[str, str]:
    """Return ``{field: text}`` of options written ``FIELD=VALUE``. Raises Refused for one that is none."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign:
            raise Refused(_("“%(given)s”应写成 栏=值，例如 document_number=云政办发〔2026〕3号。") % {"given": one})
        found[_field_of(name)] = text.strip()
    if "file" in found:
        raise Refused(_("文件名不能更正；要更正几个文件，请用更正表。"))
    return found


def require_all_used(corrections: Mapping[str, Mapping[str, str]], files: Sequence[str]) -> None:
    """Raise Refused for a row about a file that is not among ``files``: a name mistyped would correct nothing."""
    if strangers := [name for name in corrections if name not in files]:
        raise Refused(_("更正表里的“%(names)s”不在这次导入的文件里，请核对文件名。") % {"names": "、".join(strangers)})


def _field_of(heading: str) -> str:
    name = heading.strip()
    if name.lower() in _FILE:
        return "file"
    for field, label in LABELS.items():
        if name.lower() == field or name == str(label):
            return field
    fields = "、".join(f"{label}（{field}）" for field, label in LABELS.items())
    raise Refused(_("没有“%(name)s”这一栏。可以更正的有：%(fields)s。") % {"name": name[:30], "fields": fields})
