"""The verb ``restore``: the whole platform from a backup, into an empty installation; or one site of a living one."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.backups.restoring import restore_platform
from govplatform.lifecycle.backups.returning import preview_return, return_site
from govplatform.lifecycle.backups.settling import Outcome
from govplatform.tenancy.queries import get_tenant
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
        parser.add_argument("--reason", default="", help="why, with --site")
        parser.add_argument("--dry-run", action="store_true", help="say what --site would change, and change nothing")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        path = Path(options["folder"]).absolute()
        if options["site"]:
            return self._return(path, **options)
        if options["dry_run"]:
            raise CommandError(_("--dry-run 只用于 --site。"))
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

    def _return(self, path: Path, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        if options["dry_run"]:
            outcome = preview_return(tenant, path, acting_user=user, sha256=options["sha256"])
            return {
                "site": tenant.code,
                "pages_then": outcome.pages_then,
                "pages_now": outcome.pages_now,
                **_told(outcome),
            }
        returned = return_site(
            tenant,
            path,
            reason=options["reason"] or _("命令行恢复"),
            acting_user=user,
            sha256=options["sha256"],
        )
        work = returned.work
        return {
            "sites": 1,
            "rows": work.rows,
            "files": work.files,
            "aside": returned.aside.path,
            **_told(returned.outcome),
        }


def _told(outcome: Outcome) -> dict[str, Any]:
    """What is not public any more: pages that come back as drafts, and pages that were made since."""
    return {
        "withheld": [{"page": one.page, "title": one.title, "why": one.words} for one in outcome.withheld],
        "ended": [{"page": page, "title": title} for page, title in outcome.ended],
    }
