"""紧急送审: two named people, and a third who looks again afterwards."""

import pytest
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.models import AfterReview, Submission
from govplatform.review.submission.actions import submit_for_review, take_back
from govplatform.review.submission.followups import judge_after_review, open_followups
from govplatform.review.submission.queue import waiting_reviews
from tests.factories import approve, draft_article, live_article, user

from .reviewers import emergency, reviewer, use_levels


def hand_in(page, **fields):
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency(**fields))


def gone_out(**fields):
    page = draft_article()
    hand_in(page, **fields)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    page.refresh_from_db()
    assert page.live
    return page


def test_it_takes_the_two_least_steps_whatever_the_level(alpha, settings, tmp_path):
    use_levels(alpha, settings, tmp_path, 3)
    page = gone_out()
    after = AfterReview.objects.get(page_id=page.pk)
    assert after.due_at > timezone.now()
    assert after.clearance.levels == 1


def test_an_ordinary_publication_waits_for_no_review_after_the_fact(alpha):
    live_article()
    assert not AfterReview.objects.exists()


def test_only_the_named_people_take_it(alpha):
    page = draft_article()
    hand_in(page)
    with pytest.raises(Refused, match="指定由"):
        approve(page, "both_content")
    assert page.pk not in [item.page_id for item in waiting_reviews(user("both_content"))]
    mine = next(item for item in waiting_reviews(user("alpha_content")) if item.page_id == page.pk)
    assert mine.emergency
    assert mine.emergency_reason == "防汛预警。"


def test_its_deadline_is_shorter(alpha):
    usual, urgent = draft_article(), draft_article()
    submit_for_review(usual, acting_user=user("alpha_editor"))
    hand_in(urgent)
    waiting = waiting_reviews(user("alpha_content"))
    assert [item.page_id for item in waiting] == [urgent.pk, usual.pk]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": " "}, "理由"),
        ({"secret": "alpha_content"}, "两个不同的人"),
        ({"content": "alpha_secret"}, "不是“内容审核”"),
        ({"content": "beta_content"}, "不是“内容审核”"),
        ({"secret": "alpha_editor2"}, "不是“保密审查”"),
    ],
)
def test_what_may_not_be_asked_for(alpha, fields, why):
    page = draft_article()
    with pytest.raises(Refused, match=why):
        hand_in(page, **fields)
    assert not Submission.objects.exists()


def test_a_named_person_with_a_hand_in_the_page_is_refused(alpha):
    page = draft_article()
    page.save_revision(user=user("alpha_content"))
    page.save_revision(user=user("alpha_editor"))
    with pytest.raises(Refused, match="参与过"):
        hand_in(page)


def test_an_independent_reviewer_confirms_after_the_fact(alpha):
    page = gone_out()
    after = AfterReview.objects.get(page_id=page.pk)
    assert [item.number for item in open_followups(user("both_content"))] == [after.pk]
    judge_after_review(after, acting_user=user("both_content"), confirm=True, opinion="属实。")
    assert open_followups(user("both_content")) == []
    page.refresh_from_db()
    assert page.live
    assert Entry.objects.filter(chain=alpha.schema_name, act="after_review.confirmed").exists()


def test_or_the_page_comes_down(alpha):
    page = gone_out()
    after = AfterReview.objects.get(page_id=page.pk)
    judge_after_review(after, acting_user=user("both_content"), confirm=False, opinion="泄露了内部电话。")
    page.refresh_from_db()
    assert not page.live
    assert page.withdrawals.get().reason == "泄露了内部电话。"
    with pytest.raises(Refused, match="已经办结"):
        judge_after_review(after, acting_user=user("both_content"), confirm=True, opinion="算了。")


@pytest.mark.parametrize("who", ["alpha_content", "alpha_secret", "alpha_editor", "alpha_admin", "supervisor"])
def test_who_does_not_review_after_the_fact(alpha, who):
    after = AfterReview.objects.get(page_id=gone_out().pk)
    with pytest.raises(Refused):
        judge_after_review(after, acting_user=user(who), confirm=True, opinion="属实。")


def test_a_late_one_is_shown_to_reviewers_and_to_the_supervisor(alpha, monkeypatch):
    from govplatform.review.submission import emergency as module

    monkeypatch.setattr(module, "after_review_due", lambda pack, at: at - timezone.timedelta(minutes=1))
    gone_out()
    assert [item.late for item in open_followups(user("supervisor"))] == [True]
    assert [item.late for item in open_followups(user("both_content"))] == [True]
    assert open_followups(user("alpha_content")) == []
    assert open_followups(user("beta_content")) == []


def test_taken_back_and_handed_in_as_usual_it_is_no_emergency_any_more(alpha):
    page = draft_article()
    hand_in(page)
    take_back(page, acting_user=user("alpha_editor"))
    submit_for_review(page, acting_user=user("alpha_editor"))
    assert page.pk in [item.page_id for item in waiting_reviews(user("both_content"))]


def test_a_reviewer_after_the_fact_needs_a_role_here(alpha):
    from govplatform.tenancy.queries import get_tenant

    stranger = reviewer("beta_third", get_tenant("beta"), "content-reviewer")
    after = AfterReview.objects.get(page_id=gone_out().pk)
    with pytest.raises(Refused, match="没有审查角色"):
        judge_after_review(after, acting_user=stranger, confirm=True, opinion="属实。")
