"""The verbs of queue, emergency and follow-ups."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from tests.factories import draft_article, submit


@pytest.fixture
def said(verb):
    """``said("claim", ...)``: what the verb printed as JSON; its exit status is ``status``."""

    def run(*words, status=0):
        done = verb(*words, "--json")
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr

    return run


def test_an_emergency_by_verbs(said, own_database):
    with tenant_context(get_tenant("alpha")):
        page = draft_article(title="防汛预警")
    at = ("--site", "alpha", "--page", str(page.pk))
    named = ("--content-reviewer", "alpha_content", "--confidentiality-reviewer", "alpha_secret")
    said("submit", *at, "--as", "alpha_editor", "--emergency", "台风将至。", status=2)
    refused = said("submit", *at, "--as", "alpha_secret", "--emergency", "台风将至。", *named, status=3)
    assert "编辑角色" in refused["refused"][0]
    done = said("submit", *at, "--as", "alpha_editor", "--emergency", "台风将至。", *named)
    assert done == {"page": page.pk, "status": "in_review", "next_step": "content", "levels": 1, "emergency": True}
    said("review", *at, "--as", "both_content", "--approve", "--opinion", "同意。", status=3)
    said("review", *at, "--as", "alpha_content", "--approve", "--opinion", "同意。")
    said("review", *at, "--as", "alpha_secret", "--approve", "--opinion", "同意。")
    again = said("queue", "--as", "both_content")["again"]
    assert [(row["kind"], row["page"], row["late"]) for row in again] == [("after_review", page.pk, False)]
    said("after_review", *at, "--as", "alpha_secret", "--confirm", "--opinion", "属实。", status=3)
    done = said("after_review", *at, "--as", "both_content", "--withdraw", "--opinion", "不实。")
    assert done == {"page": page.pk, "decision": "withdrawn", "status": "withdrawn"}


def test_queue_claim_and_absence_by_verbs(said, own_database):
    with tenant_context(get_tenant("alpha")):
        page = draft_article(title="防汛预案")
        submit(page)
    at = ("--site", "alpha", "--page", str(page.pk))
    assert said("claim", *at, "--as", "alpha_content")["claimed_by"] == "alpha_content"
    said("claim", *at, "--as", "both_content", status=3)
    assert said("claim", *at, "--as", "alpha_content", "--to", "both_content", "--note", "开会")["step"] == "content"
    assert said("queue", "--as", "both_content", "--mine")["waiting"][0]["claimed"] == "mine"
    said(
        "absence", "--as", "both_content", "--deputy", "alpha_content", "--from", "2026-01-01", "--until", "2999-01-01"
    )
    row = said("queue", "--as", "alpha_content", "--mine")["waiting"][0]
    assert (row["claimed"], row["claimed_by"]) == ("deputy", "双站内审")
    assert said("claim", *at, "--as", "alpha_content", "--release")["claimed_by"] is None


def test_withdrawing_at_once_by_verbs(said, live):
    page = live("article")
    at = ("--site", "alpha", "--page", str(page.pk))
    for who in ("operator", "alpha_editor", "alpha_admin"):
        said("withdraw", *at, "--as", who, "--reason", "x", status=3)
    done = said("withdraw", *at, "--as", "supervisor", "--reason", "附件泄密。")
    assert done["status"] == "withdrawn"
    assert done["confirm_by"]
    said("confirm_withdrawal", *at, "--as", "supervisor", "--confirm", "--opinion", "x", status=3)
    done = said("confirm_withdrawal", *at, "--as", "alpha_content", "--contest", "--opinion", "并不涉密。")
    assert done["decision"] == "contested"
