"""Bulk changes of the library's classification, and the way back."""

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Change, Resource
from content_library.resources.reclassification import (
    bulk_reclassify,
    reclassify_preview,
    undo_reclassify,
    usage_counts,
    usage_per_site,
)
from content_library.resources.reclassifying import run_reclassification, undo_reclassification
from content_library.vocabularies.models import Reclassification
from content_library.vocabularies.queries import get_term
from content_library.vocabularies.standing import standing_codes
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests.factories import live_article
from tests.layers import layered


@layered
def once_published():
    """Three resources of class 0201: two of alpha, one of beta; a fourth of another class."""
    for code, subject in (("alpha", "0201"), ("alpha", "0201"), ("beta", "0201"), ("beta", "15")):
        with tenant_context(get_tenant(code)):
            live_article(code, subject_class=subject)


@pytest.fixture
def published(once_published):
    return Resource.objects.order_by("pk")


def classes():
    return list(Resource.objects.order_by("pk").values_list("subject_class", flat=True))


def terms(*codes):
    return [get_term("subject", code) for code in codes]


def test_a_preview_counts_per_site_and_shows_samples(published):
    seen = reclassify_preview(*terms("0201", "0202"))
    assert seen.total == 3
    assert dict(seen.per_site) == {"云江省澄州市人民政府": 2, "澄州市白石县人民政府": 1}
    assert len(seen.samples) == 3
    assert classes() == ["0201", "0201", "0201", "15"]


def test_the_library_changes_and_the_pages_do_not(published, person, site):
    order = bulk_reclassify(*terms("0201", "0202"), acting_user=person("operator"), reason="并口")
    assert order.state == Reclassification.State.WAITING
    run_reclassification(order)
    assert (order.state, order.done, order.total) == ("done", 3, 3)
    assert classes() == ["0202", "0202", "0202", "15"]
    assert Change.objects.filter(act="reclassified").count() == 3
    assert Entry.objects.filter(act="vocabulary.reclassify").count() == 1
    with tenant_context(site("alpha")):
        from sites.articles.models import Article

        page = Article.objects.get(pk=Resource.objects.order_by("pk")[0].page_id)
        assert page.subject_class == "0201"
    assert usage_counts("subject") == {"0202": 3, "15": 1}
    assert sum(count for _site, count in usage_per_site("subject", "02")) == 3
    # The next version of the page says what it said: the change outlives it.
    resource = Resource.objects.order_by("pk")[0]
    assert standing_codes(resource.pk, {"subject": "0201"}) == {"subject": "0202"}
    assert standing_codes(resource.pk, {"subject": "0301"}) == {"subject": "0301"}


def test_one_site_alone(published, person, site):
    order = bulk_reclassify(*terms("0201", "0202"), acting_user=person("supervisor"), tenant=site("beta"))
    run_reclassification(order)
    assert classes() == ["0201", "0201", "0202", "15"]


def test_the_way_back_leaves_what_was_changed_since(published, person):
    operator = person("operator")
    order = bulk_reclassify(*terms("0201", "0202"), acting_user=operator)
    run_reclassification(order)
    Resource.objects.filter(pk=published[0].pk).update(subject_class="0301")
    order = undo_reclassify(order, acting_user=operator)
    undo_reclassification(order)
    assert order.state == "undone"
    assert classes() == ["0301", "0201", "0201", "15"]
    assert standing_codes(published[1].pk, {"subject": "0201"}) == {"subject": "0201"}
    with pytest.raises(Refused, match="只有已完成的可以撤销"):
        undo_reclassify(order, acting_user=operator)


def test_running_twice_does_nothing_more(published, person):
    order = bulk_reclassify(*terms("0201", "0202"), acting_user=person("operator"))
    run_reclassification(order)
    run_reclassification(order)
    assert order.done == 3


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_content"])
def test_others_may_not(published, person, who):
    with pytest.raises(Refused, match="只有平台运维人员和监管员"):
        bulk_reclassify(*terms("0201", "0202"), acting_user=person(who))


def test_nothing_to_do_and_impossible_targets_are_refused(published, person):
    operator = person("operator")
    with pytest.raises(Refused, match="不需要改类"):
        bulk_reclassify(*terms("0301", "0202"), acting_user=operator)
    with pytest.raises(Refused, match="另选一个"):
        bulk_reclassify(*terms("0201", "0201"), acting_user=operator)
    with pytest.raises(Refused, match="不能批量修改"):
        bulk_reclassify(get_term("disclosure", "withheld"), get_term("disclosure", "proactive"), acting_user=operator)


def test_a_correction_keeps_what_a_bulk_change_gave(published, person, site):
    from sites.articles.models import Article
    from tests.factories import publish, user

    run_reclassification(bulk_reclassify(*terms("0201", "0202"), acting_user=person("operator"), reason="并口"))
    resource = Resource.objects.order_by("pk")[0]
    with tenant_context(site("alpha")):
        page = Article.objects.get(pk=resource.page_id)
        page.title = "更正后的标题"
        page.save_revision(user=user("alpha_editor"))
        publish(page)
    resource.refresh_from_db()
    assert (resource.title, resource.subject_class) == ("更正后的标题", "0202")


def test_a_list_by_class_finds_what_was_merged_into_it(published, person):
    from content_library.resources.queries import ListFilter, list_resources
    from content_library.vocabularies.actions import merge_terms

    source, target = terms("0201", "0202")
    merge_terms(source, target, acting_user=person("operator"))
    assert list_resources(ListFilter(subject_class="0202")).total == 3
    assert list_resources(ListFilter(subject_class="0201")).total == 3
    assert list_resources(ListFilter(subject_class="02")).total == 3
