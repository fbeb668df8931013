"""The verb ``restore``: the whole platform from a backup, into an empty installation; or one site of a living one."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from govplatform.lifecycle.backups.restoring import restore_platform
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = (
        "Bring the whole platform back from a backup, into an empty installation. With --site bring one site back to"
        " what it was then, on a platform that goes on; what was withdrawn since stays withdrawn."
    )

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", help="a backup, or a folder of which the newest is taken")
        parser.add_argument("--site", default="", metavar="CODE", help="one site alone")
        parser.add_argument("--keys", metavar="DIR", help="folder with the keys, for an empty installation")
        parser.add_argument("--sha256", default="", help="digest of the backup's list, where you know it")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        path = Path(options["folder"]).absolute()
        restored = restore_platform(
            path,
            username=options["acting"],
            keys=Path(options["keys"]).absolute() if options["keys"] else None,
            sha256=options["sha256"],
            tell=lambda step, done, total: self.progress(done, total, step),
        )
        return {
            "sites": restored.sites,
            "rows": restored.rows,
            "files": restored.files,
            "missing_keys": restored.missing_keys,
        }
