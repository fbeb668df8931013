"""网站设置 in a real browser: the administrator changes, the reviewer looks and confirms, citizens see it."""

import io
import os
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.accessibility import accessibility_faults, come_to_rest
from tests.browser.conftest import eventually
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults
from tests.browser.test_whole_way import CONSOLE

pytestmark = pytest.mark.browser

SETTINGS = "/admin/site/"


def looked_at(page: Any, name: str) -> None:
    """No fault of accessibility, and no wider than a phone, in the light and the dark look."""
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        # The colours of links and buttons in the dark look are Wagtail's, on all screens alike.
        found = [one for one in faults_of(page) if look == "light" or not one.startswith("color-contrast")]
        assert not found, (name, look, found)
        for width in (1440, 1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(NARROW), (name, width)
            if shots := os.environ.get("SHOTS", ""):
                # Wagtail scrolls inside of the page, of which a picture shows what is in sight.
                page.set_viewport_size({"width": width, "height": 2200})
                page.screenshot(path=f"{shots}/settings-{name}-{look}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    come_to_rest(page)


def faults_of(page: Any) -> list[str]:
    return faults(page) if page.locator(".nice-padding").count() else accessibility_faults(page)


def picture(width: int, height: int, colour: str) -> dict[str, Any]:
    drawn = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(drawn).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill="white")
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": stream.getvalue()}


@pytest.fixture
def admin(window: Any, served: Any) -> Any:
    opened = window()
    enter(opened.page, served, "alpha_admin")
    return opened


def confirm_all(window: Any, served: Any) -> Any:
    """The content reviewer opens each change that waits, sees it and confirms it."""
    page = window().page
    enter(page, served, "alpha_content")
    page.goto(served.address("/admin/frame-texts/", CONSOLE))
    while page.locator("td.title a").count():
        page.locator("td.title a").first.click()
        for seen in page.locator("img.frame-picture").all():
            seen.scroll_into_view_if_needed()
        eventually(page, "[...document.querySelectorAll('img.frame-picture')].every(i => i.naturalWidth > 0)")
        looked_at(page, "confirming")
        page.locator("#opinion").fill("核对无误，同意。")
        page.get_by_role("button", name="确认，立即生效").click()
        page.wait_for_url("**/frame-texts/")
    return page


def test_look_and_colours_are_chosen_and_seen_at_once(served: Any, admin: Any, window: Any) -> None:
    page = admin.page
    page.goto(served.address("/admin/", CONSOLE))
    page.get_by_role("link", name="网站设置").first.click()
    looked_at(page, "record")
    page.get_by_label("青", exact=True).check()
    page.get_by_role("button", name="保存外观").click()
    assert "已保存" in page.locator(".messages").inner_text()
    citizen = window()
    citizen.page.goto(served.address("/"))
    main = "getComputedStyle(document.documentElement).getPropertyValue('--main').trim()"
    assert citizen.page.evaluate(main) == "#0a5157"
    assert not accessibility_faults(citizen.page) and not citizen.complaints
    page.get_by_label("主题自带的配色").check()
    page.get_by_role("button", name="保存外观").click()
    citizen.page.reload()
    assert citizen.page.evaluate(main) == "#0d3b78"
    page.get_by_label("公安备案号").fill("机密★10年")
    page.get_by_role("button", name="提交确认").click()
    assert "机密★10年" in page.locator(".w-field__errors:visible").inner_text()
    assert page.get_by_label("公安备案号").input_value() == "机密★10年", "nothing typed is lost"
    looked_at(page, "refused")
    assert page.get_by_role("link", name="申请变更").get_attribute("href").endswith("?kind=change")
    assert [one for one in admin.complaints if "400 (Bad Request)" not in one] == []


def test_traditional_pages_are_chosen_and_stay_chosen_without_a_cookie(served: Any, admin: Any, window: Any) -> None:
    def save(choice: str) -> None:
        admin.page.goto(served.address(SETTINGS, CONSOLE))
        admin.page.get_by_label("繁体页面").select_option(choice)
        with admin.page.expect_navigation():
            admin.page.get_by_role("button", name="保存繁体页面").click()
        expect(admin.page.locator(".messages")).to_contain_text("已保存")

    save("yes")
    citizen = window(width=360)
    page = citizen.page
    page.goto(served.address("/news/"))
    with page.expect_navigation():
        page.get_by_role("link", name="繁體中文").click()
    assert page.url == served.address("/zh-hant/news/")
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert page.evaluate(NARROW) and not accessibility_faults(page) and not citizen.complaints
    # A link from elsewhere leads to the plain page, and who has chosen goes on from there.
    page.goto(served.address("/"))
    page.wait_for_url(served.address("/zh-hant/"))
    with page.expect_navigation():
        page.get_by_role("link", name="简体中文").click()
    page.goto(served.address("/news/"), wait_until="load")
    expect(page.get_by_role("link", name="繁體中文")).to_be_visible()
    assert page.url == served.address("/news/") and page.context.cookies() == []
    save("no")
    page.reload()
    expect(page.get_by_role("link", name="繁體中文")).to_have_count(0)


def test_columns_are_dragged_and_moved_by_the_keyboard(served: Any, admin: Any) -> None:
    page = admin.page
    page.goto(served.address(f"{SETTINGS}columns/", CONSOLE))
    looked_at(page, "columns")
    names = page.locator("form[data-arranged]").first.locator(".arranged__what > a")
    before = names.all_inner_texts()
    rows = page.locator("form[data-arranged]").first.locator("[data-arranged-row]")
    rows.nth(0).drag_to(rows.nth(2))
    assert names.all_inner_texts()[:3] == [before[1], before[2], before[0]]
    page.get_by_role("button", name="保存顺序").click()
    assert "栏目顺序已保存" in page.locator(".messages").inner_text()
    assert names.all_inner_texts()[:3] == [before[1], before[2], before[0]]
    for _step in range(2):
        rows.filter(has=page.get_by_role("link", name=before[0], exact=True)).locator("[name=up]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert names.all_inner_texts() == before
    page.get_by_role("link", name=before[0], exact=True).first.click()
    looked_at(page, "column")
    page.get_by_label("列表样式").select_option(label="标题与摘要")
    page.get_by_label("责任单位").fill("政务公开科")
    page.get_by_role("button", name="保存", exact=True).click()
    assert "政务公开科" in page.locator("main").inner_text()
    page.goto(served.address("/news/"))
    assert page.locator(".summary-list").count() == 1
    looked_at(page, "column-public")
    assert not admin.complaints


def test_the_home_page_is_arranged_and_what_is_on_it_is_confirmed(served: Any, admin: Any, window: Any) -> None:
    page = admin.page
    page.goto(served.address(f"{SETTINGS}home/", CONSOLE))
    looked_at(page, "home")
    page.locator("#id_policies-place").fill("1")
    page.locator("#id_carousel-place").fill("2")
    page.locator("#id_topics-shown").uncheck()
    page.get_by_role("button", name="保存布局").click()
    assert "已保存" in page.locator(".messages").inner_text()
    fill_rows(page, served)
    confirm_all(window, served)

    citizen = window()
    home = citizen.page
    home.goto(served.address("/"))
    home.locator(".site-logo").wait_for()
    order = home.evaluate("[...document.querySelectorAll('main > section, main > div')].map(e => e.className)")
    assert order.index("panel") < order.index("carousel")
    assert "系统维护通知" in home.locator(".site-notices").inner_text()
    assert home.locator(".site-links h3").all_inner_texts() == ["上级政府", "其他网站"]
    assert "外部链接" in home.locator(".site-links li", has_text="某企业").inner_text()
    eventually(home, "[...document.images].slice(0, 3).every(i => i.complete && i.naturalWidth > 0)")
    looked_at(home, "home-public")
    stands_still_until_asked(home)
    closes_and_stays_closed(home)
    assert not citizen.complaints
    # The form that was sent without its day, which the browser notes as well.
    assert [one for one in admin.complaints if "400 (Bad Request)" not in one] == []
    home.goto(served.address(served.paths["article"]))
    assert home.locator(".site-logo").count() == 1, "the logo stands on every page"


def fill_rows(page: Any, served: Any) -> None:
    def save(name: str) -> None:
        looked_at(page, f"rows-{name}")
        page.get_by_role("button", name="提交确认").click()
        assert "确认后生效" in page.locator(".messages").inner_text(), page.locator("main").inner_text()

    page.goto(served.address(f"{SETTINGS}home/notices/", CONSOLE))
    page.locator("#id_rows-0-title").fill("系统维护通知")
    page.get_by_role("button", name="提交确认").click()
    assert "“首页提示”第 1 行：请填写显示到哪一天" in page.locator("[data-refused]").inner_text()
    assert page.locator("#id_rows-0-title").input_value() == "系统维护通知", "nothing typed is lost"
    page.locator("#id_rows-0-until").fill("2099-12-31")
    save("notices")
    page.goto(served.address(f"{SETTINGS}home/floating/", CONSOLE))
    page.locator("#id_rows-0-title").fill("征集民生实事")
    page.locator("#id_rows-0-url").fill("/notices/")
    page.locator("#id_rows-0-until").fill("2099-12-31")
    save("floating")
    page.goto(served.address(f"{SETTINGS}home/links/", CONSOLE))
    for number, (group, title, url) in enumerate(
        (("上级政府", "省政府", "https://www.yunjiang.gov.cn/"), ("其他网站", "某企业", "https://www.example.com/"))
    ):
        for part, value in (("group", group), ("title", title), ("url", url)):
            page.locator(f"#id_rows-{number}-{part}").fill(value)
    save("links")
    page.goto(served.address(f"{SETTINGS}home/logo/", CONSOLE))
    page.locator("#id_rows-0-upload").set_input_files(picture(300, 300, "firebrick"))
    page.locator("#id_rows-0-alt").fill("澄州市徽标")
    save("logo")
    page.goto(served.address(f"{SETTINGS}home/carousel/", CONSOLE))
    for number, colour in enumerate(("seagreen", "steelblue")):
        page.locator(f"#id_rows-{number}-upload").set_input_files(picture(1600, 640, colour))
        page.locator(f"#id_rows-{number}-title").fill(f"第{number + 1}张图片")
    page.locator("#id_rows-0-url").fill("/news/")
    save("carousel")


def stands_still_until_asked(home: Any) -> None:
    at = "document.querySelector('.slides').scrollLeft"
    assert home.evaluate(at) == 0
    assert home.evaluate("document.getAnimations().length") == 0
    home.get_by_role("link", name="第二张").or_(home.locator(".slide-links a").nth(1)).first.click()
    eventually(home, f"{at} > 100")


def closes_and_stays_closed(home: Any) -> None:
    notice = home.locator(".floating-notice details")
    assert notice.get_attribute("open") is not None and "征集民生实事" in notice.inner_text()
    notice.locator("summary").click()
    home.reload()
    eventually(home, "!document.querySelector('.floating-notice details').open")


def test_the_home_page_says_the_same_without_scripts(served: Any, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address("/"))
    assert page.locator(".channel-row").count() == 1
    context.close()


def test_an_editor_and_another_sites_administrator_find_no_settings(served: Any, window: Any) -> None:
    for username, host in (("alpha_editor", CONSOLE), ("beta_admin", "beta.console.localhost")):
        page = window().page
        enter(page, served, username, host)
        answer = page.goto(served.address(SETTINGS, CONSOLE))
        assert answer.status in (302, 403) or "/login" in page.url or "没有" in page.locator("body").inner_text()
        assert page.locator("form .choices").count() == 0


def test_the_operator_sees_what_opening_would_make(served: Any, window: Any) -> None:
    console = "console.console.localhost"
    opened = window()
    page = opened.page
    enter(page, served, "operator", console)
    page.goto(served.address("/admin/fleet/new/", console))
    page.get_by_role("button", name="下一步").click()
    told = page.locator("main").inner_text()
    assert "请选择网站的层级" in told and "请选择上级站点" in told
    looked_at(page, "opening-refused")
    for name, value in (
        ("full_name", "澄州市青溪县人民政府"), ("code", "qingxi"), ("organiser", "青溪县人民政府办公室"),
        ("host", "qingxi.localhost"), ("console_host", "qingxi.console.localhost"),
    ):  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    for name, value in (("kind", "portal"), ("level", "county"), ("parent_code", "alpha")):
        page.locator(f"#id_{name}").select_option(value)
    page.get_by_role("button", name="下一步").click()
    shown = page.locator("main").inner_text()
    assert "将要建立" in shown and "工作动态" in shown and "云江省澄州市人民政府" in shown
    looked_at(page, "opening")
    page.get_by_role("button", name="返回修改").click()
    assert page.locator("#id_code").input_value() == "qingxi"
    page.goto(served.address("/admin/fleet/sites/beta/", console))
    looked_at(page, "operator")
    page.get_by_label("层级").select_option("city")
    page.get_by_role("button", name="保存层级与外观").click()
    assert "立即生效" in page.locator(".messages").inner_text()
    page.get_by_label("层级").select_option("county")
    page.get_by_role("button", name="保存层级与外观").click()
    assert not opened.complaints
