"""The verb ``ledger``: enter what was public before the ledger was kept, export it for nginx, import old addresses."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import schema_context

from govplatform.addresses.actions import enter_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Keep the ledger of public addresses."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        backfill = acts.add_parser("backfill", help="enter what was public before the ledger was kept")
        backfill.add_argument("--site", metavar="CODE", help="one site; without: every site")

    def run(self, **options: Any) -> dict[str, Any]:
        return self._backfill(options["site"])

    def _backfill(self, code: str | None) -> dict[str, Any]:
        with schema_context("public"):
            tenants = [get_tenant(code)] if code else list(Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE))
        entered = 0
        for done, tenant in enumerate(tenants, 1):
            entered += enter_site(tenant)
            self.progress(done, len(tenants), tenant.code)
        return {"sites": len(tenants), "entered": entered}
