"""The reviewer's screen in a browser: through the findings to the approval by keyboard, and what it is like to use."""

import re
from types import SimpleNamespace

import pytest
from django_tenants.utils import tenant_context

from tests import database, factories
from tests.browser.accessibility import accessibility_faults
from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.browser.test_whole_way import CONSOLE
from tests.confidentiality.records.records_content import NUMBER, attached, docx_with_comment

pytestmark = pytest.mark.browser

CURRENT = "document.querySelector('[data-item].is-current')"


@pytest.fixture(scope="module")
def waiting(served, django_db_blocker):
    """Two pages that wait: one for the way to the approval, one to look at."""
    from django.conf import settings

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            from govplatform.tenancy.queries import get_tenant

            with tenant_context(get_tenant("alpha")):
                return SimpleNamespace(approved=submitted(), looked_at=submitted(), to_return=marked_secret())
        finally:
            database.use_database(shared)


def submitted():
    """Address of the screen of a page with findings in its text, in a table, and hidden in its attachment."""
    file = factories.document(docx_with_comment(), "岗位信息表.docx", uploader="alpha_editor")
    table = {"caption": "拟聘用人员", "header_row": True, "rows": [["姓名", "证件号码"], ["甲", NUMBER]]}
    text = f"<p>报名时请出示身份证（例如{NUMBER[:6]}<b>{NUMBER[6:]}</b>）。</p><p>联系电话：13812345678。</p>"
    filler = "".join("<p>各有关单位要认真组织报名，按时报送材料，确保公开、公平、公正。</p>" for _ in range(20))
    page = factories.draft_article(
        title="关于公开招聘结果的公示",
        summary="公示期五个工作日。",
        body=[
            {"type": "rich_text", "value": filler + text},
            {"type": "table", "value": table},
            *attached(file)[1:],
        ],
    )
    factories.submit(page)
    return f"/admin/review/{page.pk}/"


@pytest.fixture(scope="module")
def on_two_sites(served, django_db_blocker):
    """Addresses of the screens of a page without findings on alpha and of one on beta."""
    from django.conf import settings

    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            from govplatform.tenancy.queries import get_tenant

            found = {}
            for site in ("alpha", "beta"):
                with tenant_context(get_tenant(site)):
                    page = factories.draft_article(f"{site}_editor", title=f"{site} 的供水安排")
                    factories.submit(page, f"{site}_editor")
                    found[site] = f"/admin/review/{page.pk}/"
            return found
        finally:
            database.use_database(shared)


def test_after_a_decision_the_next_page_opens_though_it_is_on_another_site(waiting, on_two_sites, served, window):
    page = window().page
    enter(page, served, "both_content")
    for site in ("alpha", "beta"):
        # One of the two is followed by a page of the other site, whichever has waited longest.
        page.goto(served.address(on_two_sites[site], f"{site}.console.localhost"))
        for box in page.locator("input[name=checked]").all():
            box.check()
        page.locator("#opinion").fill("同意。")
        with page.expect_navigation():
            page.locator("button[value=approve]").click()
        assert "内容审核通过" in page.locator(".messages").inner_text(), site


def marked_secret():
    """Address of the screen of a page with a mark that no rule masks."""
    page = factories.draft_article(body=[{"type": "rich_text", "value": "<p>机密★10年</p>"}])
    factories.submit(page)
    return f"/admin/review/{page.pk}/"


def press(page, key):
    page.keyboard.press(key)


def in_frame(page, script):
    return page.evaluate(
        f"(() => {{ const shown = document.querySelector('.review__frame').contentDocument; {script} }})()"
    )


def open_count(page):
    return page.locator("[data-item][data-open]").count()


def test_from_finding_to_finding_to_the_approval_by_keyboard(waiting, served, window):
    watched = window()
    page = watched.page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.approved, CONSOLE))
    page.wait_for_load_state()
    watched.complaints.clear()

    press(page, "1")
    assert page.locator("[data-key='1']").is_checked()
    press(page, "j")
    eventually(page, f"{CURRENT} !== null && document.activeElement === {CURRENT}")
    first = page.evaluate(f"{CURRENT}.dataset.item")
    assert in_frame(
        page,
        f"""
        const mark = shown.querySelector('.finding-mark.is-current[data-finding~="{first}"]');
        const box = mark.getBoundingClientRect();
        return box.top >= 0 && box.bottom <= shown.documentElement.clientHeight;
    """,
    ), "the place is in sight in the page"
    press(page, "j")
    press(page, "k")
    assert page.evaluate(f"{CURRENT}.dataset.item") == first

    before = open_count(page)
    press(page, "f")
    eventually(page, f"document.querySelectorAll('[data-item][data-open]').length < {before}")
    assert page.locator("[data-key='1']").is_checked(), "ticks that were not sent yet stay"

    press(page, "i")
    page.keyboard.type("样例号码，不是真人。")
    before = open_count(page)
    press(page, "Enter")
    eventually(page, f"document.querySelectorAll('[data-item][data-open]').length < {before}")
    while before := open_count(page):
        press(page, "f")
        eventually(page, f"document.querySelectorAll('[data-item][data-open]').length < {before}")
    assert "都已处理" in page.locator("#scan").inner_text()
    assert page.locator(".finding__judgement", has_text="样例号码，不是真人。").count() >= 1

    for box in page.locator("[data-key]").all():
        if not box.is_checked():
            press(page, box.get_attribute("data-key"))
    press(page, "o")
    page.keyboard.type("内容准确，同意。")
    press(page, "Escape")
    assert not watched.complaints, "before the next screen opens, whose framed page runs no script"
    press(page, "y")
    with page.expect_navigation():
        press(page, "y")
    assert page.locator(".messages").filter(has_text="通过").count() == 1


def test_place_and_line_lead_to_each_other_with_the_mouse(waiting, served, window):
    page = window().page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.looked_at, CONSOLE))
    page.wait_for_load_state()
    mark = page.frame_locator(".review__frame").locator(".finding-mark[data-severity=block]").first
    number = mark.get_attribute("data-finding").split()[0]
    mark.click()
    eventually(page, f"{CURRENT} !== null && {CURRENT}.dataset.item === '{number}'")
    hidden = page.locator("#files .finding-mark[id]").first
    hidden.click()
    number = hidden.get_attribute("data-finding").split()[0]
    eventually(page, f"{CURRENT}.dataset.item === '{number}'")
    page.locator(f"#item-{number} [data-show]").click()
    assert page.locator(f"#files .finding-mark.is-current[data-finding~='{number}']").count() >= 1


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_is_accessible_and_never_scrolls_sideways(waiting, served, window, width):
    page = window(width=width).page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.looked_at, CONSOLE))
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (".review-line", ".review__side", "#files"):
        assert accessibility_faults(page, within=part) == [], part


def test_what_must_be_changed_goes_into_the_opinion_and_back_with_two_keys(waiting, served, window):
    page = window().page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.to_return, CONSOLE))
    press(page, "j")
    eventually(page, f"{CURRENT} !== null")
    press(page, "r")
    assert re.fullmatch(r"第 1 处（正文，密级标志）请修改。", page.locator("#opinion").input_value())
    press(page, "r")
    assert page.locator("#opinion").input_value().count("第 1 处") == 1, "a second time adds nothing"
    assert page.locator("[data-verdict=n].armed").count() == 1
    with page.expect_navigation():
        press(page, "n")
    assert "退回" in page.locator(".messages").inner_text()


def test_the_page_is_shown_as_on_a_screen_over_the_whole_width_and_as_on_a_phone(waiting, served, window):
    page = window(width=1280).page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.looked_at, CONSOLE))
    frame = page.locator(".review__frame")
    inside = "document.querySelector('.review__frame').contentWindow.innerWidth"
    shown = page.locator(".review__window")
    assert page.evaluate(inside) >= 1120 > shown.bounding_box()["width"], "laid out as on a screen, and made smaller"
    assert frame.bounding_box()["width"] <= shown.bounding_box()["width"] + 1
    page.get_by_role("button", name="通栏").click()
    assert shown.bounding_box()["width"] > 950
    page.get_by_role("button", name="手机").click()
    assert page.evaluate(inside) <= 390
    page.reload()
    assert page.get_by_role("button", name="手机").get_attribute("aria-pressed") == "true", "as it was left"


def test_on_a_phone_the_page_stands_before_the_decision(waiting, served, window):
    page = window(width=360, height=780).page
    enter(page, served, "alpha_content")
    page.goto(served.address(waiting.looked_at, CONSOLE))
    frame, decision = (page.locator(one).bounding_box() for one in (".review__frame", "[data-decision]"))
    assert frame["y"] < decision["y"]
    page.get_by_role("link", name="去办理").click()
    eventually(page, "document.querySelector('[data-decision]').getBoundingClientRect().top < 780")


def test_without_script_links_and_forms_do_the_same(waiting, served, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    try:
        page = context.new_page()
        enter(page, served, "alpha_content")
        page.goto(served.address(waiting.looked_at, CONSOLE))
        item = page.locator("[data-item][data-open]").filter(has=page.locator("a[target=review-frame]")).first
        number = item.get_attribute("data-item")
        item.locator("a[target=review-frame]").click()
        page.wait_for_timeout(300)
        assert page.frame("review-frame").url.endswith(f"?findings=1#finding-{number}")
        item.get_by_role("button", name="误报").click()
        page.wait_for_load_state()
        assert "误报" in page.locator(f"#item-{number} .finding__judgement").inner_text()
    finally:
        context.close()
