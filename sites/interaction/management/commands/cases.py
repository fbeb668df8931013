"""The verb ``cases``: the letters that a person has to do with, newest first, without what anybody wrote."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.kinds import Kind
from govplatform.cases.queries import cases_for
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand

_MOST = 1000


class Command(VerbCommand):
    help = "List the letters that a clerk, a handler or a supervisor has to do with."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--site", metavar="CODE", help="taken in or answered by this site")
        parser.add_argument("--late", action="store_true", help="only those whose limit is over")
        parser.add_argument("--kind", choices=Kind.values, help="only those of this kind")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            site = get_tenant(options["site"]) if options["site"] else None
            found = cases_for(get_user(options["acting"]), site=site, kind=options["kind"] or "", late=options["late"])
            return {
                "cases": [
                    {
                        "number": case.number,
                        "kind": case.kind,
                        "state": case.state,
                        "due": case.due,
                        "late": case.is_late,
                        "desk": case.desk.code,
                        "organisation": case.organisation.code if case.organisation else None,
                    }
                    for case in found[:_MOST]
                ]
            }
