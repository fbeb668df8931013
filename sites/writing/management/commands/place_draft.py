"""The command ``place_draft``: give a draft another column or another kind."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.review.queries import get_page, site_path
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_REFUSED, VerbCommand
from sites.columns.actions import find_column
from sites.writing.placing import Place, foresee_place, kind_of, place_draft, reasons_against_placing


class Command(VerbCommand):
    help = "Give a draft another column, another kind (article, policy), or both."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--column", default="", metavar="SLUG")
        parser.add_argument("--kind", default="", metavar="KIND", help="article or policy")
        parser.add_argument("--dry-run", action="store_true", help="only tell what it would mean")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        with tenant_context(get_tenant(options["site"])):
            page = get_page(options["page"]).specific
            place = Place(find_column(options["column"]) if options["column"] else None, options["kind"] or None)
            if options["dry_run"]:
                reasons = reasons_against_placing(page, place)
                return {"refused": reasons} if reasons else vars(foresee_place(page, place))
            placed = place_draft(page, place, acting_user=user)
            return {"page": placed.pk, "kind": kind_of(placed), "path": site_path(placed)}

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_REFUSED if result.get("refused") else 0
