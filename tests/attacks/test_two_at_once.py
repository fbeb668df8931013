"""Two reviewers decide at the same moment: one of them wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from django_tenants.utils import tenant_context

from govplatform.refusals import Refused
from govplatform.review.models import Decision, Withdrawal
from govplatform.review.submission.actions import decide_review, withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests.factories import draft_article, live_article, submit, user


def at_once(act, people: list[str]) -> list[str]:
    """Outcome of ``act(username)`` for each person, all of them in threads of their own inside alpha."""
    together = Barrier(len(people))

    def run(username: str) -> str:
        try:
            with tenant_context(get_tenant("alpha")):
                together.wait(timeout=60)
                act(username)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def test_one_approves_while_the_other_returns_it(own_database):
    with tenant_context(get_tenant("alpha")):
        page = draft_article()
        submit(page)
    verdict = {"alpha_content": True, "both_content": False}

    def decide(username: str) -> None:
        decide_review(
            page, acting_user=user(username), approve=verdict[username], opinion="意见。", expected_step="content"
        )

    outcomes = at_once(decide, list(verdict))
    assert outcomes.count("done") == 1
    told = next(outcome for outcome in outcomes if outcome != "done")
    assert "他人办结" in told
    with tenant_context(get_tenant("alpha")):
        assert Decision.objects.filter(page_id=page.pk).count() == 1


def test_two_withdraw_the_same_page(own_database):
    with tenant_context(get_tenant("alpha")):
        page = live_article()

    def withdraw(username: str) -> None:
        withdraw_page(page, acting_user=user(username), reason="来源有误。")

    outcomes = at_once(withdraw, ["alpha_content", "alpha_secret"])
    assert outcomes.count("done") == 1
    with tenant_context(get_tenant("alpha")):
        assert Withdrawal.objects.filter(page_id=page.pk).count() == 1


def test_two_submit_the_same_draft(own_database):
    with tenant_context(get_tenant("alpha")):
        page = draft_article()
    outcomes = at_once(lambda username: submit(page, username), ["alpha_editor", "alpha_editor2"])
    assert outcomes.count("done") == 1
    with tenant_context(get_tenant("alpha")):
        assert page.workflow_states.count() == 1
