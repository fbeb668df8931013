"""The panel of the auditor's start page: the newest entries of the chain, and the way to all of them."""

from typing import Any

from wagtail.admin.ui.components import Component

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.tenancy.current import current_tenant

from .audit_views import entries_by_day

ROWS = 15


class AuditPanel(Component):
    """The newest ROWS entries of the site's chain; in the console tenant, of the platform's."""

    name = "audit"
    order = 100
    template_name = "console/panels/audit.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant = current_tenant()
        chain = PLATFORM_CHAIN if tenant.is_console else str(tenant.schema_name)
        newest = Entry.objects.filter(chain=chain).order_by("-number")[:ROWS]
        return {"days": entries_by_day(list(newest)), "request": parent_context["request"]}
