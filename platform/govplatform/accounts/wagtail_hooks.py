"""People on the start page of those who manage them; offered roles on everybody's whom they concern."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.tenancy.current import current_tenant

from .credentials.resets import resets_to_decide
from .models import Membership, User
from .offers.rules import offers_to, offers_to_confirm
from .permissions import has_role
from .roles import ROLES, SITE_ADMIN
from .screens.menu import RoleMenuItem, item_for
from .views.offers import OffersToConfirmView
from .views.people import PeopleView
from .views.resets import ResetsView


class OffersPanel(Component):
    """Roles that were offered to the reader; roles and resets that wait for the reader as the second person."""

    name = "offers"
    order = 40
    template_name = "accounts/panels/offers.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            "own": offers_to(request.user).filter(accepted_at=None).count(),
            "to_confirm": offers_to_confirm(request.user, at=request.tenant).count(),
            "resets": resets_to_decide(request.user).count() if request.tenant.is_console else 0,
        }


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


class _OffersItem(RoleMenuItem):
    """In the console, and for administrators of a site that has sites below it."""

    def is_shown(self, request: HttpRequest) -> bool:
        tenant = current_tenant()
        return super().is_shown(request) and (tenant.is_console or tenant.children.exists())


@hooks.register("construct_homepage_panels")
def people_panel(request: HttpRequest, panels: list[Component]) -> None:
    user, tenant = request.user, request.tenant  # type: ignore[attr-defined]
    if isinstance(user, User) and not tenant.is_console and has_role(user, SITE_ADMIN.code, tenant):
        panels.append(PeoplePanel())


@hooks.register("construct_homepage_panels")
def offers_panel(request: HttpRequest, panels: list[Component]) -> None:
    if isinstance(request.user, User):
        panels.append(OffersPanel())


@hooks.register("register_admin_menu_item")
def people_item() -> RoleMenuItem:
    return item_for(PeopleView, "people", name="people", order=140)


@hooks.register("register_admin_menu_item")
def resets_item() -> RoleMenuItem:
    return item_for(ResetsView, "account_resets", name="account-resets", order=145)


@hooks.register("register_admin_menu_item")
def offers_item() -> RoleMenuItem:
    return _OffersItem(
        OffersToConfirmView.page_title,
        reverse("offers_to_confirm"),
        roles=OffersToConfirmView.opening_roles(),
        name="offers-to-confirm",
        icon_name=OffersToConfirmView.header_icon,
        order=146,
    )
