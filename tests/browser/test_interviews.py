"""Live text in a real browser: typed and cleared by keyboard at the desk, read on the page without loading it again."""

import threading
from collections.abc import Callable
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
def inside(served: Any, django_db_blocker: Any) -> Callable[[Callable[[], Any]], Any]:
    """``inside(work)``: what ``work`` returns on alpha, in the database that the server reads.

    In a thread: the one of the browser has a loop running, in which Django asks no database.
    """
    from django.conf import settings

    def inside(work: Callable[[], Any]) -> Any:
        shared, got = settings.DATABASES["default"]["NAME"], []

        def run() -> None:
            database.use_database(served.database)
            try:
                with tenant_context(get_tenant("alpha")):
                    got.append(work())
            finally:
                database.use_database(shared)

        with django_db_blocker.unblock():
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        assert got, "the work failed"
        return got[0]

    return inside


def opened() -> tuple[int, str]:
    talk = an_open_interview(slug="browser-talk")
    return talk.pk, site_path(talk)


def clear(number: int) -> Any:
    return clear_version(Entry.objects.get(page_id=number), 1, acting_user=user("alpha_content"))


def withdraw(number: int) -> Any:
    return withdraw_entry(Entry.objects.get(page_id=number), acting_user=user("alpha_content"), reason="口误")


def test_it_is_typed_by_keyboard_and_read_without_loading_the_page_again(served, window, inside):
    number, path = inside(opened)
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
    inside(lambda: clear(number))
    expect(desk.page.locator("#entry-1")).to_contain_text("已公开", timeout=10_000)
    expect(watched.locator("#said-1")).to_contain_text("黎江澄", timeout=15_000)
    expect(watched.locator("#said-1")).to_contain_text("各位网友上午好。")
    assert accessibility_faults(watched) == []
    watched.get_by_role("button", name="暂停更新").click()
    expect(watched.locator(".live-status")).to_have_text("已暂停自动更新")
    inside(lambda: withdraw(number))
    watched.get_by_role("button", name="继续更新").click()
    expect(watched.locator("#said-1")).to_contain_text("这一条已撤回", timeout=15_000)
    expect(watched.locator("#said-1")).not_to_contain_text("各位网友")
    assert reader.complaints == [] and desk.complaints == []
