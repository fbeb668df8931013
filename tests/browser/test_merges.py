"""站点并入 in a browser: the plan, merges in every state, the end of one; narrow and dark too."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests import database, factories
from tests.browser.accessibility import come_to_rest
from tests.browser.entering import enter
from tests.browser.test_library import NARROW, faults
from tests.browser.test_whole_way import sign_in

pytestmark = pytest.mark.browser

OPERATOR = "console.console.localhost"
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def merges(served, django_db_blocker):
    """A site on its way into alpha: ``{state: number}`` of its merges, the last of them under way."""
    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use_database(served.database)
        try:
            return _merges()
        finally:
            database.use_database(shared)


def _merges():
    from govplatform.accounts.actions import grant_role
    from govplatform.lifecycle.models import Merge, SiteApplication, SiteNotice
    from govplatform.tenancy.database_roles import as_owner
    from govplatform.tenancy.models import Tenant
    from govplatform.tenancy.queries import get_tenant
    from tests.lifecycle.merge.frozen import freeze

    now, code = timezone.now(), "beta-closed"
    Tenant.objects.filter(code=code).update(status="retiring", status_since=now)
    source, alpha, operator = get_tenant(code), get_tenant("alpha"), factories.user("operator")
    application = SiteApplication.objects.create(
        tenant=source, into=alpha, kind="retire", state="approved", carried_out_at=now, reason="机构调整。",
        ground="division-change", filed_by=operator, filed_at=now, rule_pack="national",
    )  # fmt: skip
    for kind, site, live in (("migration", source, now), ("completion", alpha, None)):
        SiteNotice.objects.create(application=application, kind=kind, site=site, page_id=3, live_at=live)

    def merge(state, *before, **fields):
        made = Merge.objects.create(
            source=source, destination=alpha, application=application, requested_by=operator, wishes={"news": "news"}
        )
        with as_owner():
            for step in (*before, state):
                if step != "queued":
                    Merge.objects.filter(pk=made.pk).update(state=step)
            Merge.objects.filter(pk=made.pk).update(**fields)
        return made.pk

    counts = {"pages": 326, "revisions": 1204, "files": 87, "addresses": 512, "checked": 2129}
    moved = {
        "began_at": now,
        "switched_at": now,
        "verified_at": now + timedelta(seconds=5),
        "seconds": 12.4,
        "switch_seconds": 0.18,
        "not_moved": [{"kind": "草稿", "count": 9, "reason": "方案没有选择迁移从未公开的草稿。"}],
    }
    found = {"refused": merge("refused", reasons=["“乙县”的迁移公告没有发布，或已被撤下。"])}
    lost = [{"page": 812, "title": "关于调整公交线路的通告", "what": "并入后由 甲编辑 修改并重新发布。"}]
    found["reverted"] = merge(
        "reverted", "moving", "moved", "reverting",
        **moved, counts={**counts, "lost": lost}, ended_by=operator, ended_at=now, end_reason="栏目对照有误。",
    )  # fmt: skip
    found["moving"] = merge("moving", requested_at=now, step="versions", done=420, total=1204)
    freeze(code)
    grant_role(factories.user("alpha_admin"), "site-admin", tenant=get_tenant(code), acting_user=None)
    return found


def look(page, served, path, name, host=OPERATOR):
    page.goto(served.address(path, host))
    assert not faults(page), path
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(NARROW), (path, width)
        # The frame around the page moves for a moment.
        come_to_rest(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/merge-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    come_to_rest(page)


def test_an_operator_sees_merges_in_every_state(merges, served, window):
    opened = window()
    page = opened.page
    enter(page, served, "operator", OPERATOR)
    look(page, served, "/admin/fleet/merges/", "list")
    look(page, served, "/admin/fleet/merge/?source=beta-closed&destination=alpha", "plan")
    for state, number in merges.items():
        look(page, served, f"/admin/fleet/merges/{number}/", state)
    assert "已中断" in page.locator("main").inner_text()
    page.get_by_label("退回原因").fill("改期办理。")
    page.get_by_role("button", name="退回").click()
    page.locator(".messages").wait_for()
    assert "退回中" in page.locator("main").inner_text()
    page.emulate_media(color_scheme="dark")
    look(page, served, f"/admin/fleet/merges/{merges['reverted']}/", "dark")
    assert not opened.complaints


def test_a_column_is_dragged_to_where_it_goes_and_planned_again(merges, served, window):
    opened = window()
    page = opened.page
    enter(page, served, "operator", OPERATOR)
    page.goto(served.address("/admin/fleet/merge/?source=beta&destination=alpha", OPERATOR))
    row = page.locator("[data-mapping-row]").first
    column, targets = row.locator("[data-mapping-handle]"), page.locator("[data-mapping-places] li")
    column.scroll_into_view_if_needed()
    drag(page, column, targets.first)
    assert (
        row.locator("select").input_value() == "-" and "还没有重新测算" in page.get_by_role("status").last.inner_text()
    )
    assert page.evaluate(NARROW) and "is-changed" in (row.get_attribute("class") or "")
    with page.expect_navigation():
        page.get_by_role("button", name="重新测算").click()
    assert row.locator("select").input_value() == "-" and "is-changed" not in (row.get_attribute("class") or "")
    # The list beside it does the same by the keyboard.
    row.locator("select").focus()
    page.keyboard.press("ArrowDown")
    assert "is-changed" in (row.get_attribute("class") or "")
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate(NARROW) and targets.first.is_hidden()
    assert not opened.complaints


def drag(page, what, where):
    """As a hand does it: the mouse is on its way for some steps."""
    start, end = what.bounding_box(), where.bounding_box()
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(start["x"] + 30, start["y"] + 12, steps=4)
    page.mouse.move(end["x"] + 20, end["y"] + 15, steps=8)
    page.mouse.up()


def test_every_page_of_the_frozen_site_says_so_and_leads_to_the_merge(merges, served, window):
    opened = window()
    page = opened.page
    enter(page, served, "alpha_admin", "beta-closed.console.localhost")
    look(page, served, "/admin/site-applications/", "banner", "beta-closed.console.localhost")
    assert "暂停编辑，只能查看" in page.locator(".frozen-site").inner_text()
    page.locator(".frozen-site").get_by_role("link").click()
    page.wait_for_url(f"**/admin/fleet/merges/{merges['moving']}/")
    assert page.locator("main form").count() == 0


def test_what_could_only_be_refused_is_not_offered_on_the_frozen_site(merges, served, window):
    opened = window()
    page = opened.page
    host = "beta-closed.console.localhost"
    sign_in(page, served, "alpha_admin", host)
    ask = "async path => (await fetch(path, {headers: {Accept: 'application/json'}})).json()"
    listed = page.evaluate(ask, "/admin/api/main/pages/?type=columns.Column&limit=1")
    column = f"/admin/pages/{listed['items'][0]['id']}/edit/"
    page.goto(served.address(column, host))
    page.locator("#page-edit-form").wait_for()
    assert page.get_by_role("button", name="只读").is_disabled()
    assert page.locator("main form[method=post i] [type=submit]:visible").count() == 0
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/merge-only-read-1280.png")
    look(page, served, "/admin/arrivals/", "no-upload", host)
    assert page.locator("main form[method=post i]:visible").count() == 0
    # Wagtail's editor of a page complains of its own: of the field that its title is copied into.
    assert [one for one in opened.complaints if "w-sync" not in one] == []
