"""The verb ``after_review``: the review after the fact of what went out in an emergency, or as a sample unread."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.models import AfterReview
from govplatform.review.queries import get_page
from govplatform.review.submission.followups import judge_after_review
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Confirm after the fact what went out in an emergency or as a sample unread, or withdraw it."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        verdict = parser.add_mutually_exclusive_group(required=True)
        verdict.add_argument("--confirm", action="store_true")
        verdict.add_argument("--withdraw", action="store_true")
        parser.add_argument("--opinion", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            page = get_page(options["page"])
            # The newest emergency: an older one may still be open behind it and comes next.
            after = AfterReview.objects.filter(page_id=page.pk).order_by("verdict", "-pk").first()
            if after is None:
                raise Refused(
                    _("“%(title)s”没有需要事后复核的发布：既不是紧急发布，也没有被抽查。") % {"title": page.title}
                )
            after = judge_after_review(after, acting_user=user, confirm=options["confirm"], opinion=options["opinion"])
            return {"page": page.pk, "decision": after.verdict, "status": page_status(get_page(page.pk))}
