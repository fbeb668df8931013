"""Saving and handing in: a draft is kept whatever it lacks, and what it lacks is listed with the way there."""

from typing import Any

import pytest

from tests.browser.conftest import eventually
from tests.browser.test_whole_way import CONSOLE
from tests.browser.writing import TEXT_AREA, body_of, notice, open_new_draft, paste_picture
from tests.writing import fragments

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(window: Any, served: Any) -> Any:
    page = window(1280, 900).page
    open_new_draft(page, served)
    return page


def test_both_buttons_are_in_sight_and_the_source_is_filled_in(draft: Any) -> None:
    assert draft.get_by_role("button", name="保存草稿").is_visible()
    assert draft.get_by_role("button", name="送审", exact=True).is_visible()
    assert draft.locator("#id_source").input_value()


def test_a_picture_without_alternative_text_is_saved_and_not_handed_in(draft: Any) -> None:
    draft.locator("#id_title").fill("没有替代文字的图片")
    paste_picture(draft, fragments.GREEN)
    notice(draft)
    draft.get_by_role("tab", name="信息项").click()
    draft.locator("#id_source").fill("")
    draft.get_by_role("button", name="送审", exact=True).click()
    # The draft may have had this address before.
    draft.locator(".messages li").first.wait_for()
    told = draft.locator(".messages").inner_text()
    assert "已保存为草稿，但还不能送审" in told
    assert "替代文字" in told and "“来源”不能为空" in told
    assert "image" in [kind for kind, _value in body_of(draft)]
    draft.locator(".messages li", has_text="“来源”不能为空").get_by_role("link", name="去填写").click()
    eventually(draft, "document.activeElement.id === 'id_source'")
    assert draft.locator("#id_source").is_visible()
    draft.locator(".messages li", has_text="替代文字").get_by_role("link", name="去填写").click()
    eventually(draft, "Boolean(document.activeElement.closest('[data-contentpath]'))")


def test_a_draft_without_a_title_is_kept_and_asked_for_one(draft: Any) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("先写正文")
    draft.wait_for_timeout(500)
    draft.get_by_role("button", name="送审", exact=True).click()
    # The draft may have had this address before.
    draft.locator(".messages li").first.wait_for()
    assert "请填写标题" in draft.locator(".messages").inner_text()
    assert body_of(draft) == [["rich_text", [["unstyled", "先写正文"]]]]


def test_going_back_finds_the_draft_as_it_was_saved(draft: Any, served: Any) -> None:
    draft.locator("#id_title").fill("回退以后还在")
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type("写好的一段文字")
    draft.wait_for_timeout(500)
    draft.get_by_role("button", name="保存草稿").click()
    draft.wait_for_url("**/edit/**")
    draft.goto(served.address("/admin/", CONSOLE))
    draft.go_back()
    draft.locator(TEXT_AREA).first.wait_for()
    assert body_of(draft) == [["rich_text", [["unstyled", "写好的一段文字"]]]]
