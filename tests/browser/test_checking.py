"""Check while writing: words are underlined as one types, and the suggestion is taken by mouse or by keys."""

from typing import Any

import pytest
from django_tenants.utils import tenant_context

from tests import database
from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.test_drafts import save
from tests.browser.test_writing import add_table
from tests.browser.writing import TEXT_AREA, body_of, open_new_draft

pytestmark = pytest.mark.browser

TELEPHONE = "13812345678"
BUTTON = ".writing-check__button"
#: The words that are underlined in texts and tables, and in fields.
_UNDERLINED = """() => [
  ...['block', 'warn', 'info', 'style'].flatMap(name => [...(CSS.highlights.get('writing-' + name) || [])].map(String)),
  ...[...document.querySelectorAll('.writing-check-mirror u')].map(mark => mark.textContent)]"""


@pytest.fixture(scope="module")
def word(served: Any, django_db_blocker: Any) -> str:
    """A word of the site's dictionary; the database of the browser tests has it."""
    from django.conf import settings

    from govplatform.dictionaries.actions import add_word
    from govplatform.tenancy.queries import get_tenant
    from tests import factories

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            alpha = get_tenant("alpha")
            told = {"word": "截止目前", "kind": "wrong", "severity": "warn", "suggestion": "截至目前"}
            with tenant_context(alpha):
                add_word(alpha, acting_user=factories.user("alpha_content"), **told)
        finally:
            database.use_database(shared)
    return told["word"]


@pytest.fixture
def draft(word: str, window: Any, served: Any) -> Any:
    made = window(1280, 900)
    open_new_draft(made.page, served)
    made.page.complaints = made.complaints
    return made.page


def underlined(page: Any, *words: str) -> None:
    wanted = sorted(words)
    for _turn in range(150):
        found: list[str] = sorted(page.evaluate(_UNDERLINED))
        if found == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{found} instead of {wanted}")


def test_what_is_wrong_is_underlined_as_one_types_in_every_kind_of_text(draft: Any, word: str) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type(f"电话{TELEPHONE}。")
    underlined(draft, TELEPHONE)
    draft.locator("#id_title").fill(f"{word}的进展")
    draft.locator("#id_summary").fill("请报送,谢谢。")
    rows = add_table(draft)
    rows.nth(0).locator("td").nth(0).dblclick()
    draft.keyboard.type(word)
    draft.keyboard.press("Enter")
    underlined(draft, TELEPHONE, word, word, ",")
    assert draft.locator(BUTTON).inner_text() == "边写边查：4 处"
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.press("Control+Home")
    draft.keyboard.type("咨询")
    underlined(draft, TELEPHONE, word, word, ",")  # it moves along with its words while one types before it
    assert not draft.complaints


def test_one_click_takes_the_suggestion_and_the_editor_takes_it_back(draft: Any, word: str) -> None:
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type(f"{word}，全部办结。")
    underlined(draft, word)
    draft.keyboard.press("Home")
    box = draft.evaluate(
        "(() => { const [range] = CSS.highlights.get('writing-warn'); const box = range.getBoundingClientRect();"
        " return [box.left + box.width / 2, box.top + box.height / 2]; })()"
    )
    draft.mouse.click(*box)
    bubble = draft.locator(".writing-check__bubble")
    bubble.wait_for()
    assert accessibility_faults(draft, ".writing-check__bubble") == []
    bubble.get_by_role("button", name="改为“截至目前”").click()
    assert body_of(draft)[0][1] == [["unstyled", "截至目前，全部办结。"]]
    underlined(draft)
    draft.locator(TEXT_AREA).first.focus()
    draft.keyboard.press("Control+z")
    assert body_of(draft)[0][1] == [["unstyled", f"{word}，全部办结。"]]


def test_the_list_leads_to_each_place_by_keys_alone_and_says_what_it_is(draft: Any, word: str) -> None:
    draft.locator("#id_title").fill(f"{word}办结情况")
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.type(f"电话{TELEPHONE}。")
    underlined(draft, TELEPHONE, word)
    assert draft.locator(".writing-bar [role=status]").inner_text() == "边写边查：2 处"
    draft.locator(BUTTON).focus()
    draft.keyboard.press("Enter")
    panel = draft.get_by_role("region", name="边写边查")
    panel.wait_for()
    assert [
        item.split("\n")[0].startswith(words)
        for item, words in zip(panel.get_by_role("listitem").all_inner_texts(), (word, TELEPHONE), strict=True)
    ] == [True, True]
    assert accessibility_faults(draft, ".writing-check") == []
    draft.keyboard.press("Tab")
    draft.keyboard.press("Enter")
    assert draft.locator("#id_title").input_value() == "截至目前办结情况"
    underlined(draft, TELEPHONE)
    panel.get_by_role("button", name=f"看“{TELEPHONE}”的位置").click()
    eventually(draft, f"getSelection().toString() === '{TELEPHONE}'")
    draft.keyboard.press("Escape")
    panel.get_by_role("button", name="关闭").click()
    draft.locator(TEXT_AREA).first.click()
    draft.keyboard.press("Alt+F7")
    eventually(draft, "document.activeElement.closest('.writing-check__bubble') !== null")
    draft.keyboard.press("Tab")
    draft.keyboard.press("Enter")
    underlined(draft)


def test_it_is_quiet_without_a_server_and_never_stands_in_the_way_of_saving(draft: Any, served: Any) -> None:
    draft.route("**/admin/writing/check/", lambda route: route.abort())
    draft.locator("#id_title").fill("没有人检查的标题")
    draft.locator(TEXT_AREA).first.click()
    with draft.expect_request("**/admin/writing/check/"):
        draft.keyboard.type(f"电话{TELEPHONE}。")
    save(draft)
    assert draft.evaluate(_UNDERLINED) == [] and not draft.locator(BUTTON).is_visible()
    assert body_of(draft)[0][1] == [["unstyled", f"电话{TELEPHONE}。"]]
