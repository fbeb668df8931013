"""The first page a new user sees: sites, consoles, accounts with their roles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from govplatform.accounts.models import Membership
from govplatform.accounts.roles import ROLES
from govplatform.tenancy.hosts import console_url, public_url
from govplatform.tenancy.queries import all_tenants

from .accounts import DEMO_PASSWORD


def start_page(request: HttpRequest) -> HttpResponse:
    people: dict[str, dict[str, object]] = {}
    for membership in Membership.objects.select_related("user", "tenant").order_by("user__username", "tenant__code"):
        person = people.setdefault(
            membership.user.username,
            {"username": membership.user.username, "name": membership.user.full_name, "roles": []},
        )
        person["roles"].append(  # type: ignore[attr-defined]
            {"site": membership.tenant.short_name, "role": ROLES[membership.role].label}
        )
    sites = [
        {"tenant": tenant, "public": public_url(tenant), "console": console_url(tenant)} for tenant in all_tenants()
    ]
    return render(
        request, "demo/start_page.html", {"sites": sites, "people": list(people.values()), "password": DEMO_PASSWORD}
    )
