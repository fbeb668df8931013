"""The verb ``confirm_withdrawal``: confirm or contest what a supervisor withdrew at once."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.models import Withdrawal
from govplatform.review.queries import get_page
from govplatform.review.submission.followups import confirm_withdrawal
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Confirm or contest the last break-glass withdrawal of a page."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        verdict = parser.add_mutually_exclusive_group(required=True)
        verdict.add_argument("--confirm", action="store_true")
        verdict.add_argument("--contest", action="store_true")
        parser.add_argument("--opinion", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            page = get_page(options["page"])
            withdrawal = Withdrawal.objects.filter(page_id=page.pk, break_glass=True).first()
            if withdrawal is None:
                raise Refused(_("“%(title)s”没有被监管员紧急撤回过。") % {"title": page.title})
            confirmation = confirm_withdrawal(
                withdrawal, acting_user=user, confirm=options["confirm"], opinion=options["opinion"]
            )
            return {
                "page": page.pk,
                "withdrawal": withdrawal.pk,
                "decision": confirmation.verdict,
                "status": page_status(get_page(page.pk)),
            }
