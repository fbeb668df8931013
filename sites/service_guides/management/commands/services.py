"""The verb ``services``: bring in guides by a table, and name what guides lack."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.queries import get_user
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant, public_sites
from govplatform.verbs import EXIT_FAULTS, VerbCommand
from sites.service_guides.actions import column_of_services, import_services
from sites.service_guides.queries import judge_services


class Command(VerbCommand):
    help = "Bring in guides to services out of a table, or name what the guides of sites lack."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("import", "check"), help="import or check")
        parser.add_argument("file", nargs="?", metavar="FILE", help="import: a table (CSV or XLSX)")
        parser.add_argument("--site", metavar="CODE", help="import: into this site; check: this site alone")
        parser.add_argument("--column", default="", metavar="SLUG", help="import: else the first one of services")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        return self._check(options) if options["act"] == "check" else self._import(options)

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("failed") or result.get("faults") else 0

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["file"] or not options["site"] or not options["acting"]:
            raise CommandError(_("导入需要表格、--site 和 --as。"))
        with schema_context("public"):
            user, site = get_user(options["acting"]), get_tenant(options["site"])
        path = Path(options["file"])
        with tenant_context(site):
            column = column_of_services(options["column"])
            brought = import_services(path, path.name, column=column, acting_user=user, progress=self.progress)
        items = [
            {"line": line, "page": page.pk, "title": page.title, "policies": page.named_on()}
            for line, page in brought.items
        ]
        unlinked = [{"line": line, "title": title, "numbers": numbers} for line, title, numbers in brought.unlinked]
        failed = [{"line": line, "title": title, "reasons": reasons} for line, title, reasons in brought.failed]
        return {"items": items, "failed": failed, "unlinked": unlinked, "notes": list(brought.notes)}

    def _check(self, options: dict[str, Any]) -> dict[str, Any]:
        with schema_context("public"):
            sites = (
                [get_tenant(options["site"])]
                if options["site"]
                else list(public_sites().exclude(status=Tenant.Status.RETIRED))
            )
        checked, faults = 0, []
        for site in sites:
            with tenant_context(site):
                for one in judge_services():
                    checked += 1
                    if not one.complete:
                        faults.append(
                            {
                                "site": site.code,
                                "page": one.page.pk,
                                "title": one.page.title,
                                "column": one.column,
                                "guide": one.is_guide,
                                "missing": list(one.gaps),
                            }
                        )
        return {"ok": not faults, "checked": checked, "faults": faults}
