"""Suggestions are titles of what is public, and what others asked that stands in one of them."""

import pytest
from django.utils import timezone

from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from search.models import AskedTerm
from search.offering import LONGEST, Origin, suggest
from search.suggesting import OFFERED
from tests.factories import user


@pytest.fixture
def alpha_asked(db):
    """``alpha_asked("公积金")``: these were asked often on alpha today."""

    def ask(*asked):
        tenant, today = get_tenant("alpha"), timezone.localdate()
        for term in asked:
            AskedTerm.objects.create(tenant=tenant, day=today, term=term, asked=50)

    return ask


def texts(typed, **chosen):
    return [one.text for one in suggest(typed, **chosen)]


def test_titles_that_hold_what_was_typed(found, live):
    assert live("article").title in texts("普通")
    assert live("policy").title in texts(live("policy").title[:4])
    assert texts("没有这样的标题") == []
    assert texts("") == texts("《》") == []


def test_only_of_the_scope(found, live):
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    title = live("policy").title
    assert title in texts(title[:4], site=alpha, scope="site")
    assert title not in texts(title[:4], site=beta, scope="site")
    assert title in texts(title[:4], site=beta, scope="all")


def test_what_others_asked_comes_first_when_a_title_holds_it(found, alpha_asked):
    alpha_asked("普通信息", "普通人的一句坏话")
    found_now = suggest("普通", site=get_tenant("alpha"), scope="site")
    assert (found_now[0].text, found_now[0].origin) == ("普通信息", Origin.QUESTION)
    assert "普通人的一句坏话" not in [one.text for one in found_now]


def test_what_was_withdrawn_is_suggested_no_more(found, live, alpha):
    page = live("article")
    withdraw_page(page, acting_user=user("alpha_content"), reason="测试撤回")
    assert page.title not in texts(page.title[:2])


def test_never_more_than_fit(found):
    assert len(suggest("信")) <= OFFERED
    assert suggest("字" * (LONGEST * 50)) == []


def test_a_suggestion_holds_the_characters_side_by_side(found):
    assert all("信息" in text for text in texts("信息"))
