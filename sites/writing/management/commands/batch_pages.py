"""The command ``batch_pages``: many drafts at once to another column, to review, or to a time."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, EXIT_REFUSED, VerbCommand
from sites.columns.actions import find_column
from sites.writing.batches import Result, move_pages, plan_pages, submit_pages


class Command(VerbCommand):
    help = "Do the same with many drafts; tells of each what was done, or why not."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--pages", required=True, metavar="ID,ID", help="ids of the pages")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--column", default="", metavar="SLUG", help="give them this column")
        what.add_argument("--submit", action="store_true", help="hand them in for review")
        what.add_argument("--at", default="", metavar="TIME", help="have them go live then: 2026-12-31T08:00")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        ids = [row_number(text.strip()) for text in options["pages"].split(",")]
        with tenant_context(get_tenant(options["site"])):
            results = self._carry_out(ids, options, user)
        told = [{"page": one.page_id, "title": one.title, "done": one.done, "said": list(one.said)} for one in results]
        return {"done": sum(one.done for one in results), "pages": told}

    def _carry_out(self, ids: list[int], options: dict[str, Any], user: Any) -> list[Result]:
        if options["submit"]:
            return submit_pages(ids, acting_user=user)
        if options["column"]:
            return move_pages(ids, find_column(options["column"]), acting_user=user)
        try:
            moment = parse_datetime(options["at"])
        except ValueError:
            moment = None
        if moment is None:
            raise Refused(_("“%(at)s”不是时间，请写成 2026-12-31T08:00 这样。") % {"at": options["at"]})
        return plan_pages(ids, moment if timezone.is_aware(moment) else timezone.make_aware(moment), acting_user=user)

    def exit_status(self, result: dict[str, Any]) -> int:
        if result["done"] == len(result["pages"]):
            return 0
        return EXIT_FAULTS if result["done"] else EXIT_REFUSED
