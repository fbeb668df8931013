"""What a cleared page names in its fields is not taken away from under it."""

from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection

from govplatform.review.queries import find_gate_faults, site_path
from govplatform.review.submission.actions import withdraw_page
from sites.articles.models import TopicPage
from sites.columns.actions import create_column
from sites.columns.models import Column
from sites.policies.models import Interpretation
from tests.factories import column, draft_article, draft_interpretation, draft_page, draft_policy, publish, user

from .conftest import refused


@pytest.fixture
def gathered(alpha) -> Any:
    """A live topic that gathers from a column in which nothing was ever published."""
    place = create_column("empty-column", title="专栏", column_type="news", parent=column(), acting_user=None)
    topic = draft_page(TopicPage, "news", "alpha_editor", keywords="就业", gathered_from=place)
    return publish(topic)


def test_the_column_that_a_live_topic_gathers_from_is_not_deleted(alpha, gathered, console):
    place = gathered.gathered_from
    answer = console("alpha_admin", "alpha").post(f"/admin/pages/{place.pk}/delete/")
    assert gathered.title in answer.content.decode()
    for delete in (place.delete, Column.objects.filter(pk=place.pk).delete):
        with refused("所引用的"):
            delete()
    assert TopicPage.objects.get(pk=gathered.pk).gathered_from_id == place.pk
    assert find_gate_faults()[1] == []


def test_the_policy_that_a_live_interpretation_names_is_not_deleted(alpha):
    policy = draft_policy()
    read = publish(draft_interpretation(policy))
    with refused("所引用的"):
        policy.delete()
    assert Interpretation.objects.get(pk=read.pk).policy_id == policy.pk
    withdraw_page(read, acting_user=user("alpha_content"), reason="内容有误。")
    policy.delete()
    assert not type(policy).objects.filter(pk=policy.pk).exists()


def test_a_column_that_nothing_leads_to_goes(alpha, gathered):
    other = create_column("another-column", title="另一专栏", column_type="news", parent=column(), acting_user=None)
    other.delete()
    assert not Column.objects.filter(slug="another-column").exists()


def test_boxes_and_lists_show_the_words_of_the_cleared_version_alone(alpha, live, citizen):
    """A new draft under a live page changes no box, no list and no neighbour of another page."""
    changed = "没有审过的标题"
    for name in ("article", "policy", "interpretation", "rich"):
        page = live(name)
        page.title = page.draft_title = changed
        page.keywords = "就业 营商环境 民生"
        if name == "policy":
            page.document_number = changed
        page.save_revision(user=user("alpha_editor"))
    for name in ("article", "second", "policy", "interpretation", "rich", "topic"):
        answer = citizen("alpha").get(live(name).get_url_parts()[2])
        connection.set_tenant(alpha)
        assert answer.status_code == 200 and changed not in answer.content.decode(), name
    for path in ("/", "/news/", "/policies/", "/interpretations/"):
        answer = citizen("alpha").get(path)
        connection.set_tenant(alpha)
        assert answer.status_code == 200 and changed not in answer.content.decode(), path


def test_the_address_of_a_draft_is_not_read_on_a_page_that_links_there(alpha, citizen, console):
    """Its editor changes it whenever he likes, and nobody has confirmed a word of it."""

    def html() -> str:
        answer = citizen("alpha").get(site_path(page))
        connection.set_tenant(alpha)
        return str(answer.content.decode())

    draft = draft_article(slug="later")
    link = f'<p><a id="{draft.pk}" linktype="page">详见</a></p>'
    page = publish(draft_article(body=[{"type": "rich_text", "value": link}]))
    draft.slug = "没有审过的网址"
    draft.save()
    draft.save_revision(user=user("alpha_editor"))
    assert "没有审过的网址" not in unquote(html()) and "详见" in html()
    preview = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/preview/").content.decode()
    assert "没有审过的网址" in unquote(preview), "whoever reviews it sees where it would lead"
    shown = publish(type(draft).objects.get(pk=draft.pk))
    assert site_path(shown) in unquote(html())
    assert find_gate_faults()[1] == []
