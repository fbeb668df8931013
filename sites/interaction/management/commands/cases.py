"""The verb ``cases``: the letters that a person has to do with, newest first, without what anybody wrote."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.export import export_cases
from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case
from govplatform.cases.queries import cases_for
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand

_MOST = 1000


class Command(VerbCommand):
    help = "List the letters that a clerk, a handler or a supervisor has to do with."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--site", metavar="CODE", help="taken in or answered by this site")
        parser.add_argument("--late", action="store_true", help="only those whose limit is over")
        parser.add_argument("--export", metavar="FILE", help="write them as a table, .csv or .xlsx; needs --site")
        parser.add_argument("--words", default="", metavar="WORDS", help="those with each of these in title or text")
        parser.add_argument("--kind", choices=Kind.values, help="only those of this kind")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            site = get_tenant(options["site"]) if options["site"] else None
            if options["export"]:
                return _export(options, site)
            found = _found(options, site)
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


def _found(options: dict[str, Any], site: Tenant | None) -> QuerySet[Case]:
    narrowed = {name: options[name] or "" for name in ("kind", "words")}
    return cases_for(get_user(options["acting"]), site=site, late=options["late"], **narrowed)


def _export(options: dict[str, Any], site: Tenant | None) -> dict[str, Any]:
    path, user = Path(options["export"]), get_user(options["acting"])
    kind = path.suffix.removeprefix(".").lower()
    if kind not in CONTENT_TYPES or site is None:
        raise CommandError(_("请用 --site 写明站点；文件名以 .csv 或 .xlsx 结尾。"))
    # Of a site as its console lists them; for the console of the platform, those of all sites.
    found = _found(options, None if site.is_console else site)
    table = export_cases(found, site, kind, acting_user=user)
    try:
        path.write_bytes(table)
    except OSError as problem:
        raise CommandError(_("无法写入文件 %(name)s。") % {"name": path}) from problem
    return {"file": str(path), "bytes": len(table)}
