"""The command ``planned``: what is planned and due on a site in a month."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.days import moment_words, parse_day
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.writing.calendar_views import asked_month
from sites.writing.planned import Planned, planned_between


class Command(VerbCommand):
    help = "Show what is planned and due on a site in a month, and what is overdue."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--month", default="", metavar="MONTH", help="YYYY-MM; this month if left out")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["month"] and parse_day(f"{options['month']}-01") is None:
            raise Refused(_("“%(month)s”不是月份，请写成 2026-12 这样。") % {"month": options["month"]})
        first = asked_month(options["month"])
        with tenant_context(get_tenant(options["site"])):
            found, overdue = planned_between(first, (first + timedelta(days=32)).replace(day=1))
            return {"planned": [_describe(one) for one in found], "overdue": [_describe(one) for one in overdue]}


def _describe(one: Planned) -> dict[str, Any]:
    return {"at": moment_words(one.at), "what": one.matter.value, "title": one.title, "page": one.page_id}
