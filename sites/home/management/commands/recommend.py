"""The command ``recommend``: a public page on the home page of its site, or proposed to the superior's."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from content_library.distribution.models import HomeProposal
from content_library.distribution.proposals import proposals_of, propose_to_superior, take_back_proposal
from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.queries import get_page
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.home.models import Recommended
from sites.home.recommending import end_recommendation, recommend_page


class Command(VerbCommand):
    help = "Recommend a public page on the site's home page, or propose it for that of the superior site."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--superior", action="store_true", help="propose it to the superior site")
        parser.add_argument("--note", default="", help="why it is proposed")
        parser.add_argument("--end", action="store_true", help="take it back instead")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        with tenant_context(get_tenant(options["site"])):
            page = get_page(options["page"])
            if options["superior"]:
                return _propose(page, user, options)
            if options["end"]:
                end_recommendation(page, acting_user=user)
            else:
                recommend_page(page, acting_user=user)
            return {"page": page.pk, "on_home": Recommended.objects.filter(page=page).exists()}


def _propose(page: Any, user: User, options: dict[str, Any]) -> dict[str, Any]:
    resource = Resource.objects.filter(tenant=current_tenant(), page_id=page.pk).first()
    if resource is None:
        raise Refused(_("“%(title)s”还不在信息资源库里，发布之后才能推荐。") % {"title": page.title})
    if not options["end"]:
        proposal = propose_to_superior(resource, acting_user=user, note=options["note"])
    else:
        waiting = proposals_of(resource).filter(state=HomeProposal.State.WAITING).first()
        if waiting is None:
            raise Refused(_("“%(title)s”没有等待答复的推荐。") % {"title": page.title})
        take_back_proposal(proposal := waiting, acting_user=user)
        proposal.refresh_from_db()
    return {"proposal": proposal.pk, "to": proposal.target.code, "state": proposal.state}
