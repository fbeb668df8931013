"""Scheduled publishing passes the same gate; what was cleared for a time comes down after it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.review.gate.status import page_status
from govplatform.review.queries import find_gate_faults
from govplatform.review.tasks import publish_due_pages
from tests.factories import approve, document, draft_article, submit


def _approved_for_later(**fields):
    page = draft_article(go_live_at=timezone.now() + timedelta(hours=1), **fields)
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def later(monkeypatch):
    """The clock stands two hours on."""
    moment = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_an_approved_page_waits_for_its_time_and_then_goes_live(alpha, request):
    page = _approved_for_later()
    assert page_status(page) == "approved"
    assert publish_due_pages() == 0
    request.getfixturevalue("later")
    assert publish_due_pages() == 1
    assert page_status(Page.objects.get(pk=page.pk)) == "live"
    assert find_gate_faults() == (1, [])
    assert Entry.objects.filter(chain=alpha.schema_name, act="page.publish").count() == 1


def test_a_schedule_whose_attachment_was_swapped_is_refused_and_recorded(alpha, request):
    attachment = document(b"cleared")
    page = _approved_for_later(body=[{"type": "attachment", "value": {"document": attachment.pk, "title": ""}}])
    with attachment.file.storage.open(attachment.file.name, "wb") as stream:
        stream.write(b"swapped")
    request.getfixturevalue("later")
    assert publish_due_pages() == 0
    assert page_status(Page.objects.get(pk=page.pk)) == "draft"
    refused = Entry.objects.get(chain=alpha.schema_name, act="page.schedule_refused")
    assert "不一致" in refused.detail["reasons"][0]


def test_a_page_cleared_until_a_date_comes_down_after_it(alpha, request):
    page = draft_article(expire_at=timezone.now() + timedelta(hours=1))
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    publish_due_pages()
    assert Page.objects.get(pk=page.pk).live
    request.getfixturevalue("later")
    publish_due_pages()
    assert not Page.objects.get(pk=page.pk).live
