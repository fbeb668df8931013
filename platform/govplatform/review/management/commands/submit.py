"""The verb ``submit``: hand a draft in for review; in an emergency, to two named people."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.gate.levels import current_submission
from govplatform.review.gate.status import status_and_step
from govplatform.review.queries import get_page
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.emergency import Emergency
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Submit the newest version of a page for review."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--emergency", metavar="REASON", help="the shortest way, with a review after the fact")
        parser.add_argument("--content-reviewer", metavar="USER", help="who looks at the content, in an emergency")
        parser.add_argument(
            "--confidentiality-reviewer", metavar="USER", help="who looks at confidentiality, in an emergency"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        named = (options["content_reviewer"], options["confidentiality_reviewer"])
        if (options["emergency"] is not None) != all(named) or any(named) != all(named):
            raise CommandError("--emergency, --content-reviewer and --confidentiality-reviewer belong together")
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        asked = None
        if options["emergency"] is not None:
            asked = Emergency(options["emergency"], get_user(named[0]), get_user(named[1]))
        with tenant_context(tenant):
            submit_for_review(get_page(options["page"]), acting_user=user, emergency=asked)
            page = get_page(options["page"])
            submission = current_submission(page)
            status, next_step = status_and_step(page)
            return {
                "page": page.pk,
                "status": status,
                "next_step": next_step,
                "levels": submission.levels if submission else 1,
                "emergency": asked is not None,
            }
