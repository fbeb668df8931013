"""The verb ``list_sites``: every site of the installation."""

from typing import Any

from govplatform.tenancy.queries import all_tenants, describe_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the sites."

    def run(self, **options: Any) -> dict[str, Any]:
        return {"sites": [describe_tenant(tenant) for tenant in all_tenants()]}

    def describe(self, result: dict[str, Any]) -> str:
        return "\n".join(
            f"{site['code']:<16} {site['name']}  {site['host'] or '—'}  {site['console_host']}  {site['status']}"
            for site in result["sites"]
        )
