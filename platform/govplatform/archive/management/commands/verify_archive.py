"""The verb ``verify_archive``: check an archive from its files alone. Exit 1 names the first fault and its place."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.archive.verification.checking import verify_archive
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Verify an archive offline: every file, record and digest, and the signature."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", help="folder of the archive")
        parser.add_argument("--key", default="", metavar="HEX", help="public key that must have signed it")

    def run(self, **options: Any) -> dict[str, Any]:
        folder = Path(options["folder"])
        if not folder.is_dir():
            raise CommandError(_("没有目录 %(folder)s。") % {"folder": folder})
        return verify_archive(folder, key=options["key"]).as_json()

    def describe(self, result: dict[str, Any]) -> str:
        if result["ok"]:
            return _("归档 %(archive)s 完好：核验 %(checked)s 项，签名公钥 %(key)s。") % result
        return "\n".join(f"{fault['place']}：{fault['problem']}" for fault in result["faults"])

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
