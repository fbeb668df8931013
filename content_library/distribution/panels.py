"""What reviewers and administrators of a site see first: duties that are open, and reminders."""

from typing import Any

from wagtail.admin.ui.components import Component

from govplatform.tenancy.current import current_tenant

from .queries import open_duties

_ROWS = 15


class DutiesPanel(Component):
    """Nothing when nothing is to be done."""

    name = "push-duties"
    order = 95
    template_name = "pushes/duties_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant = current_tenant()
        duties = [] if tenant.is_console else open_duties(tenant)
        return {
            "duties": duties[:_ROWS],
            "total": len(duties),
            "late": sum(duty.late for duty in duties),
            "request": parent_context["request"],
        }
