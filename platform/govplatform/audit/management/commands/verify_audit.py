"""The verb ``verify_audit``: is every audit chain complete and unchanged? Exit status 1 names each fault.

With ``--file`` it checks a signed file that was exported from a record, on any machine, and asks no database.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.audit.chain import find_chain_faults
from govplatform.audit.export_file import check_export
from govplatform.system_words import system_words
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Recompute every audit chain and compare it with its anchors, or check an exported file by itself."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, metavar="FILE", help="check this signed export and no database")
        parser.add_argument("--key", default="", metavar="HEX", help="public key that must have signed the file")

    def run(self, **options: Any) -> dict[str, Any]:
        if (path := options["file"]) is None:
            if options["key"]:
                raise CommandError(_("--key 只与 --file 一起使用。"))
            checked, faults = find_chain_faults()
            return {"ok": not faults, "checked": checked, "faults": faults}
        try:
            return check_export(path, key=options["key"].strip()).as_json()
        except OSError as error:
            raise CommandError(
                _("无法读取 %(path)s：%(strerror)s。") % {"path": path, "strerror": system_words(error)}
            ) from error

    def describe(self, result: dict[str, Any]) -> str:
        if not result["ok"]:
            return "\n".join(result["faults"])
        if "key" not in result:
            return _("核验了 %(checked)s 条记录，全部完整、相连，没有被改动。") % result
        told = _("文件完好：核验 %(checked)s 条记录，签名公钥 %(key)s。") % result
        return told if result["complete"] else told + _("导出时有筛选，其间的其他记录不在文件里。")

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
