"""Screens of a site's end in a real browser: accessible, no wider than a phone; a restoring is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govplatform.lifecycle.ending.actions import dump_site
from govplatform.lifecycle.models import SiteDump
from govplatform.tenancy.queries import get_tenant
from tests import database
from tests.browser.accessibility import come_to_rest
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults

pytestmark = pytest.mark.browser

OPERATOR = "console.console.localhost"


@pytest.fixture(scope="module")
def dumped(served: Any, django_db_blocker: Any) -> Iterator[tuple[int, int, str]]:
    """(number of a finished dump of beta, number of one that runs, name of its file) in the server's database."""
    from django.conf import settings

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            done = dump_site(get_tenant("beta"), acting_user=None)
            running = SiteDump.objects.create(
                kind="drop", state="running", code="alpha", tenant=get_tenant("alpha"),
                step="checking", done=37, total=98,
            )  # fmt: skip
        finally:
            database.use_database(shared)
    yield done.pk, running.pk, done.name
    Path(done.path).unlink()


def test_the_screens_of_a_site_s_end(served: Any, dumped: Any, window: Any):
    done, running, name = dumped
    opened = window()
    page = opened.page
    enter(page, served, "operator", OPERATOR)
    shots = os.environ.get("SHOTS", "")
    addresses = {
        "fleet": "",
        "dumps": "dumps/",
        "done": f"dumps/{done}/",
        "running": f"dumps/{running}/",
        "restore": f"dumps/restore/{name}/",
        "ending": "sites/beta/ending/",
    }
    for what, address in addresses.items():
        page.goto(served.address(f"/admin/fleet/{address}", OPERATOR))
        assert not faults(page), what
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(NARROW), (what, width)
            if shots:
                page.screenshot(path=f"{shots}/dumps-{what}-{width}.png")
        page.set_viewport_size({"width": 1280, "height": 900})
        come_to_rest(page)
    assert "还不能移除" in page.locator("main").inner_text()
    page.goto(served.address(f"/admin/fleet/dumps/restore/{name}/", OPERATOR))
    page.get_by_role("button", name="恢复").click()
    assert "正由" in page.locator("main").inner_text()
    page.get_by_label("站点代码").fill("beside")
    page.get_by_role("button", name="恢复").click()
    page.locator("[data-batch]").wait_for()
    assert "排队中" in page.locator("main").inner_text()
    assert not opened.complaints
