"""Panels on the start page of a site's reviewers and administrators: open duties, standing clearances."""

from typing import Any

from wagtail.admin.ui.components import Component

from govplatform.tenancy.current import current_tenant

from .permissions import reasons_against_standing_approval
from .queries import duties, duty_counts, open_duties
from .reach import standing_to_approve, standing_to_renew

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


class StandingPanel(Component):
    """Standing clearances that wait for this person's approval, and those whose end is near; empty without any."""

    name = "standing-decisions"
    order = 104
    template_name = "pushes/standing_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant, user = current_tenant(), parent_context["request"].user
        return {
            "waiting": [] if reasons_against_standing_approval(user, tenant) else standing_to_approve(tenant, user),
            "ending": standing_to_renew(tenant),
            "request": parent_context["request"],
        }
