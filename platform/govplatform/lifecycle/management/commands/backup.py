"""The verb ``backup``: the whole platform, or one site, as files that can be brought back; or a look at such files."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.lifecycle.backups.folder import faults_of, open_backup
from govplatform.lifecycle.backups.taking import take_backup
from govplatform.lifecycle.ending.actions import dump_site
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = (
        "Write a backup of the whole platform into a folder of its own below DIR, as one state, files of an earlier one"
        " linked; or of one site. With --verify read a backup and compare every byte; exit status 1 names what differs."
    )

    def add_verb_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--out", metavar="DIR", help="folder of backups")
        what.add_argument("--verify", metavar="DIR", help="a backup, or a folder of which the newest is taken")
        parser.add_argument("--site", default="", metavar="CODE", help="one site alone, as a dump of it")
        parser.add_argument("--keys", metavar="DIR", help="write the keys too, into this other folder")
        parser.add_argument("--keys-beside", action="store_true", help="even where the data lie")

    def run(self, **options: Any) -> dict[str, Any]:
        self._require_used(options)
        if options["verify"]:
            return self._verify(Path(options["verify"]))
        out = Path(options["out"]).absolute()
        if options["site"]:
            work = dump_site(get_tenant(options["site"]), out, acting_user=None)
            return {"backup": work.path, "parts": work.tables + work.files + 2, "bytes": work.bytes}
        made = take_backup(
            out,
            acting_user=None,
            keys_to=Path(options["keys"]) if options["keys"] else None,
            beside=options["keys_beside"],
            tell=lambda step, done, total: self.progress(done, total, step),
        )
        manifest = made.backup.manifest
        return {
            "backup": str(made.backup.path),
            "parts": len(manifest.parts),
            "bytes": manifest.total,
            "written": made.copied,
            "keys": [key.setting for key in manifest.keys],
        }

    def _require_used(self, options: dict[str, Any]) -> None:
        """Nothing that was asked for is left undone without a word: keys belong to a backup of everything."""
        given = [name for name in ("site", "keys", "keys_beside") if options[name]]
        unused = given if options["verify"] else [name for name in given if options["site"] and name != "site"]
        if unused:
            other = "--verify" if options["verify"] else "--site"
            names = " ".join(f"--{name.replace('_', '-')}" for name in unused)
            raise CommandError(_("%(names)s 不能与 %(other)s 同时使用。") % {"names": names, "other": other})

    def _verify(self, path: Path) -> dict[str, Any]:
        try:
            backup = open_backup(path)
        except Refused as refusal:
            return {"ok": False, "backup": str(path), "parts": 0, "bytes": 0, "faults": refusal.reasons}
        told = faults_of(backup, lambda step, done, total: self.progress(done, total, step))
        faults = [str(fault) for fault in told]
        manifest = backup.manifest
        return {
            "ok": not faults,
            "backup": str(backup.path),
            "parts": len(manifest.parts),
            "bytes": manifest.total,
            "faults": faults,
        }

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("ok") is False else 0
