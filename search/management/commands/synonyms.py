"""The verb ``synonyms``: list, import or export the synonyms of the search."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.verbs import VerbCommand
from govplatform.whole_files import write_whole_file
from search.models import SynonymGroup
from search.synonyms.actions import import_synonyms
from search.synonyms.queries import list_groups
from search.synonyms.shipped import load_shipped
from search.synonyms.written import read_lines, write_lines

#: Bytes of a file that are read: five thousand lines fit several times.
_LARGEST = 4 * 1024 * 1024


class Command(VerbCommand):
    help = (
        "List the synonyms of the search, import or export them (a text file, one group a line: A = B, or A => B),"
        " or load those that come along and are not there."
    )

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "act",
            choices=["list", "import", "export", "load"],
            help="list, import, export, or load those that come along",
        )
        parser.add_argument("file", metavar="FILE", nargs="?", default="", help="for import and export; UTF-8")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        act, path = options["act"], Path(options["file"])
        if (act in ("list", "load")) == bool(options["file"]):
            raise CommandError(_("import 和 export 须指明文件，list 和 load 不用。"))
        with schema_context("public"):
            done: dict[str, Any] = {}
            acting_user = get_user(options["acting"]) if options["acting"] else None
            if act == "load":
                done = load_shipped(acting_user=acting_user)
            if act == "import":
                done = import_synonyms(*read_lines(_text_of(path)), acting_user=acting_user)
            rows = list(list_groups())
            if act == "export":
                write_whole_file(path, ["".join(write_lines(rows)).encode()])
        return {"groups": [_shown(row) for row in rows]} | {
            name: done[name] for name in ("added", "changed") if name in done
        }

    def describe(self, result: dict[str, Any]) -> str:
        groups = [
            f"{'' if group['enabled'] else '- '}{(' => ' if group['one_way'] else ' = ').join(group['words'])}"
            for group in result["groups"]
        ]
        if "added" in result:
            groups = [_("新增 %(added)s 组，修改 %(changed)s 组。") % result]
        return "\n".join([*groups, _("共 %(count)s 组") % {"count": len(result["groups"])}])


def _shown(row: SynonymGroup) -> dict[str, Any]:
    return {"words": list(row.words), "one_way": row.one_way, "enabled": row.enabled, "note": row.note}


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as problem:
        raise CommandError(
            _("读不到文件 %(file)s：%(error)s") % {"file": path, "error": system_words(problem)}
        ) from problem
    if len(content) > _LARGEST:
        raise Refused(_("文件超过 %(most)s MB，请分成几个文件。") % {"most": _LARGEST // 1024 // 1024})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise Refused(_("第 %(line)s 行不是 UTF-8 编码，请另存为 UTF-8 后重试。") % {"line": line}) from problem
