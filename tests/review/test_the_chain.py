"""editor -> content review -> confidentiality review -> published."""

import re

import pytest

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.queries import describe_page, find_gate_faults, get_page
from govplatform.review.submission.actions import decide_review, withdraw_page
from tests.factories import approve, draft_article, live_article, submit, user


def test_a_document_goes_live_after_two_approvals_by_two_people(alpha):
    page = draft_article()
    assert describe_page(page, alpha)["status"] == "draft"
    submit(page)
    assert describe_page(get_page(page.pk), alpha)["next_step"] == "content"
    approve(page, "alpha_content")
    assert describe_page(get_page(page.pk), alpha)["next_step"] == "confidentiality"
    approve(page, "alpha_secret")
    shown = describe_page(get_page(page.pk), alpha)
    assert shown["status"] == "live"
    assert shown["url"] == f"http://alpha.localhost:8000/news/{page.slug}/"
    assert re.fullmatch(r"3:[0-9a-f]{64}", shown["digest"])
    assert find_gate_faults() == (1, [])


def test_a_returned_document_starts_again_from_the_first_step(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    decide_review(page, acting_user=user("alpha_secret"), approve=False, opinion="附件里有电话。")
    assert describe_page(get_page(page.pk), alpha)["status"] == "returned"
    submit(page)
    assert describe_page(get_page(page.pk), alpha)["next_step"] == "content"


def test_an_opinion_is_required(alpha):
    page = draft_article()
    submit(page)
    with pytest.raises(Refused, match="意见"):
        decide_review(page, acting_user=user("alpha_content"), approve=True, opinion="  ")


def test_withdrawal_needs_a_reason_and_leaves_the_page_withdrawn(alpha, live):
    page = live("article")
    with pytest.raises(Refused, match="理由"):
        withdraw_page(page, acting_user=user("alpha_content"), reason="")
    withdraw_page(page, acting_user=user("alpha_content"), reason="来源有误。")
    assert describe_page(get_page(page.pk), alpha)["status"] == "withdrawn"


def test_every_act_stands_in_the_site_s_own_chain(alpha):
    live_article()
    acts = list(Entry.objects.filter(chain=alpha.schema_name).order_by("number").values_list("act", flat=True))
    assert acts[-6:] == [
        "review.submit",
        "scan.done",
        "review.approved",
        "review.approved",
        "review.cleared",
        "page.publish",
    ]
