"""The verb ``search_statistics``: what citizens ask for on a site, without anybody who asked."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from search.statistics.queries import LONGEST, USUAL, TermFigure, read_statistics


class Command(VerbCommand):
    help = "Show what was searched for on a site: by day, most asked terms, terms without results."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--days", type=int, default=USUAL, metavar="N", help=f"so many last days, 1 to {LONGEST}")

    def run(self, **options: Any) -> dict[str, Any]:
        if not 1 <= options["days"] <= LONGEST:
            raise CommandError(_("--days 应为 1 到 %(most)s 的整数。") % {"most": LONGEST})
        tenant = get_tenant(options["site"])
        figures = read_statistics(tenant, options["days"])
        return {
            "site": tenant.code,
            "days": [
                {"day": day.day.isoformat(), "asked": day.asked, "without": day.without}
                for day in figures.days
                if day.asked
            ],
            "asked": figures.asked,
            "without": figures.unanswered,
            "terms": [_described(one) for one in figures.terms],
            "terms_without": [_described(one) for one in figures.without],
        }

    def describe(self, result: dict[str, Any]) -> str:
        lines = [f"{result['asked']} / {result['without']}"]
        return "\n".join([*lines, *(f"{one['asked']}  {one['term']}" for one in result["terms"])])


def _described(one: TermFigure) -> dict[str, Any]:
    return {"term": one.term, "asked": one.asked, "without": one.without}
