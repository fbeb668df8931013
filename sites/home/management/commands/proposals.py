"""The command ``proposals``: what is proposed for the home page of a site, and the answer to it."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from content_library.distribution.models import HomeProposal
from content_library.distribution.proposals import refuse_proposal, waiting_proposals
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import find_column
from sites.home.recommending import accept_proposal


class Command(VerbCommand):
    help = "Show what is proposed for the home page of a site, or answer one of them."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--accept", type=int, metavar="NUMBER", help="the proposal that is accepted")
        what.add_argument("--refuse", type=int, metavar="NUMBER", help="the proposal that is not")
        parser.add_argument("--column", default="", metavar="SLUG", help="where an accepted one is shown")
        parser.add_argument("--answer", default="", help="why one is refused")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        with tenant_context(get_tenant(options["site"])):
            number = options["accept"] or options["refuse"]
            if number is None:
                return {"waiting": [_describe(one) for one in waiting_proposals(current_tenant())]}
            if not options["acting"]:
                raise CommandError(_("答复推荐要用 --as 指明由谁办理。"))
            user = get_user(options["acting"])
            proposal = HomeProposal.objects.filter(pk=number, target=current_tenant()).first()
            if proposal is None:
                raise Refused(_("没有向本站提出的这一推荐，可能已被收回。"))
            if options["refuse"]:
                refuse_proposal(proposal, acting_user=user, answer=options["answer"])
                return {"proposal": number, "state": "refused"}
            page, reasons = accept_proposal(proposal, find_column(options["column"]), acting_user=user)
            return {"proposal": number, "state": "accepted", "page": page, "not_submitted": reasons}


def _describe(one: HomeProposal) -> dict[str, Any]:
    return {"number": one.pk, "title": one.resource.title, "from": one.source.code, "note": one.note}
