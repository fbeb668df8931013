"""Addresses of published pages lead through their columns: a column with live pages keeps its place and its slug."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
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


@pytest.mark.parametrize("slug", ["city", "news"])
def test_a_column_with_live_pages_below_is_not_moved(alpha, live, admin, citizen, slug):
    before = site_path(live)
    with pytest.raises(Refused, match="网址全部失效"):
        moved(factories.column(slug), factories.column("notices"), admin)
    assert site_path(Page.objects.get(pk=live.pk)) == before
    assert citizen("alpha").get(before).status_code == 200


def test_columns_are_put_into_another_order(alpha, live, admin):
    moved(factories.column("news"), HomePage.objects.get(), admin, pos="first-child")
    assert HomePage.objects.get().get_first_child().slug == "news"


def test_a_column_is_not_moved_from_under_a_page_that_came_down(alpha, live, admin, citizen):
    before = site_path(live)
    withdraw_page(live, acting_user=factories.user("alpha_content"), reason="来源有误。")
    with pytest.raises(Refused, match="网址全部失效"):
        moved(factories.column("city"), factories.column("notices"), admin)
    assert citizen("alpha").get(before).status_code == 410


def test_a_column_without_anything_that_was_public_is_moved(alpha, admin):
    create_column("city", title="市级动态", column_type="news", parent=factories.column(), acting_user=None)
    factories.draft_article(column="city")
    moved(factories.column("city"), factories.column("notices"), admin)
    assert factories.column("city").get_parent().slug == "notices"


def test_the_console_says_why_before_it_asks(alpha, live, console):
    news, notices = factories.column("news"), factories.column("notices")
    browser = console("alpha_admin", "alpha")
    answer = browser.get(f"/admin/pages/{news.pk}/move/{notices.pk}/confirm/", follow=True)
    assert "网址全部失效" in answer.content.decode()
    browser.post(f"/admin/pages/{news.pk}/move/{notices.pk}/confirm/")
    assert factories.column("news").get_parent().specific_class is HomePage


def test_moving_in_bulk_is_refused_on_a_page_that_says_why(alpha, live, console):
    news, notices = factories.column("news"), factories.column("notices")
    answer = console("alpha_admin", "alpha").post(
        f"/admin/bulk/wagtailcore/page/move/?next=/admin/&id={news.pk}", {"chooser": notices.pk, "move_applied": "true"}
    )
    assert answer.status_code == 409
    assert "网址全部失效" in answer.content.decode()
    assert factories.column("news").get_parent().specific_class is HomePage


def test_a_column_with_live_pages_below_keeps_its_slug(alpha, live):
    column = factories.column("news")
    column.slug = "xinwen"
    with pytest.raises(ValidationError, match="网址全部失效"):
        column.save()
    with pytest.raises(Refused, match="网址全部失效"):
        column.save(clean=False)
    assert Column.objects.get(pk=column.pk).slug == "news"


def test_the_form_says_it_beside_the_field(alpha, live, console):
    column = factories.column("news")
    answer = console("alpha_admin", "alpha").post(
        f"/admin/pages/{column.pk}/edit/",
        {**FORM, "title": column.title, "slug": "xinwen", "show_in_menus": "on", "action-publish": "1"},
    )
    assert answer.status_code == 200
    assert "网址全部失效" in str(answer.context["form"].errors["slug"])
    assert Column.objects.get(pk=column.pk).slug == "news"


def test_another_name_and_an_empty_column_s_slug_are_free(alpha, live, console):
    browser = console("alpha_admin", "alpha")
    news, notices = factories.column("news"), factories.column("notices")
    for column, title, slug in ((news, "要闻", "news"), (notices, "公告", "announcements")):
        answer = browser.post(
            f"/admin/pages/{column.pk}/edit/",
            {**FORM, "title": title, "slug": slug, "show_in_menus": "on", "action-publish": "1"},
        )
        assert answer.status_code == 302, answer.context["form"].errors
        confirm(waiting(column))
        stored = Column.objects.get(pk=column.pk)
        assert (stored.title, stored.slug) == (title, slug)
