"""The verb ``merge_site``: carry the content of a closing site into another one, in this process."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.merge.actions import begin_or_resume
from govplatform.lifecycle.merge.mapping import read_map
from govplatform.lifecycle.merge.queries import describe_outcome
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.merge.showing import STEP_WORDS
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Move the content of a closing site into another one; started again, it goes on with a merge broken off."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SRC", help="code of the site that closes")
        parser.add_argument("destination", metavar="DEST", help="code of the site that takes its content over")
        parser.add_argument("--map", metavar="FILE", help="table (csv, xlsx) of column paths: from,to; “-” stays")
        parser.add_argument("--with-drafts", action="store_true", help="move pages too that were never public")
        parser.add_argument(
            "--leave-scheduled", action="store_true", help="leave pages that are cleared for a later day"
        )
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        source, destination = get_tenant(options["source"]), get_tenant(options["destination"])
        wishes, faults = read_map(Path(options["map"])) if options["map"] else ({}, [])
        if faults:
            raise Refused([_("第 %(row)d 行 %(column)s：%(reason)s") % vars(fault) for fault in faults])
        merge = begin_or_resume(
            source,
            destination,
            acting_user=get_user(options["acting"]),
            wishes=wishes,
            drafts=options["with_drafts"],
            scheduled=not options["leave_scheduled"],
        )
        merge = run_merge(merge.pk, progress=self._show)
        if merge.state == Merge.State.REFUSED:
            raise Refused(merge.reasons)
        return describe_outcome(merge)

    def _show(self, step: str, done: int, total: int) -> None:
        self.progress(done, total, str(STEP_WORDS.get(step, step)))
