"""The verb ``withdraw``: take a published page down, as a reviewer of the site or as a supervisor at once."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.gate.status import page_status
from govplatform.review.permissions import WITHDRAW, WITHDRAW_AT_ONCE, may_on_content, may_supervise
from govplatform.review.queries import get_page
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Withdraw a published page, with the reason."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            page = get_page(options["page"])
            at_once = not may_on_content(user, WITHDRAW) and may_supervise(user, WITHDRAW_AT_ONCE)
            withdrawal = withdraw_page(page, acting_user=user, reason=options["reason"], break_glass=at_once)
            result = {"page": page.pk, "status": page_status(get_page(page.pk))}
            if at_once:
                result |= {"withdrawal": withdrawal.pk, "confirm_by": withdrawal.confirm_by}
            return result
