"""Every screen of the console in a real browser, once: its words, its contrast in both looks, its labels, its width.

One walk for all of it, because the opening of a screen is what takes the time. What differs only by role and not by
script is read as the server writes it, in tests/console/test_every_screen_in_words.py.
"""

from typing import Any

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import Error

from sites.console_addresses import ROLES_BY_NAME
from tests import database
from tests.browser.accessibility import contrast_faults, labelling_faults
from tests.browser.entering import enter
from tests.browser.test_review_screen import submitted
from tests.browser.test_whole_way import scan
from tests.cases.planted import console_places
from tests.console.latin import latin_words, machine_words
from tests.console.test_every_screen_in_words import OF_THE_TESTS, PASSED_OVER, PEOPLE, screens
from tests.isolation.conftest import plant

pytestmark = pytest.mark.browser

#: Each role meets its own start page and does something else with a case; every other screen is looked at by the first
#: role that has it.
_FOR_EACH = {"wagtailadmin_home", "case"}
#: What is the public page has tests of its own.
_NO_SCREEN = PASSED_OVER.keys() - {"second_factor_setup"}

_TEXTS = """
() => {
  const parts = [], codes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const [text, holder] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
    if (!text || !holder || holder.closest("script, style, template, noscript, textarea, kbd, iframe")) continue;
    // What a document under review says is its author's.
    if (holder.closest(".file__text, .page-parts")) continue;
    if (!holder.checkVisibility()) continue;
    (holder.closest("code") ? codes : parts).push(text);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const one of document.body.querySelectorAll(`[${name}]`)) {
      if (one.checkVisibility()) parts.push(one.getAttribute(name));
    }
  }
  return { parts, codes };
}
"""


@pytest.fixture(scope="module")
def planted(served: Any, django_db_blocker: Any) -> Any:
    """One site with something of everything, and a page under review with findings."""
    from django.conf import settings

    from govplatform.tenancy.queries import get_tenant

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            with tenant_context(get_tenant("alpha")):
                waiting, places = submitted(), console_places()
            values = plant(get_tenant("alpha")).values
        finally:
            database.use_database(shared)
    scan(served, waiting)
    return {"values": values, "places": places, "waiting": waiting}


def _of_role(planted: Any, role: str, done: set[str]) -> list[tuple[str, list[str]]]:
    """(name, its paths) of what ``role`` is the first to have."""
    found: dict[str, list[str]] = {}
    for name, path in screens((planted["values"], planted["places"]), role):
        if name not in _NO_SCREEN and (name in _FOR_EACH or name not in done):
            found.setdefault(name, []).append(path)
    if role == "content-reviewer":
        found["review_page"] = [planted["waiting"]]
    return list(found.items())


def _earlier(role: str) -> set[str]:
    """What an earlier role of the walk has already shown."""
    before = []
    for _who, _where, other in PEOPLE:
        if other == role:
            break
        before.append(other)
    # The screen of a review belongs to its reviewer, whoever else may open it.
    return {name for name, roles in ROLES_BY_NAME.items() if roles & set(before) and name != "review_page"}


@pytest.mark.parametrize(("who", "where", "role"), PEOPLE, ids=[role for _who, _where, role in PEOPLE])
def test_each_screen_is_chinese_legible_labelled_and_fits(planted, served, window, who, where, role):
    page = window().page
    host = f"{where}.console.localhost"
    enter(page, served, who, host)
    page.goto(served.address("/admin/", host))
    wrong: dict[str, Any] = {}
    #: One of each shows how the screen is built, but what was planted for the walk differs each time.
    each = {path for _name, path in planted["places"]}
    for _name, paths in _of_role(planted, role, _earlier(role)):
        shown = False
        for path in paths:
            if (path in each or not shown) and _opens(page, served.address(path, host)):
                shown = True
                if faults := _faults(page):
                    wrong[path] = faults
    assert not wrong, "\n".join(f"{path}: {fault}" for path, faults in wrong.items() for fault in faults)


def _opens(page: Any, address: str) -> bool:
    """Whether a whole page is answered: no file, no piece that a script puts into another page, no refusal."""
    try:
        answer = page.goto(address)
    except Error:
        # A file is no page to go to: the browser keeps it.
        return False
    is_page = "text/html" in answer.headers.get("content-type", "")
    return bool(answer.status == 200 and is_page and page.title())


def _faults(page: Any) -> list[str]:
    said = page.evaluate(_TEXTS)
    parts = [OF_THE_TESTS.sub(" ", part) for part in said["parts"]]
    found = [f"word: {word}" for word in latin_words(parts) + machine_words([*parts, *said["codes"]])]
    found += labelling_faults(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in contrast_faults(page)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 780})
    if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        found.append(f"{over} px wider than a phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
