"""The verb ``verify_gate``: check that everything public is what was cleared. Exit 1 names what is not."""

from itertools import count
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.review.frame.queries import find_frame_faults, find_shared_faults
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import all_tenants, get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Recompute the digests of every live page and of the frame's words and compare them with what was cleared."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["site"]:
            tenants = [get_tenant(options["site"])]
        else:
            tenants = [t for t in all_tenants() if t.kind != Tenant.Kind.CONSOLE]
        seen = count(1)

        def check(site: SiteRun) -> tuple[int, list[dict[str, Any]]]:
            checked, faults = find_gate_faults()
            self.progress(next(seen), len(tenants), site.tenant.code)
            return checked, [*faults, *find_frame_faults(site.tenant)]

        report = each_site(check, job="verify_gate", tenants=tenants, again=False)
        faults = [{"site": tenant.code, **fault} for tenant, (_pages, found) in report.done for fault in found]
        faults += [
            {
                "site": failure.tenant.code,
                "page": None,
                "title": "",
                "problem": _("站点未能核查：%(error)s") % {"error": failure.error},
            }
            for failure in report.failed
        ]
        if not options["site"] or any(tenant.is_console for tenant in tenants):
            faults += [{"site": None, **fault} for fault in find_shared_faults()]
        return {"ok": not faults, "checked": sum(pages for _tenant, (pages, _found) in report.done), "faults": faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
