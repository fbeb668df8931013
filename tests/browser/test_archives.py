"""The reader of archives and the operators' screens in a real browser: accessible, closed, no wider than a phone."""

import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from govplatform.archive.actions import export_archive
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.queries import get_tenant
from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.test_public_pages import WIDER_THAN_WINDOW
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser

HOST = "archive.localhost"


@pytest.fixture(scope="module")
def archived(served: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The number of an archive of alpha in the database of the server."""
    from django.conf import settings

    from govplatform.archive.models import Archive

    shared = settings.DATABASES["default"]["NAME"]
    folder = tmp_path_factory.mktemp("archives") / "alpha"
    named = override_settings(PUBLIC_PORT=str(served.port), WHITENOISE_USE_FINDERS=True)
    with django_db_blocker.unblock(), named:
        database.use_database(served.database)
        forget_hosts()
        try:
            export_archive(get_tenant("alpha"), folder)
            number = Archive.objects.get().pk
        finally:
            database.use_database(shared)
            forget_hosts()
    yield number
    shutil.rmtree(folder)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_reader_is_accessible_and_closed(served: Any, archived: int, window: Any, width: int):
    opened = window(width=width)
    page = opened.page
    article = served.paths["article"]
    kinds = {
        "archives": "/",
        "overview": f"/{archived}/",
        "column": f"/{archived}/column/?path=%2Fnews%2F",
        "search": f"/{archived}/search/?q=%E5%B0%B1%E4%B8%9A",
        "elsewhere": f"/{archived}/elsewhere/?address=http%3A%2F%2Fexample.com%2F",
        "home": f"/{archived}/at/",
        "article": f"/{archived}/at{article}",
        "policy": f"/{archived}/at{served.paths['policy']}",
    }
    for kind, path in kinds.items():
        opened.complaints.clear()
        opened.requests.clear()
        page.goto(served.address(path, HOST), wait_until="load")
        assert not opened.complaints, f"{kind}: {opened.complaints}"
        assert {urlsplit(address).hostname for address in opened.requests} == {HOST}, kind
        beyond = [one for one in opened.requests if urlsplit(one).path.startswith(f"/{archived}/at/")]
        assert kind not in ("home", "article") or len(beyond) > 2
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{kind} scrolls sideways"
        assert accessibility_faults(page) == [], kind
    assert page.context.cookies() == []


def test_from_the_tree_to_a_page_and_its_pictures(served: Any, archived: int, window: Any):
    page = window().page
    page.goto(served.address("/", HOST))
    page.get_by_role("link", name="云江省澄州市人民政府").click()
    page.get_by_role("link", name="工作动态").click()
    page.get_by_role("link", name="全市稳就业保民生").first.click()
    assert page.get_by_role("region", name="归档说明").get_by_text("已归档，不再更新").is_visible()
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.images.length") >= 4
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0
    assert page.evaluate("[...document.styleSheets].length") >= 2


@pytest.mark.parametrize("width", [1280, 360])
def test_the_operators_screens(served: Any, archived: int, window: Any, width: int):
    opened = window(width=width)
    page = opened.page
    page.goto(served.address("/admin/login/", "console.console.localhost"))
    page.fill("[name=username]", "operator")
    page.fill("[name=password]", PASSWORD)
    page.locator("button[type=submit]").first.click()
    page.wait_for_load_state("load")
    for path in ("/admin/archives/", f"/admin/archives/{archived}/"):
        page.goto(served.address(path, "console.console.localhost"))
        assert not page.evaluate(WIDER_THAN_WINDOW), f"{path} scrolls sideways"
        assert page.get_by_role("link", name="在阅读器里打开").first.is_visible()
