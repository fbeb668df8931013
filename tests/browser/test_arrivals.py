"""外来网站接收 in a browser: upload, report, a rule that is tried while it is written, drafts; narrow too."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals.models import Arrival, SurveyedAddress
from sites.arrivals.running import work_on
from sites.demo.loading import default_picture_folder
from sites.demo.old_site import old_site, write_crawl
from tests import database, factories
from tests.browser.accessibility import come_to_rest
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults
from tests.browser.test_whole_way import CONSOLE

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(served, django_db_blocker):
    """Does what the worker would do with the one arrival of the served site."""

    def work():
        shared = settings.DATABASES["default"]["NAME"]
        with django_db_blocker.unblock():
            database.use_database(served.database)
            try:
                with tenant_context(get_tenant("alpha")):
                    arrival = Arrival.objects.select_related("started_by", "column").order_by("-pk").first()
                    work_on(arrival)
                    arrival.refresh_from_db()
                    return arrival
            finally:
                database.use_database(shared)

    def in_a_thread():
        # The browser's own loop runs in this one, and Django would refuse to ask the database.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()

    return in_a_thread


def look(page, name, place=""):
    """The screen keeps to its width and to the rules; ``place``: what of it a picture shows."""
    shots = os.environ.get("SHOTS", "")
    assert not faults(page), name
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        come_to_rest(page)
        assert page.evaluate(NARROW), (name, width)
        if place:
            page.locator(place).first.scroll_into_view_if_needed()
        if shots:
            page.screenshot(path=f"{shots}/arrivals-{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    come_to_rest(page)
    if shots:
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=f"{shots}/arrivals-{name}-dark.png")
        page.emulate_media(color_scheme="light")


def test_an_editor_brings_an_old_site_in(served, window, worker, tmp_path):
    crawl = tmp_path / "old-site.warc.gz"
    write_crawl(crawl, default_picture_folder())
    opened = window()
    page = opened.page
    enter(page, served, "alpha_editor")
    page.goto(served.address("/admin/arrivals/", CONSOLE))
    look(page, "empty")
    page.get_by_label("原网站域名").fill("http://wrong/")
    page.locator("#id_crawl").set_input_files(crawl)
    page.get_by_role("button", name="上传并预检").click()
    page.get_by_text("只写主机名，小写").wait_for()
    look(page, "refused")
    page.get_by_label("原网站域名").fill(old_site()["host"])
    page.locator("#id_crawl").set_input_files(crawl)
    page.get_by_role("button", name="上传并预检").click()
    page.wait_for_url("**/admin/arrivals/*/")
    page.locator("[data-batch]").wait_for()
    look(page, "waiting")
    assert worker().state == Arrival.State.SURVEYED
    page.get_by_role("button", name="页为草稿").wait_for()
    look(page, "report")
    look(page, "report-lines", ".arrival-report .bad")
    page.get_by_label("显示").select_option("skipped")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**show=skipped**")
    look(page, "skipped")
    page.locator("tr", has_text="show.asp?id=21").get_by_role("link", name="用这一页写规则").click()
    page.locator(".rule-lines").wait_for()
    look(page, "rules-new")
    # A selector is picked out of the page's own text; the trial follows what is typed.
    page.get_by_label("适用的网址").fill("/show.asp*")
    page.locator("[data-selector=title]").focus()
    page.locator("[data-pick='p.bt1']").click()
    page.locator("[data-selector=date]").fill(".rq")
    page.locator("[data-selector=body]").fill(".wz")
    page.get_by_label("导入到栏目").select_option("notices")
    page.get_by_text("适用于 3 页").wait_for()
    assert page.locator("[data-selector=title]").input_value() == "p.bt1"
    assert "农机购置补贴申请指南" in page.locator(".rule-trial .facts").inner_text()
    look(page, "rules-tried")
    look(page, "rules-body", ".rule-body")
    page.locator("[data-selector=date]").fill("p[[")
    page.get_by_text("字段 date").wait_for()
    page.locator("[data-selector=date]").fill(".rq")
    page.get_by_text("适用于 3 页").wait_for()
    page.get_by_role("button", name="保存并重新预检").click()
    page.wait_for_url("**/admin/arrivals/*/")
    worker()
    page.get_by_role("button", name="页为草稿").wait_for()
    page.get_by_role("button", name="页为草稿").click()
    page.locator("[data-batch]").wait_for()
    arrival = worker()
    assert arrival.state == Arrival.State.DONE, arrival.reason
    page.get_by_role("button", name="再次导入").wait_for()
    look(page, "done")
    assert not [one for one in opened.complaints if "400" not in one]


def test_reviewers_decide_on_it(served, window):
    """Behind the test above, on the same arrival."""
    proposing = window().page
    enter(proposing, served, "alpha_content")
    proposing.goto(served.address("/admin/arrivals/", CONSOLE))
    look(proposing, "list")
    proposing.locator("td.title a").first.click()
    proposing.get_by_label("理由（必填").fill("旧网站的内容已经公开多年。")
    look(proposing, "to-propose", "#historical-least")
    proposing.get_by_role("button", name="提出决定").click()
    proposing.get_by_text("由你提出").wait_for()
    approving = window().page
    enter(approving, served, "alpha_secret")
    approving.goto(proposing.url)
    look(approving, "to-approve", "#historical-opinion")
    for box in approving.locator("input[name=checked]").all():
        box.check()
    approving.get_by_label("批准意见").fill("同意。")
    approving.get_by_role("button", name="批准", exact=True).click()
    approving.get_by_text("有效", exact=True).wait_for()
    look(approving, "approved", "#decision")


@pytest.fixture
def elsewhere(served, django_db_blocker):
    """An arrival on the other site, with a report that somebody else made; its number."""
    shared = settings.DATABASES["default"]["NAME"]

    def make():
        with django_db_blocker.unblock():
            database.use_database(served.database)
            try:
                with tenant_context(get_tenant("beta")):
                    return _surveyed_by_beta()
            finally:
                database.use_database(shared)

    # The browser's own loop runs in this one, and Django would refuse to ask the database.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()


def _surveyed_by_beta():
    editor = factories.user("beta_editor")
    made = Arrival.objects.create(
        host="www.baishi-old.gov.cn", source_name="baishi.warc.gz", size=4_194_304, sha256="a" * 64,
        state="surveyed", started_by=editor, uploaded_by=editor, surveyed_at=timezone.now(),
    )  # fmt: skip
    found = (("page", "白石县防汛通知", ""), ("page", "没有日期的一页", ""), ("skipped", "", "列表页。"))
    for number, (result, title, reason) in enumerate(found, start=1):
        SurveyedAddress.objects.create(
            arrival=made, number=number, key=str(number), result=result, title=title, reason=reason,
            address=f"http://www.baishi-old.gov.cn/xw/{number}.html", column="新闻", confidence=0.95,
            doubtful=number == 2, reasons=["没有找到发布日期。"] if number == 2 else [],
        )  # fmt: skip
    return made.pk


def test_an_operator_sees_the_arrivals_of_all_sites(served, window, elsewhere):
    opened = window()
    page = opened.page
    enter(page, served, "operator", "console.console.localhost")
    page.goto(served.address("/admin/arrivals-of-sites/", "console.console.localhost"))
    look(page, "all-sites")
    page.get_by_role("link", name="www.baishi-old.gov.cn").click()
    page.get_by_role("heading", name="逐页报告").wait_for()
    look(page, "of-a-site")
    page.get_by_label("显示").select_option("doubtful")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**show=doubtful**")
    page.locator(".arrival-report tbody tr").first.wait_for()
    assert page.locator(".arrival-report tbody tr").count() == 1
    assert not opened.complaints
