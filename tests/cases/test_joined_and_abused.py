"""Letters about one matter are answered together; abuse is ended, and undone while its limit runs."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.cases.abuse import mark_abuse, restore_case
from govplatform.cases.actions import accept_case, close_case
from govplatform.cases.joining import join_case
from govplatform.cases.models import Case
from govplatform.cases.queries import case_of_sender, late_cases, open_cases, published_url, to_accept
from govplatform.cases.retention.letters import erase_cases
from govplatform.cases.statistics import case_statistics
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

from .conftest import send_in
from .test_acts import afresh, assigned
from .test_life import cleared, handed_in, person
from .test_verbs import say

__all__ = ["say"]


def test_one_that_was_erased_is_not_given_the_answer_again(desk):
    case, page = handed_in(kind="help", may_publish=False)
    other = send_in(kind="help", may_publish=False).case
    join_case(other, case, acting_user=person("alpha_clerk"))
    cleared(page)
    assert afresh(other).answer == "由城管局维修，已派工。"
    with tenant_context(desk), holding():
        assert erase_cases(desk, [other.pk]) == 1
    assert afresh(other).answer == ""
    steps = other.steps.count()
    with tenant_context(get_tenant("beta")):
        newest = page.get_latest_revision_as_object()
        newest.answer = "已经修好。"
        newest.save_revision(user=person("beta_editor"))
        submit_for_review(type(page).objects.get(pk=page.pk), acting_user=person("beta_editor"))
    cleared(page)
    assert afresh(case).answer == "已经修好。"
    assert (afresh(other).answer, afresh(other).state, other.steps.count()) == ("", "replied", steps)


def test_one_answer_reaches_every_sender(desk, console):
    case, page = handed_in()
    clerk = console("alpha_clerk", "alpha")
    others = [send_in(title=f"路灯之{n}", text="<b>又坏了</b>") for n in (1, 2)]
    for other in others:
        refused = clerk.post(f"/admin/cases/{other.case.pk}/", {"act": "join", "into": "209900000001"})
        assert (
            "没有编号为 209900000001" in refused.content.decode() and 'value="209900000001"' in refused.content.decode()
        )
        assert clerk.post(f"/admin/cases/{other.case.pk}/", {"act": "join", "into": case.number}).status_code == 302
    assert {afresh(other.case).state for other in others} == {"joined"}
    assert not to_accept(Tenant.objects.filter(code="alpha")).exists()
    assert open_cases(Case.objects.all()).count() == 3
    assert "&lt;b&gt;又坏了" in console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").content.decode()
    cleared(page)
    for other in others:
        mine = case_of_sender(other.case.number, other.query_code)
        assert (mine.state, mine.answer, mine.published_path) == ("replied", "由城管局维修，已派工。", "")
        assert published_url(mine) == published_url(afresh(case)) != ""
    assert case_statistics()["answered"] == 3
    late = send_in(title="路灯之三").case
    join_case(late, case, acting_user=person("alpha_clerk"))
    assert afresh(late).answer == "由城管局维修，已派工。"
    assert Entry.objects.filter(act="case.joined").count() == 3


def test_what_was_joined_ends_as_its_leader_or_goes_its_own_way(desk, console):
    leader, own, stays = assigned(), send_in().case, send_in().case
    for case in (own, stays):
        join_case(case, leader, acting_user=person("alpha_clerk"))
    console("alpha_clerk", "alpha").post(f"/admin/cases/{own.pk}/", {"act": "part"})
    assert afresh(own).state == "accepted" and afresh(own).due_at
    close_case(leader, acting_user=person("alpha_clerk"), reason="不属受理范围。")
    assert (afresh(stays).state, afresh(stays).closing_reason) == ("closed", "不属受理范围。")
    assert afresh(own).state == "accepted"


def test_only_what_belongs_together_is_joined(desk):
    clerk = person("alpha_clerk")
    leader, report, case = assigned(), send_in(kind="report").case, send_in().case
    for one, into, why in (
        (case, case, "并入自己"), (report, leader, "举报只能与举报"), (case, send_in().case, "待受理"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            join_case(one, into, acting_user=clerk)
    join_case(case, leader, acting_user=clerk)
    other = assigned()
    with pytest.raises(Refused, match="已经并入别的来信"):
        join_case(other, afresh(case), acting_user=clerk)
    with pytest.raises(Refused, match="反过来并案"):
        join_case(leader, other, acting_user=clerk)
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert case.pk in late_cases(Case.objects.all()).values_list("pk", flat=True)


def test_abuse_is_undone_while_the_limit_runs(desk, console):
    case = send_in().case
    accept_case(case, acting_user=person("alpha_clerk"))
    due = afresh(case).due_at
    clerk = console("alpha_clerk", "alpha")
    assert "请写明理由" in clerk.post(f"/admin/cases/{case.pk}/", {"act": "abuse"}).content.decode()
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "abuse", "reason": "广告。"})
    assert (afresh(case).state, afresh(case).is_abuse, afresh(case).closing_reason) == ("closed", True, "广告。")
    assert case_statistics()["abuse"] == 1
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "restore", "reason": "看错了。"})
    assert (afresh(case).state, afresh(case).due_at, afresh(case).ended_at) == ("accepted", due, None)
    mark_abuse(case, acting_user=person("alpha_clerk"), reason="广告。")
    with time_machine.travel(due + timedelta(minutes=1)), pytest.raises(Refused, match="期限已过"):
        restore_case(case, acting_user=person("alpha_clerk"), reason="看错了。")


def test_the_verb_joins_parts_and_marks(say):
    leader, case = assigned().number, send_in().case.number
    say("case", "join", case, "--as", "alpha_clerk", status=2)
    assert say("case", "join", case, "--into", leader, "--as", "alpha_clerk")["state"] == "joined"
    assert say("case", "part", case, "--as", "alpha_clerk")["state"] == "accepted"
    assert say("case", "abuse", case, "--reason", "广告。", "--as", "alpha_clerk")["state"] == "closed"
    assert say("case", "restore", case, "--reason", "看错了。", "--as", "alpha_clerk")["state"] == "accepted"
