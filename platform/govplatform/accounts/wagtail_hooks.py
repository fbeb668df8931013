"""People on the start page of those who manage them."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from .models import Membership, User
from .permissions import has_role
from .roles import ROLES, SITE_ADMIN
from .screens.menu import RoleMenuItem, item_for
from .views.people import PeopleView
from .views.second_factor import SecondFactorResetsView


class PeoplePanel(Component):
    """How many hold each role; a role that nobody holds stops the work."""

    name = "people"
    order = 100
    template_name = "accounts/panels/people.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        tenant = parent_context["request"].tenant
        held = Membership.objects.filter(tenant=tenant, user__is_active=True)
        counts = dict(held.values_list("role").annotate(Count("user")))
        roles = [r for r in ROLES.values() if not r.console_only]
        return {"counts": [{"label": r.label, "count": counts.get(r.code, 0)} for r in roles]}


@hooks.register("construct_homepage_panels")
def people_panel(request: HttpRequest, panels: list[Component]) -> None:
    user, tenant = request.user, request.tenant  # type: ignore[attr-defined]
    if isinstance(user, User) and not tenant.is_console and has_role(user, SITE_ADMIN.code, tenant):
        panels.append(PeoplePanel())


@hooks.register("register_admin_menu_item")
def people_item() -> RoleMenuItem:
    return item_for(PeopleView, "people", name="people", order=140)


@hooks.register("register_admin_menu_item")
def resets_item() -> RoleMenuItem:
    return item_for(SecondFactorResetsView, "second_factor_resets", name="second-factor-resets", order=145)
