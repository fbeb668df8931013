"""信息公开指南 and 信息公开目录: the guide says how and from whom, the catalogue is what is live, put in order."""

import re

from govplatform.addresses.models import Address
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from sites.columns.actions import change_column, create_column
from sites.columns.models import ITEMS_PER_PAGE
from sites.disclosure.models import DisclosureGuide
from tests import factories
from tests.structured.samples import live


def catalogue(**fields):
    """A catalogue of the whole site, as the shell makes it."""
    return create_column(
        "catalogue", title="信息公开目录", column_type="catalogue", acting_user=None, verb="create_column", **fields
    )


def rows(html):
    return re.findall(r'<tr><td[^>]*>[^<]*</td><td class="catalogue-title"><a href="([^"]+)">', html)


def test_a_guide_says_who_answers_and_how(alpha, citizen):
    html = citizen("alpha").get(site_path(live(DisclosureGuide))).content.decode()
    for words in ("市政务公开办公室", "望江大道18号", "0000-0000403", "信息分类和编排体系", "依申请公开"):
        assert words in html


def test_the_catalogue_lists_what_is_live_and_nothing_else(alpha, citizen):
    assert catalogue().list_template == "catalogue"
    article = factories.live_article(summary="内容概述在这里。")
    policy = factories.publish(factories.draft_policy(document_kind="notice"))
    factories.draft_article(title="还没有发布")
    gone = factories.live_article(title="已经撤回")
    withdraw_page(gone, acting_user=factories.user("alpha_content"), reason="写错了。")
    html = citizen("alpha").get("/catalogue/").content.decode()
    assert rows(html) == [site_path(policy), site_path(article)]
    assert article.index_number in html
    assert "内容概述在这里。" in html
    assert "2026-03-02" in html


def test_the_catalogue_is_narrowed_by_theme_organisation_kind_and_year(alpha, citizen):
    catalogue()
    article = factories.live_article(subject_class="1501")
    policy = factories.publish(
        factories.draft_policy(document_kind="notice", subject_class="03", issued_by="澄州市教育局")
    )
    year = policy.first_published_at.year
    visit = citizen("alpha")

    def listed(query):
        response = visit.get(f"/catalogue/{query}")
        assert response.status_code == 200, query
        return rows(response.content.decode())

    both = [site_path(policy), site_path(article)]
    assert listed("") == both
    assert listed("?theme=15") == listed("?kind=article") == [site_path(article)]
    assert listed("?theme=03") == listed("?kind=notice") == listed("?organisation=澄州市教育局") == [site_path(policy)]
    assert listed(f"?year={year}") == both
    assert listed("?theme=03&kind=article") == listed(f"?year={year - 1}") == listed("?theme=99&year=x") == []
    html = visit.get("/catalogue/?theme=03").content.decode()
    assert re.search(r'<option value="03" selected>[^<]*（1）</option>', html)
    assert "没有符合这些条件的信息" in visit.get("/catalogue/?kind=nothing").content.decode()


def test_numbered_pages_keep_what_was_asked_and_stand_in_the_ledger(alpha, citizen):
    column = catalogue()
    for number in range(ITEMS_PER_PAGE + 1):
        factories.live_article(slug=f"n{number}", title=f"第{number}条")
    html = citizen("alpha").get("/catalogue/?kind=article").content.decode()
    assert 'href="/catalogue/?page=2&amp;kind=article"' in html
    assert len(rows(citizen("alpha").get("/catalogue/?page=2&kind=article").content.decode())) == 1
    entered = Address.objects.filter(object_id=column.pk, kind="list", state=Address.State.PUBLIC)
    assert {"/catalogue/", "/catalogue/?page=2"} <= set(entered.values_list("path", flat=True))


def test_a_column_of_another_type_may_be_shown_as_a_catalogue_of_its_own_pages(alpha, citizen):
    change_column(factories.column("policies"), acting_user=None, list_template="catalogue")
    policy = factories.publish(factories.draft_policy())
    factories.live_article()
    assert rows(citizen("alpha").get("/policies/").content.decode()) == [site_path(policy)]
