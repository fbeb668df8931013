"""The panel on the start page of a site's reviewers and administrators: open duties, and reminders."""

from typing import Any

from wagtail.admin.ui.components import Component

from govplatform.tenancy.current import current_tenant

from .queries import duties, duty_counts, open_duties

_ROWS = 15


class DutiesPanel(Component):
    """A site's open duties, the first due first; empty in the supervisor's console."""

    name = "push-duties"
    order = 95
    template_name = "pushes/duties_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant = current_tenant()
        if tenant.is_console:
            return {"duties": []}
        waiting = open_duties(tenant)
        return {"duties": duties(waiting[:_ROWS]), **duty_counts(waiting), "request": parent_context["request"]}
