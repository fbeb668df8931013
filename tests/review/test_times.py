"""Times that are cleared with a page: what is due twice, what expires first, what has no time left."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.models import Clearance
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import decide_review, submit_for_review
from govplatform.review.tasks import publish_due_pages
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.crossing import Act, cross


@pytest.fixture
def clock(monkeypatch):
    """``clock(hours)``: it is so many hours later."""
    began = timezone.now()

    def set_to(hours: float):
        monkeypatch.setattr("django.utils.timezone.now", lambda: began + timedelta(hours=hours))
        return began + timedelta(hours=hours)

    return set_to


def corrected(page, **changes):
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=factories.user("alpha_editor"))
    return type(page).objects.get(pk=page.pk)


def hours(number: float):
    return timezone.now() + timedelta(hours=number)


def test_two_schedulers_at_once_publish_once(own_database, clock):
    from django_tenants.utils import tenant_context

    with tenant_context(get_tenant("alpha")):
        page = factories.publish(factories.draft_article(go_live_at=hours(1)))
        other = factories.publish(factories.draft_article(go_live_at=hours(1.5)))
    clock(2)
    outcomes = cross(
        Act("alpha", publish_due_pages, stops_after="page"), Act("alpha", publish_due_pages, stops_after="page")
    )
    assert [kind for kind, _value in outcomes] == ["done", "done"], outcomes
    assert sum(value for _kind, value in outcomes) == 2
    with tenant_context(get_tenant("alpha")):
        for published in (page, other):
            assert Page.objects.get(pk=published.pk).live
            acts = Entry.objects.filter(chain="site_alpha", act="page.publish", object_id=str(published.pk))
            assert acts.count() == 1
        assert find_gate_faults() == (2, [])


def test_a_correction_cleared_for_later_goes_live_although_the_page_expired_before(alpha, clock):
    page = factories.publish(factories.draft_article(title="一版", expire_at=hours(2)))
    correction = corrected(page, title="二版", go_live_at=hours(4), expire_at=None)
    factories.publish(correction)
    clock(3)
    assert publish_due_pages() == 0
    stored = Page.objects.get(pk=page.pk)
    assert not stored.live and page_status(stored) == "approved"
    valid = Clearance.objects.get(page_id=page.pk, status=Clearance.Status.VALID)
    assert valid.revision_id == stored.latest_revision_id
    clock(5)
    assert publish_due_pages() == 1
    stored = Page.objects.get(pk=page.pk)
    assert stored.live and stored.title == "二版"
    assert find_gate_faults() == (1, [])
    [expired] = Entry.objects.filter(chain=alpha.schema_name, act="page.expire")
    assert expired.detail == {"scheduled": [valid.revision_id]}


@pytest.mark.parametrize(("ends", "begins"), [(2, 1.5), (1.5, 2)])
def test_a_correction_due_in_the_same_look_takes_the_place_of_what_expires(alpha, clock, ends, begins):
    page = factories.publish(factories.draft_article(title="一版", expire_at=hours(ends)))
    factories.publish(corrected(page, title="二版", go_live_at=hours(begins), expire_at=None))
    clock(3)
    assert publish_due_pages() == 1
    stored = Page.objects.get(pk=page.pk)
    assert stored.live and stored.title == "二版" and stored.expire_at is None
    assert find_gate_faults() == (1, [])
    # Nothing was down in between: nobody was told of an end.
    assert not Entry.objects.filter(chain=alpha.schema_name, act="page.expire").exists()


def test_what_has_no_time_left_is_not_handed_in(alpha):
    page = factories.draft_article(expire_at=hours(-1))
    with pytest.raises(Refused, match="已经过去"):
        submit_for_review(page, acting_user=factories.user("alpha_editor"))
    assert page_status(Page.objects.get(pk=page.pk)) == "draft"


def test_what_ends_before_it_begins_is_not_handed_in(alpha):
    page = factories.draft_article(go_live_at=hours(2), expire_at=hours(1))
    with pytest.raises(Refused, match="不晚于定时发布的时间"):
        submit_for_review(page, acting_user=factories.user("alpha_editor"))


@pytest.mark.parametrize("step", ["alpha_content", "alpha_secret"])
def test_what_ended_during_the_review_is_returned_not_approved(alpha, clock, step):
    page = factories.draft_article(expire_at=hours(1))
    factories.submit(page)
    if step == "alpha_secret":
        factories.approve(page, "alpha_content")
    clock(2)
    with pytest.raises(Refused, match="已经过去"):
        factories.approve(page, step)
    outcome = decide_review(page, acting_user=factories.user(step), approve=False, opinion="时间已过，请修改。")
    assert outcome.verdict == "rejected"
    assert not Page.objects.get(pk=page.pk).live


def test_a_schedule_that_nobody_looked_at_until_its_end_is_refused_with_the_reason(alpha, clock):
    page = factories.publish(factories.draft_article(go_live_at=hours(1), expire_at=hours(2)))
    clock(3)
    assert publish_due_pages() == 0
    stored = Page.objects.get(pk=page.pk)
    assert not stored.live and page_status(stored) == "draft"
    refused = Entry.objects.get(chain=alpha.schema_name, act="page.schedule_refused")
    assert "已经过去" in refused.detail["reasons"][0]


def test_a_page_that_somebody_is_at_stays_due(alpha, clock, monkeypatch):
    from govplatform.refusals import Busy
    from govplatform.review.submission import due_pages

    page = factories.publish(factories.draft_article(go_live_at=hours(1)))
    other = factories.publish(factories.draft_article(go_live_at=hours(1.5)))
    clock(2)
    publish = due_pages.publish_due_revision

    def busy_at_first(revision):
        if int(revision.object_id) == page.pk:
            raise Busy("有人正在办理")
        return publish(revision)

    with monkeypatch.context() as patched:
        patched.setattr(due_pages, "publish_due_revision", busy_at_first)
        assert publish_due_pages() == 1
    assert Page.objects.get(pk=other.pk).live
    assert page_status(Page.objects.get(pk=page.pk)) == "approved"
    clock(2.1)
    assert publish_due_pages() == 1
    assert Page.objects.get(pk=page.pk).live
