"""Addresses of published pages lead through their columns: what is renamed or moved is found from where it was."""

from itertools import pairwise

import pytest
from django.db import transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from content_library.distribution.models import ColumnMapping
from content_library.resources.record_faults import find_record_faults
from govplatform.addresses.models import Address
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.current import enter_tenant
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.columns.models import Column
from sites.home.models import HomePage
from tests import factories
from tests.review.frame.frame_cases import confirm, waiting

FORM = {
    "column_type": "news", "description": "动态", "keywords": "动态", "update_duty": "adhoc", "update_limit_days": "",
    "responsible_unit": "", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "1000",
}  # fmt: skip


@pytest.fixture
def admin(db):
    return factories.user("alpha_admin")


@pytest.fixture
def live(alpha):
    """A live page below a column below the news."""
    create_column("city", title="市级动态", column_type="news", parent=factories.column(), acting_user=None)
    return factories.live_article(column="city")


def moved(column, target, admin, pos="last-child"):
    MovePageAction(Column.objects.get(pk=column.pk), Page.objects.get(pk=target.pk), pos=pos, user=admin).execute()


def answers(citizen, path):
    """Status and place of the answer on alpha's public host."""
    response = citizen("alpha").get(path)
    enter_tenant(get_tenant("alpha"))
    return response.status_code, response.headers.get("Location", "")


def renamed(slug, to):
    """The column under another slug, as the shell does it: at once."""
    column = factories.column(slug)
    with transaction.atomic():
        change_words(column, {"slug": to}, acting_user=None, reason="")
    return Column.objects.get(pk=column.pk)


@pytest.mark.parametrize("slug", ["city", "news"])
def test_a_moved_column_takes_its_addresses_along(alpha, live, admin, citizen, slug):
    before = site_path(live)
    moved(factories.column(slug), factories.column("notices"), admin)
    after = site_path(Page.objects.get(pk=live.pk))
    assert after == before.replace("/news/", "/notices/" if slug == "city" else "/notices/news/")
    assert answers(citizen, before) == (301, after)
    assert answers(citizen, after) == (200, "")
    assert find_gate_faults()[1] == []


def test_lists_and_feeds_move_with_their_column(alpha, live, admin, citizen):
    moved(factories.column("city"), factories.column("notices"), admin)
    assert answers(citizen, "/news/city/") == (301, "/notices/city/")
    assert answers(citizen, "/news/city/feed.xml") == (301, "/notices/city/feed.xml")
    assert answers(citizen, "/notices/city/feed.xml") == (200, "")


def test_columns_are_put_into_another_order(alpha, live, admin, citizen):
    moved(factories.column("news"), HomePage.objects.get(), admin, pos="first-child")
    assert HomePage.objects.get().get_first_child().slug == "news"
    assert answers(citizen, site_path(live)) == (200, "")


def test_what_came_down_before_a_move_is_gone_at_its_old_address(alpha, live, admin, citizen):
    before = site_path(live)
    withdraw_page(live, acting_user=factories.user("alpha_content"), reason="来源有误。")
    moved(factories.column("city"), factories.column("notices"), admin)
    assert answers(citizen, before) == (410, "")


def test_what_comes_down_after_a_move_is_gone_at_both_addresses(alpha, live, admin, citizen):
    before = site_path(live)
    moved(factories.column("city"), factories.column("notices"), admin)
    page = type(live).objects.get(pk=live.pk)
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    assert answers(citizen, before) == (410, "")
    assert answers(citizen, site_path(page)) == (410, "")


def test_addresses_move_with_a_site_whose_ledger_was_empty(alpha, live, admin, citizen):
    Address.objects.filter(tenant=alpha).delete()
    before = site_path(live)
    moved(factories.column("city"), factories.column("notices"), admin)
    assert answers(citizen, before) == (301, site_path(Page.objects.get(pk=live.pk)))


def test_a_renamed_column_loses_nothing(alpha, live, citizen):
    assert renamed("news", "xinwen").slug == "xinwen"
    for old, new in (
        ("/news/", "/xinwen/"),
        ("/news/city/", "/xinwen/city/"),
        (site_path(live), site_path(Page.objects.get(pk=live.pk))),
        ("/news/feed.xml", "/xinwen/feed.xml"),
    ):
        assert answers(citizen, old) == (301, new)
        assert answers(citizen, new) == (200, "")
    assert find_record_faults(alpha)[1] == []


def test_however_often_a_column_is_renamed_there_is_one_hop(alpha, live, citizen):
    names = ["news", "xinwen", "dongtai", "yaowen"]
    for before, after in pairwise(names):
        renamed(before, after)
    end = site_path(Page.objects.get(pk=live.pk))
    for name in names[:-1]:
        assert answers(citizen, end.replace("/yaowen/", f"/{name}/")) == (301, end)


def test_a_column_that_gets_its_old_name_back_leads_in_no_circle(alpha, live, citizen):
    before = site_path(live)
    renamed("news", "xinwen")
    renamed("xinwen", "news")
    assert answers(citizen, before) == (200, "")
    assert answers(citizen, before.replace("/news/", "/xinwen/")) == (301, before)


def test_a_new_column_at_an_old_address_is_shown_there(alpha, live, citizen):
    before = site_path(live)
    renamed("news", "xinwen")
    create_column("news", title="新闻", column_type="news", acting_user=None)
    assert answers(citizen, "/news/") == (200, "")
    assert answers(citizen, before) == (301, before.replace("/news/", "/xinwen/"))


def test_a_column_is_not_moved_to_where_its_name_is_taken(alpha, live, admin):
    create_column("city", title="公告", column_type="news", parent=factories.column("notices"), acting_user=None)
    target = factories.column("notices")
    with pytest.raises(Refused, match="已经有网址别名为“city”"):
        MovePageAction(Page.objects.get(pk=live.pk).get_parent(), target, pos="last-child", user=admin).execute()


def test_a_live_page_is_not_moved(alpha, live):
    with pytest.raises(Refused, match="不能移到别的栏目"):
        MovePageAction(Page.objects.get(pk=live.pk), factories.column("notices"), pos="last-child").execute()


def test_the_mapping_of_pushes_follows_a_renamed_column(alpha):
    ColumnMapping.objects.create(tenant=alpha, kind="", subject_class="", column="news")
    renamed("news", "xinwen")
    assert ColumnMapping.objects.get(tenant=alpha).column == "xinwen"


def test_a_column_is_moved_in_the_console(alpha, live, console, citizen):
    news, notices = factories.column("news"), factories.column("notices")
    console("alpha_admin", "alpha").post(f"/admin/pages/{news.pk}/move/{notices.pk}/confirm/")
    assert factories.column("news").get_parent().specific == notices
    assert answers(citizen, site_path(live)) == (301, site_path(Page.objects.get(pk=live.pk)))


def test_a_new_slug_in_the_console_waits_for_a_second_person(alpha, live, console, citizen):
    browser = console("alpha_admin", "alpha")
    news, before = factories.column("news"), site_path(live)
    answer = browser.post(
        f"/admin/pages/{news.pk}/edit/",
        {**FORM, "title": "要闻", "slug": "yaowen", "show_in_menus": "on", "action-publish": "1"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert answers(citizen, before) == (200, "")
    confirm(waiting(news))
    stored = Column.objects.get(pk=news.pk)
    assert (stored.title, stored.slug) == ("要闻", "yaowen")
    assert answers(citizen, before) == (301, before.replace("/news/", "/yaowen/"))
