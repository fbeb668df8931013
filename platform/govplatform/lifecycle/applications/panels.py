"""On the start page: applications whose clocks run, for those who decide them and for the site they are of."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import SITE_ADMIN, SUPERVISOR
from govplatform.tenancy.current import current_tenant

from ..models import SiteApplication
from ..states.actions import retirement_of
from .queries import applications_of, open_applications
from .showing import rows_of

_SHOWN = 10


def concerned_with_applications(user: Any) -> bool:
    """Whether the person decides applications, or looks after the site that they are of."""
    roles = current_roles(user)
    return SUPERVISOR.code in roles if current_tenant().is_console else SITE_ADMIN.code in roles


class ApplicationsPanel(Component):
    """网站事项: what waits for a decision, the nearest limit first; on a site, what runs of its own."""

    name = "site-applications"
    order = 95
    template_name = "lifecycle/panels/applications.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant, now = current_tenant(), timezone.now()
        if tenant.is_console:
            found = list(open_applications()[:_SHOWN])
        else:
            found = list(open_applications().filter(tenant=tenant)[:_SHOWN])
            under_way = {"carried_out_at": None, "state": SiteApplication.State.APPROVED}
            found += list(applications_of(tenant).filter(**under_way)[:_SHOWN])
            running = {"kind": SiteApplication.Kind.OFFLINE, "carried_out_at__isnull": False, "ended_at": None}
            found += [one for one in applications_of(tenant).filter(**running)[:_SHOWN] if not one.is_open]
            if (retirement := retirement_of(tenant)) is not None:
                found.append(retirement)
        return {"rows": rows_of(found, now), "console": tenant.is_console}
