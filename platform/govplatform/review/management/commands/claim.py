"""The verb ``claim``: claim a review, let it go, or hand it to a colleague."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.gate.status import due_step_name
from govplatform.review.queries import get_page
from govplatform.review.submission.claim_actions import claim_review, hand_over_review, release_review
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Claim the review step that is due; --release lets it go, --to hands it over."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--release", action="store_true", help="let it go again")
        what.add_argument("--to", metavar="USER", help="hand it over to this person")
        parser.add_argument("--note", default="")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        to = get_user(options["to"]) if options["to"] else None
        with tenant_context(tenant):
            page = get_page(options["page"])
            claim = None
            if options["release"]:
                release_review(page, acting_user=user)
            elif to is not None:
                claim = hand_over_review(page, to=to, note=options["note"], acting_user=user)
            else:
                claim = claim_review(page, acting_user=user)
            return {
                "page": page.pk,
                "step": due_step_name(page),
                "claimed_by": claim.person.username if claim else None,
                "until": claim.expires_at if claim else None,
            }
