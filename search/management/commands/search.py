"""The verb ``search``: what a citizen finds, from the shell."""

from typing import Any

from django.core.management.base import CommandParser

from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from search.engine import Order
from search.narrowing import Filters, Scope
from search.queries import search
from search.results import Found

#: Facets that the verb prints.
_FACETS = ("site", "kind", "year")


class Command(VerbCommand):
    help = "Search what citizens can read on one site, in a region or everywhere."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("query", help='words, "phrases", -exclusions, document numbers')
        parser.add_argument("--site", metavar="CODE", help="the site that asks")
        parser.add_argument("--scope", default="", help="site, region or all; site where one is named, else all")
        parser.add_argument("--kind", default="", metavar="K")
        parser.add_argument("--year", default="", metavar="Y", help="year of publication")
        parser.add_argument("--validity", default="", metavar="V", help="in_force, amended, repealed or lapsed")
        parser.add_argument("--order", default=str(Order.RELEVANCE), help="relevance or newest")
        parser.add_argument("--page", type=int, default=1, metavar="N", help="ten hits to a page")

    def run(self, **options: Any) -> dict[str, Any]:
        site = get_tenant(options["site"]) if options["site"] else None
        results = search(
            options["query"],
            site=site,
            scope=options["scope"] or (Scope.SITE if site else Scope.ALL),
            filters=Filters(kind=options["kind"], year=options["year"], validity=options["validity"]),
            order=options["order"],
            page=options["page"],
        )
        counted: dict[str, dict[str, int]] = {name: {} for name in _FACETS}
        for facet in (one for one in results.facets if one.name in counted):
            counted[facet.name] = {value.value: value.count for value in facet.values}
        return {
            "total": results.total,
            "capped": results.capped,
            "hits": [_described(hit) for hit in results.hits],
            "facets": counted,
            "suggestion": results.suggestion,
            "engine": results.engine,
            "ms": results.milliseconds,
        }

    def describe(self, result: dict[str, Any]) -> str:
        lines = [f"{hit['title']}  {hit['document_number']}\n  {hit['url']}" for hit in result["hits"]]
        return "\n".join([*lines, f"{result['total']}{'+' if result['capped'] else ''}"])


def _described(hit: Found) -> dict[str, Any]:
    return {
        "title": hit.title_text,
        "url": hit.url,
        "site": hit.site.code,
        "kind": hit.kind,
        "document_number": hit.document_number,
        "published_at": hit.published_at.isoformat(),
        "validity": hit.validity,
        "snippet": hit.snippet_text,
        "attachment": hit.attachment,
    }
