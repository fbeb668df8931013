"""Ways round the levels, the named people, the claims and the supervisor's withdrawal."""

import pytest
from django.utils import timezone

from govplatform.accounts.actions import grant_role
from govplatform.review.models import AfterReview, Claim, Clearance, Decision, Submission, Withdrawal
from govplatform.review.models import WithdrawalConfirmation as Confirmation
from govplatform.review.submission.claim_actions import claim_review
from govplatform.review.submission.followups import confirm_withdrawal
from govplatform.tenancy.queries import get_tenant
from tests.factories import approve, draft_article, submit, user
from tests.review.reviewers import emergency, reviewer, use_levels

from .conftest import execute, is_live, refused
from .test_forged_records import clear, forged_decision
from .test_two_at_once import at_once


@pytest.fixture
def three(alpha, settings, tmp_path):
    use_levels(alpha, settings, tmp_path, 3)
    return alpha


def test_the_same_person_on_two_of_three_levels(three):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    with refused("不同的人"):
        approve(page, "alpha_content")
    approve(page, "both_content")
    for who in ("alpha_content", "both_content"):
        with refused("不同的人"):
            approve(page, who)


def test_one_person_with_both_roles_takes_the_last_level_and_the_confidentiality_review(three):
    third = reviewer("alpha_third", three, "content-reviewer", "confidentiality-reviewer")
    page = draft_article()
    submit(page)
    for who in ("alpha_content", "both_content", third.username):
        approve(page, who)
    with refused("不同的人"):
        approve(page, third.username)


def test_a_clearance_that_leaves_out_a_level(three):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    approve(page, "both_content")
    content = Decision.objects.get(page_id=page.pk, step="content")
    secret = forged_decision(page, "confidentiality", "alpha_secret", digest=content.digest)
    for levels in (1, 2, 3):
        with refused("gate"):
            clear(page, content, secret, levels=levels)


def test_the_shorter_workflow_started_behind_the_platform(three):
    from wagtail.models import Page, Workflow

    from govplatform.review.gate.levels import WORKFLOW_NAMES

    page = draft_article()
    submit(page)
    Page.objects.get(pk=page.pk).current_workflow_state.cancel(user=user("alpha_editor"))
    Workflow.objects.get(name=WORKFLOW_NAMES[1]).start(Page.objects.get(pk=page.pk), user("alpha_editor"))
    approve(page, "alpha_content")
    with refused():
        approve(page, "alpha_secret")
    assert not is_live(page)


def test_a_submission_rewritten_to_fewer_levels(three):
    page = draft_article()
    submit(page)
    with refused("does not change"):
        Submission.objects.update(levels=1)
    approve(page, "alpha_content")
    with refused("is kept"):
        execute("DELETE FROM review_submission")


def test_a_forged_submission_does_not_shorten_the_way(three):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    Submission.objects.create(
        page_id=page.pk, revision=page.latest_revision, levels=1, submitted_by=user("alpha_editor"),
        rule_pack="x", submitted_at=timezone.now() - timezone.timedelta(hours=1),
    )  # fmt: skip
    page.current_workflow_task_state.approve(user=user("both_content"))
    with refused():
        approve(page, "alpha_secret")
    assert not Clearance.objects.exists()


def test_an_emergency_decided_by_somebody_who_was_not_named(alpha):
    from govplatform.review.submission.actions import submit_for_review

    page = draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency())
    with refused("指定由"):
        approve(page, "both_content")
    with refused("named people"):
        forged_decision(page, "content", "both_content")


def test_an_emergency_does_not_skip_the_confidentiality_review(alpha):
    from govplatform.review.gate.scans import scan_now
    from govplatform.review.submission.actions import submit_for_review

    page = draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency())
    scan_now(page, acting_user=user("alpha_editor"))
    approve(page, "alpha_content")
    content = Decision.objects.get(page_id=page.pk)
    with refused("two approvals"):
        clear(page, content, content)
    assert not is_live(page)


def test_a_review_after_the_fact_by_one_of_the_two_or_closed_twice(alpha):
    from govplatform.review.gate.scans import scan_now
    from govplatform.review.submission.actions import submit_for_review

    page = draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"), emergency=emergency())
    scan_now(page, acting_user=user("alpha_editor"))
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    after = AfterReview.objects.filter(page_id=page.pk)

    def close(who):
        after.update(verdict="confirmed", opinion="x", reviewer=user(who), decided_at=timezone.now())

    for who in ("alpha_content", "alpha_secret"):
        with refused("reviewed first"):
            close(who)
    for who in ("alpha_editor", "supervisor", "beta_content"):
        with refused("independent"):
            close(who)
    with refused("closed once"):
        after.update(due_at=timezone.now() + timezone.timedelta(days=400))
    with refused("never deleted"):
        execute("DELETE FROM review_afterreview")
    close("both_content")
    with refused("closed once"):
        close("both_content")


def test_a_claim_of_another_site_s_page(alpha, console):
    page = draft_article()
    submit(page)
    with refused("不能办理"):
        claim_review(page, acting_user=user("beta_content"))
    client = console("beta_content", "beta")
    client.post("/admin/review/claim/", {"site": "alpha", "page": page.pk, "act": "claim"})
    answer = client.get("/admin/review/hand-over/", {"site": "alpha", "page": page.pk}, follow=True)
    assert answer.redirect_chain == [("/admin/review/", 302)]
    assert page.title not in answer.content.decode()
    assert not Claim.objects.exists()


def test_a_supervisor_confirms_what_he_withdrew_himself(alpha, live):
    from govplatform.review.submission.actions import withdraw_page

    withdrawal = withdraw_page(live("article"), acting_user=user("supervisor"), reason="x", break_glass=True)
    # Even a role on the site does not help.
    grant_role(user("supervisor"), "content-reviewer", tenant=alpha, acting_user=None)
    with refused("撤回人"):
        confirm_withdrawal(withdrawal, acting_user=user("supervisor"), confirm=True, opinion="x")
    values = {"verdict": "confirmed", "opinion": "x", "reviewer_name": "x", "decided_at": timezone.now()}
    with refused("of his own"):
        Confirmation.objects.create(withdrawal=withdrawal, reviewer=user("supervisor"), **values)
    for who, why in (("operator", "a supervisor confirms"), ("alpha_editor", "a supervisor confirms")):
        with refused(why):
            Confirmation.objects.create(withdrawal=withdrawal, reviewer=user(who), **values)
    Confirmation.objects.create(withdrawal=withdrawal, reviewer=user("alpha_secret"), **values)
    with refused():
        execute("UPDATE review_withdrawalconfirmation SET verdict = 'contested'")
    with refused():
        execute("DELETE FROM review_withdrawalconfirmation")


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "operator", "outsider", "beta_content"])
@pytest.mark.parametrize("break_glass", [True, False])
def test_a_withdrawal_forged_in_the_name_of_others(alpha, live, who, break_glass):
    now = timezone.now()
    with refused("gate"):
        Withdrawal.objects.create(
            page_id=live("article").pk, reason="x", withdrawn_by=user(who), withdrawn_at=now, break_glass=break_glass,
            confirm_by=now,
        )  # fmt: skip


def test_two_claim_the_same_step(own_database):
    from django_tenants.utils import tenant_context

    with tenant_context(get_tenant("alpha")):
        page = draft_article()
        submit(page)
    outcomes = at_once(lambda who: claim_review(page, acting_user=user(who)), ["alpha_content", "both_content"])
    assert outcomes.count("done") == 1
    assert "正在办理" in next(outcome for outcome in outcomes if outcome != "done")
    with tenant_context(get_tenant("alpha")):
        assert Claim.objects.count() == 1
