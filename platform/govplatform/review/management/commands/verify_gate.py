"""Is everything that is public what was cleared? Exit 1 names what is not."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import all_tenants, get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Recompute the digest of every live page and compare it with its clearance."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["site"]:
            tenants = [get_tenant(options["site"])]
        else:
            tenants = [t for t in all_tenants() if t.kind != Tenant.Kind.CONSOLE]
        checked, faults = 0, []
        for number, tenant in enumerate(tenants, 1):
            with tenant_context(tenant):
                count, found = find_gate_faults()
            checked += count
            faults += [{"site": tenant.code, **fault} for fault in found]
            self.progress(number, len(tenants), tenant.code)
        return {"ok": not faults, "checked": checked, "faults": faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
