"""What failed, on the operators' start page and screen in the console tenant."""

import pytest
from django.utils import timezone

from govplatform.consequences.models import Consequence

from .happening import Called, as_job, ring

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/consequences/"


@pytest.fixture
def failed(site):
    with as_job(Called()):
        row = ring(site("alpha"))
        Consequence.objects.filter(pk=row.pk).update(state="failed", attempts=10, error="OSError: the bell is cracked")
        yield row


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_start_page_says_what_was_not_done(failed, console, site):
    start = text_of(console("operator", "console").get("/admin/"))
    assert "后续事项未完成" in start
    assert "OSError: the bell is cracked" in start
    assert site("alpha").full_name in start
    assert "后续事项未完成" not in text_of(console("supervisor", "console").get("/admin/"))
    Consequence.objects.update(state="done", finished_at=timezone.now())
    assert "后续事项未完成" not in text_of(console("operator", "console").get("/admin/"))


def test_the_operator_has_it_done_again(failed, console):
    client = console("operator", "console")
    assert "OSError: the bell is cracked" in text_of(client.get(ADDRESS))
    answer = client.post(f"{ADDRESS}?which=failed", {"id": failed.pk, "act": "retry"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ADDRESS}?which=failed")
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("ready", 0)
    assert "rings" in text_of(client.get(f"{ADDRESS}?which=waiting"))
    assert "OSError" not in text_of(client.get(f"{ADDRESS}?which=undone"))


def test_giving_up_needs_a_reason_and_shows_it_afterwards(failed, console):
    client = console("operator", "console")
    refused = client.post(ADDRESS, {"id": failed.pk, "act": "give_up", "reason": " "})
    assert "请写明理由" in text_of(refused)
    client.post(ADDRESS, {"id": failed.pk, "act": "give_up", "reason": "已人工处理。"})
    failed.refresh_from_db()
    assert failed.given_up_reason == "已人工处理。"
    assert "已人工处理。" in text_of(client.get(f"{ADDRESS}?which=ended"))
    assert "没有编号为 0" in text_of(client.post(ADDRESS, {"id": "x", "act": "retry"}))


@pytest.mark.parametrize(
    ("username", "code"), [("supervisor", "console"), ("alpha_admin", "alpha"), ("alpha_editor", "alpha")]
)
def test_it_opens_to_nobody_else(failed, console, username, code):
    client = console(username, code)
    assert client.get(ADDRESS).status_code in (302, 403)
    client.post(ADDRESS, {"id": failed.pk, "act": "retry"})
    failed.refresh_from_db()
    assert failed.state == "failed"
