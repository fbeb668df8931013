"""Live text in a real browser: typed and cleared by keyboard at the desk, read on the page without loading it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from govplatform.review.queries import site_path
from govplatform.tenancy.queries import get_tenant
from sites.interviews.entries import clear_version, withdraw_entry
from sites.interviews.models import Entry
from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.entering import enter
from tests.factories import user
from tests.interviews.conftest import an_open_interview

pytestmark = pytest.mark.browser


@pytest.fixture
def inside(served: Any, django_db_blocker: Any) -> Any:
    """Work on alpha in the database that the server reads."""
    from django.conf import settings

    @contextmanager
    def working() -> Iterator[None]:
        shared = settings.DATABASES["default"]["NAME"]
        with django_db_blocker.unblock():
            database.use_database(served.database)
            try:
                with tenant_context(get_tenant("alpha")):
                    yield
            finally:
                database.use_database(shared)

    return working


def test_it_is_typed_by_keyboard_and_read_without_loading_the_page_again(served, window, inside):
    with inside():
        talk = an_open_interview(slug="browser-talk")
        number, path = talk.pk, site_path(talk)
    reader = window(width=360)
    watched = reader.page
    watched.goto(served.address(path))
    expect(watched.locator(".live-status")).to_contain_text("自动查看")
    desk = window()
    enter(desk.page, served, "alpha_editor")
    desk.page.goto(served.address(f"/admin/interviews/{number}/", "alpha.console.localhost"))
    desk.page.get_by_label("文字（Ctrl+Enter 保存）").fill("各位网友上午好。")
    desk.page.keyboard.press("Alt+2")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#entry-1")).to_contain_text("等待内容审核放行")
    expect(desk.page.get_by_label("文字（Ctrl+Enter 保存）")).to_have_value("")
    assert accessibility_faults(desk.page) == []
    with inside():
        clear_version(Entry.objects.get(page_id=number), 1, acting_user=user("alpha_content"))
    expect(desk.page.locator("#entry-1")).to_contain_text("已公开", timeout=10_000)
    expect(watched.locator("#said-1")).to_contain_text("黎江澄", timeout=15_000)
    expect(watched.locator("#said-1")).to_contain_text("各位网友上午好。")
    assert accessibility_faults(watched) == []
    watched.get_by_role("button", name="暂停更新").click()
    expect(watched.locator(".live-status")).to_have_text("已暂停自动更新")
    with inside():
        withdraw_entry(Entry.objects.get(page_id=number), acting_user=user("alpha_content"), reason="口误")
    watched.get_by_role("button", name="继续更新").click()
    expect(watched.locator("#said-1")).to_contain_text("这一条已撤回", timeout=15_000)
    expect(watched.locator("#said-1")).not_to_contain_text("各位网友")
    assert reader.complaints == [] and desk.complaints == []
