"""The verb ``review``: take the review step that is due, in the name of a reviewer."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.queries import get_user
from govplatform.review.findings.dispositions import parse_judgement
from govplatform.review.queries import get_page
from govplatform.review.submission.actions import Outcome
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Approve or reject a page at the step that is due."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        verdict = parser.add_mutually_exclusive_group(required=True)
        verdict.add_argument("--approve", action="store_true")
        verdict.add_argument("--reject", action="store_true")
        parser.add_argument("--opinion", required=True)
        parser.add_argument(
            "--dispose",
            action="append",
            default=[],
            metavar="ID=VERDICT",
            help="judge a finding: ID=false-alarm or ID=ignored:REASON (may be given again)",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            page = get_page(options["page"])
            outcome = decide_from_the_shell(
                page,
                acting_user=user,
                approve=options["approve"],
                opinion=options["opinion"],
                judgements=[parse_judgement(given) for given in options["dispose"]],
            )
            return describe_outcome(page, outcome)


def describe_outcome(page: Page, outcome: Outcome) -> dict[str, Any]:
    """Describe the outcome as the verb ``review`` prints it."""
    return {
        "page": page.pk,
        "step": outcome.step,
        "decision": outcome.verdict,
        "status": outcome.status,
        "next_step": outcome.next_step,
    }
