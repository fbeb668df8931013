"""The one base of the console's screens: who gets in, what the others are told, the way back, the menu."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.functional import Promise
from django_tenants.utils import tenant_context
from wagtail.admin.menu import admin_menu
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from govplatform.accounts.models import User
from govplatform.accounts.roles import ROLES
from govplatform.accounts.screens.menu import RoleMenuItem
from govplatform.accounts.screens.screen import Admission, Screen

#: One person for each role, and whose console they work in.
HOLDERS = {
    "editor": ("alpha_editor", "alpha"),
    "content-reviewer": ("alpha_content", "alpha"),
    "confidentiality-reviewer": ("alpha_secret", "alpha"),
    "site-admin": ("alpha_admin", "alpha"),
    "auditor": ("alpha_auditor", "alpha"),
    "operator": ("operator", "console"),
    "supervisor": ("supervisor", "console"),
}
#: An address that names something names what is nowhere.
NOWHERE = {
    "int": "999999999",
    "str": "nowhere",
    "slug": "nowhere",
    "path": "nowhere",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def screens(patterns: Any = None, prefix: str = "/") -> Iterator[tuple[str, type[Admission]]]:
    """``(address, class)`` of every screen of ours in the console's addresses."""
    for entry in get_resolver("govplatform.console.urls").url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from screens(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            view = entry.callback
            while not hasattr(view, "view_class") and hasattr(view, "__wrapped__"):
                view = view.__wrapped__
            if issubclass(getattr(view, "view_class", object), Admission):
                yield re.sub(r"<(?:(\w+):)?\w+>", lambda found: NOWHERE[found[1] or "str"], route), view.view_class


def test_every_screen_is_found():
    found = {view for _address, view in screens()}
    assert len(found) > 40
    assert {view.__module__.split(".")[0] for view in found} == {"govplatform", "content_library", "search", "sites"}


def test_a_screen_opens_to_its_roles_and_to_nobody_else(site, rf):
    wrong = []
    for role, (who, code) in HOLDERS.items():
        user = User.objects.get(username=who)
        with tenant_context(site(code)):
            for address, view in screens():
                door = view()
                request = rf.get(address)
                request.user = user
                door.setup(request)
                if door.may_open() and role not in view.opening_roles():
                    wrong.append((role, address))
    assert wrong == []


@pytest.mark.parametrize("role", ["auditor", "operator"])
def test_whoever_lacks_the_role_gets_403_with_the_reason_whatever_the_address_names(console, role):
    who, code = HOLDERS[role]
    client = console(who, code)
    wrong = []
    for address, view in screens():
        if role not in view.opening_roles():
            answer = client.get(address)
            if answer.status_code != 403 or "你在本站没有这样的角色" not in answer.content.decode():
                wrong.append((address, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", HOLDERS)
def test_whoever_has_the_role_meets_neither_403_nor_a_failure_in_their_own_console(console, role):
    who, code = HOLDERS[role]
    client = console(who, code)
    answers = {}
    for address, view in screens():
        if role in view.opening_roles():
            answers[address] = client.get(address).status_code
    assert answers and not [address for address, status in answers.items() if status in (403, 500)]


def test_a_supervisor_finds_nothing_of_the_platforms_own_on_a_sites_console(console, site):
    from govplatform.accounts.actions import grant_role

    grant_role(User.objects.get(username="supervisor"), "auditor", tenant=site("alpha"), acting_user=None)
    client = console("supervisor", "alpha")
    for name in ("lifecycle_sites", "harvesting", "library_statistics", "review_withdraw_at_once"):
        assert client.get(reverse(name)).status_code == 403, name


def test_the_refusal_says_whose_screen_it_is_and_who_can_help(console):
    text = console("alpha_admin", "alpha").get(reverse("review_queue")).content.decode()
    assert str(ROLES["content-reviewer"].label) in text and str(ROLES["confidentiality-reviewer"].label) in text
    assert "站点管理员" in text and "回到工作台" in text


def test_the_menu_leads_to_screens_and_shows_them_to_those_they_open_to(db):
    offered = [item for item in admin_menu.registered_menu_items if isinstance(item, RoleMenuItem)]
    behind = {address.rstrip("$"): view for address, view in screens()}
    assert len(offered) > 15
    assert {item.url: item.roles for item in offered} == {
        item.url: behind[item.url].opening_roles() for item in offered
    }


def test_breadcrumbs_of_one_screen_do_not_stay_with_the_next(console):
    before = list(WagtailAdminTemplateMixin.breadcrumbs_items)
    client = console("operator", "console")
    for address, view in screens():
        if "operator" in view.opening_roles() and issubclass(view, Screen):
            client.get(address)
    assert before == WagtailAdminTemplateMixin.breadcrumbs_items
    assert all(isinstance(item["label"], str | Promise) for item in before)
