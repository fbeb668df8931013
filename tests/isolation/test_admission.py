"""Which addresses of the console a role may use at all: the sheet, and that nothing goes past it."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django_tenants.utils import tenant_context
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.accounts.roles import ROLES
from govplatform.accounts.screens.screen import is_screen
from govplatform.console.admission import answer_to_the_uninvited, open_names, roles_by_name
from govplatform.tenancy.queries import get_tenant
from sites.home.models import HomePage
from tests.conftest import console_client

from .addresses import console_addresses, patterns

HOLDERS = {
    "editor": ("alpha_editor", "alpha"), "content-reviewer": ("alpha_content", "alpha"),
    "confidentiality-reviewer": ("alpha_secret", "alpha"), "site-admin": ("alpha_admin", "alpha"),
    "auditor": ("alpha_auditor", "alpha"), "clerk": ("alpha_clerk", "alpha"), "operator": ("operator", "console"),
    "supervisor": ("supervisor", "console"),
}  # fmt: skip
#: Who works in a site's console and reads no drafts.
READS_NO_DRAFTS = ("site-admin", "auditor", "clerk")
CLOSED = (403, 404)


def names() -> set[str]:
    return {name for _pattern, name in patterns(get_resolver(django_settings.CONSOLE_URLCONF)) if name}


def test_the_sheet_names_addresses_that_there_are_and_roles_that_there_are():
    assert set(roles_by_name()) | open_names() <= names()
    assert {role for roles in roles_by_name().values() for role in roles} == set(ROLES)


def test_the_sheet_says_of_our_own_screens_what_they_say_themselves(both):
    differ = {}
    for address in console_addresses(both["alpha"].values[0]):
        view = resolve(address.path, django_settings.CONSOLE_URLCONF).func
        if is_screen(view) and address.name in roles_by_name():
            screen: Any = getattr(view, "opened_like", None) or view.view_class  # type: ignore[attr-defined]
            if screen.opening_roles() != roles_by_name()[address.name]:
                differ[address.name] = sorted(screen.opening_roles() ^ roles_by_name()[address.name])
    assert differ == {}


def test_every_screen_of_ours_is_on_the_sheet(both):
    left = set()
    for address in console_addresses(both["alpha"].values[0]):
        if is_screen(resolve(address.path, django_settings.CONSOLE_URLCONF).func):
            left |= {address.name} - set(roles_by_name())
    assert left == set()


@pytest.mark.parametrize("role", HOLDERS)
def test_every_address_with_every_form_of_ids_is_closed_to_who_is_not_on_the_sheet(both, rf, role):
    username, site = HOLDERS[role]
    tenant, user, wrong, asked = get_tenant(site), User.objects.get(username=username), [], 0
    for values in both["alpha"].values:
        for address in console_addresses(values):
            try:
                match = resolve(address.path, django_settings.CONSOLE_URLCONF)
            except Resolver404:
                continue
            if role in roles_by_name().get(match.view_name, ()) or match.view_name in open_names():
                continue
            request = rf.get(address.path)
            request.user, request.resolver_match = user, match
            with tenant_context(tenant):
                asked += 1
                if answer_to_the_uninvited(request, match) is None:
                    wrong.append(address.path)
    assert asked > 300
    assert wrong == []


@pytest.mark.parametrize("role", HOLDERS)
def test_the_door_stands_before_the_views(both, role):
    """One address of each package, asked for as a browser does."""
    client = console_client(*HOLDERS[role])
    for path, name in (
        ("/admin/images/", "wagtailimages:index"), ("/admin/users/", "wagtailusers_users:index"),
        ("/admin/audit/", "audit_timeline"), ("/admin/fleet/", "lifecycle_sites"), ("/admin/test404/", ""),
        ("/admin/api/main/documents/", "wagtailadmin_api:documents:listing"), ("/admin/reposts/", "reposts_choose"),
    ):  # fmt: skip
        status = client.get(path).status_code
        opens = role in roles_by_name().get(name, ())
        assert status == 200 if opens else status in CLOSED, (path, status)


@pytest.mark.parametrize("path", ["/admin/new/", "/admin/new-screen/", "/admin/nameless/", "/elsewhere/"])
def test_a_new_address_is_closed_until_somebody_names_whose_it_is(db, settings, path):
    clients = {role: console_client(*who) for role, who in HOLDERS.items()}
    settings.CONSOLE_URLCONF = "tests.isolation.urls_with_more"
    for role, client in clients.items():
        response = client.get(path)
        assert (response.status_code, b"a-screen-that-is-new" in response.content) == (404, False), role
    anonymous = Client(HTTP_HOST="alpha.console.localhost").get(path)
    assert anonymous.status_code == 302 and anonymous["Location"].startswith("/admin/login/")


# --- what lies behind what they may open -------------------------------------------------------


def every_id(site: Any) -> dict[str, list[int]]:
    with tenant_context(site):
        return {
            "page": list(Page.objects.values_list("pk", flat=True)),
            "image": list(get_image_model().objects.values_list("pk", flat=True)),
            "document": list(get_document_model().objects.values_list("pk", flat=True)),
        }


def queries(ids: dict[str, list[int]], drafts: list[int], columns: set[int]) -> list[str]:
    """Every way in which a query names things: together, one by one, all there are, what is below something."""
    lists = [urlencode([("id", pk) for pk in numbers]) for numbers in ids.values()]
    singles = [urlencode({"id": pk, "parent_page_id": pk, "childOf": pk}) for pk in drafts]
    below = [urlencode({"id": "all", "childOf": pk}) for pk in columns]
    return ["", *lists, *singles, *below, "id=all", "q=哨兵", "fields=*", "search=哨兵"]


BULK = re.compile(r"/admin/bulk/")


def bulk_paths() -> list[str]:
    bulk_action_registry.get_bulk_actions_for_model("wagtailcore", "page")
    return [
        f"/admin/bulk/{app}/{model}/{action}/"
        for app, models in bulk_action_registry.actions.items()
        for model, actions in models.items()
        for action in actions
    ]


@pytest.mark.parametrize("role", READS_NO_DRAFTS)
def test_choosers_bulk_forms_and_the_api_say_nothing_of_drafts_and_files(both, role):
    alpha = both["alpha"]
    client = console_client(*HOLDERS[role])
    client.raise_request_exception = False
    drafts = [values["page_id"] for values in alpha.values]
    columns = {values["parent_page_id"] for values in alpha.values}
    forms_of_ids = queries(every_id(alpha.tenant), drafts, columns)
    paths = {
        address.path: address.name
        for values in alpha.values
        for address in console_addresses(values)
        if re.search(r"api|choose|bulk|explore|search|autocomplete", address.name) and not BULK.match(address.path)
    }
    asked: list[tuple[str, str]] = []
    for path, name in paths.items():
        forms = forms_of_ids if role in roles_by_name().get(name, ()) else ["", "id=all"]
        asked += [(path, query) for query in forms]
    asked += [(path, query) for path in bulk_paths() for query in forms_of_ids if query]
    if role == "auditor":
        # Nothing of it is open to them: a look at each is enough.
        asked = list({path: (path, query) for path, query in asked}.values())
    leaks, opened = [], 0
    for path, query in asked:
        response = client.get(f"{path}?{query}")
        opened += response.status_code == 200
        text = response.content.decode(errors="replace")
        leaks += [f"{path}?{query[:60]}: {word}" for word in alpha.secrets if word in text]
    assert leaks == []
    assert (opened > 0) == (role == "site-admin")
    assert len(bulk_paths()) > 8


def test_a_site_administrator_s_columns_are_moved_in_bulk_and_a_draft_among_them_closes_the_form(both):
    alpha = both["alpha"]
    client = console_client("alpha_admin", "alpha")
    with tenant_context(alpha.tenant):
        columns = list(Page.objects.filter(slug__in=("news", "notices")).values_list("pk", flat=True))
    draft = alpha.values[0]["page_id"]
    path = "/admin/bulk/wagtailcore/page/move/"
    assert client.get(f"{path}?{urlencode([('id', pk) for pk in columns])}").status_code == 200
    assert client.get(f"{path}?{urlencode([('id', pk) for pk in (*columns, draft)])}").status_code == 404


def written_otherwise(number: int) -> list[str]:
    """What Python reads as ``number`` besides its plain digits."""
    digits = str(number)
    wide, arabic = ("".join(chr(ord(zero) + int(digit)) for digit in digits) for zero in ("０", "٠"))
    forms = [f"+{digits}", f" {digits}", f"{digits}\n", f"0_{digits}", wide, arabic, "0" * 20 + digits]
    assert all(int(form) == number for form in forms)
    return forms


def test_a_draft_whose_number_is_written_otherwise_closes_the_form_as_well(both):
    alpha = both["alpha"]
    client = console_client("alpha_admin", "alpha")
    with tenant_context(alpha.tenant):
        column = Page.objects.get(slug="news").pk
    for values in alpha.values:
        for form in written_otherwise(values["page_id"]):
            for asked in ([("id", form)], [("id", column), ("id", form)]):
                for action in ("move", "delete", "publish", "unpublish"):
                    answer = client.get(f"/admin/bulk/wagtailcore/page/{action}/?{urlencode(asked)}")
                    text = answer.content.decode()
                    assert answer.status_code == 404, (action, asked)
                    assert [word for word in alpha.secrets if word in text] == []


def test_the_headline_of_the_home_page_names_no_draft(both):
    alpha = both["alpha"]
    client = console_client("alpha_admin", "alpha")
    with tenant_context(alpha.tenant):
        home = HomePage.objects.get()
    for values in alpha.values:
        sent = {"title": "", "slug": home.slug, "headline_page": values["page_id"]}
        for path in (f"/admin/pages/{home.pk}/edit/", f"/admin/pages/{home.pk}/edit/preview/"):
            text = client.post(path, sent).content.decode()
            assert [word for word in alpha.secrets if word in text] == []
    page = client.get(f"/admin/pages/{home.pk}/edit/").content.decode()
    assert 'name="headline_page"' in page and [word for word in alpha.secrets if word in page] == []
