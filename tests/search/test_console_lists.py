"""Lists of the console find words in every way of writing them: queue, record, people, library."""

import pytest
from django_tenants.utils import tenant_context

from content_library.resources.queries import ListFilter, list_resources
from content_library.vocabularies.queries import tree
from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from govplatform.ways_of_writing import is_named_in, ways_of_writing
from tests import factories
from tests.layers import layered


@layered
def handed_in() -> None:
    """A draft of each site that waits for its reviewers."""
    for site in ("alpha", "beta"):
        with tenant_context(get_tenant(site)):
            factories.submit(
                factories.draft_article(f"{site}_editor", title=f"2026年{site}老旧小区改造"), f"{site}_editor"
            )


@pytest.mark.parametrize("asked", ["小区", "旧小", "小區", "２０２６", "改造 小区"])
def test_the_reviewers_queue_finds_part_of_a_title(handed_in, console, asked):
    client = console("alpha_content", "alpha")
    assert "2026年alpha老旧小区改造" in client.get("/admin/review/", {"words": asked}).content.decode()
    assert "2026年alpha老旧小区改造" not in client.get("/admin/review/", {"words": "防汛"}).content.decode()


@pytest.mark.parametrize("asked", ["小区", "小區", "２０２６"])
def test_the_record_finds_part_of_a_title_on_its_own_site_alone(handed_in, console, asked):
    assert Entry.objects.filter(object_title__contains="老旧小区").values("chain").distinct().count() == 2
    text = console("alpha_auditor", "alpha").get("/admin/audit/", {"q": asked}).content.decode()
    assert "2026年alpha老旧小区改造" in text and "beta" not in text


def test_the_library_finds_traditional_for_simplified(live, db):
    found = {resource.title for resource in list_resources(ListFilter(query="來源標題甲")).resources}
    assert found == {"来源标题甲"}


def test_people_and_published_pages_are_found_by_part_of_their_names(live, console):
    client = console("alpha_content", "alpha")
    assert live("article").title in client.get("/admin/review/published/", {"q": "普通"}).content.decode()
    assert live("article").title not in client.get("/admin/review/published/", {"q": "普 不在其中"}).content.decode()


@pytest.mark.parametrize("asked", ["编辑二", "辑二", "editor2", "辑 二"])
def test_people_are_found_by_part_of_their_names(db, console, asked):
    text = console("alpha_admin", "alpha").get("/admin/people/", {"q": asked}).content.decode()
    shown = text[text.index("<table") :]
    assert "甲编辑二" in shown and "甲内审" not in shown and "乙编辑二" not in shown


def test_ways_of_writing_are_few_and_nothing_is_an_operator():
    assert ways_of_writing("资讯") == ["资讯", "資訊"]
    assert not is_named_in("%", "百分之一") and is_named_in("100%", "完成100%")


def test_terms_of_a_vocabulary_are_found_in_every_way_of_writing(db):
    labels = [node.row.label for node in tree("subject", query="城鄉建設")]
    assert labels and all("城乡建设" in label for label in labels)
