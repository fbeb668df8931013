"""Two people, two clicks, two acts at the same moment; and a process that is killed between answer and publication."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections, transaction
from django_tenants.utils import tenant_context

from govplatform.cases.actions import accept_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.intake import read_request, submit_request
from govplatform.cases.disclosure.stopping import (
    ask_completion,
    ask_third_party,
    complete_by_sender,
    record_completion,
)
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, CaseStep, ClockStop
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_now
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from sites.interaction.models import PublicReply
from tests import factories

from .conftest import prepare_columns, send_in
from .test_acts import afresh, assigned
from .test_disclosure import GIVEN, handled
from .test_life import handed_in, person


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave back or why it was refused; all of them begin together, in threads of their own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            together.wait(timeout=60)
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_at_the_same_moment(own_database, subtests):
    prepare_columns()
    alpha, beta, clerk, editor = get_tenant("alpha"), get_tenant("beta"), person("alpha_clerk"), person("beta_editor")

    with subtests.test("one of two clerks accepts"):
        case = send_in().case
        outcomes = at_once(*[lambda: accept_case(case, acting_user=person("alpha_clerk"))] * 2)
        assert [isinstance(one, Refused) for one in outcomes].count(True) == 1
        assert case.steps.filter(act="accepted").count() == 1

    with subtests.test("two clicks make one letter"):
        nonce, letter = new_nonce(), read_letter("help", "两次", "点了两次。", may_publish=False)
        outcomes = at_once(*[lambda: submit_case(letter, alpha, nonce=nonce)] * 2)
        assert len({(one.case.number, one.query_code) for one in outcomes}) == 1
        assert Case.objects.filter(title="两次").count() == 1

    with subtests.test("passed on while it is answered: one of both"):
        case = assigned()
        passed, answered = at_once(
            lambda: assign(case, alpha, acting_user=clerk), lambda: answer_case(case, "已修好。", acting_user=editor)
        )
        assert isinstance(passed, Refused) != isinstance(answered, Refused)
        with tenant_context(beta):
            drafts = PublicReply.objects.filter(case_number=case.number).count()
        now = afresh(case)
        assert (now.organisation.code, now.state, drafts) in (("alpha", "assigned", 0), ("beta", "in_review", 1))

    with subtests.test("a third party is asked while the request is decided: one of both"):
        request = handled()
        asked, decided = at_once(
            lambda: ask_third_party(request, acting_user=editor, who="第三方", text="是否同意？"),
            lambda: answer_case(request, "见附件。", acting_user=editor, decision="granted"),
        )
        assert isinstance(asked, Refused) != isinstance(decided, Refused)
        waits = ClockStop.objects.filter(case=request, ended_at=None).exists()
        assert (afresh(request).state, waits) in (("assigned", True), ("in_review", False))

    with subtests.test("one of two clerks confirms that a request has come"):
        request = submit_request(read_request(GIVEN), alpha, nonce=new_nonce()).case
        outcomes = at_once(*[lambda: accept_case(request, acting_user=person("alpha_clerk"))] * 2)
        assert [isinstance(one, Refused) for one in outcomes].count(True) == 1

    with subtests.test("completed on paper and by the form: once"):
        taken = handled()
        ask_completion(taken, acting_user=editor, text="请写明年份。")
        outcomes = at_once(
            lambda: complete_by_sender(afresh(taken), "2025年。"),
            lambda: record_completion(afresh(taken), acting_user=editor, text="2024年。"),
        )
        assert [isinstance(one, Refused) for one in outcomes].count(True) == 1
        assert taken.steps.filter(act="completed").count() == 1


def test_killed_before_the_last_approval_is_committed(own_database):
    prepare_columns()
    case, page = handed_in()
    beta = get_tenant("beta")
    with tenant_context(beta):
        scan_now(page, acting_user=person("beta_editor"))
        factories.approve(page, "beta_content")
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with tenant_context(beta), transaction.atomic():
                factories.approve(page, "beta_secret")
                if Case.objects.get(pk=case.pk).state == "replied":
                    os.kill(os.getpid(), signal.SIGKILL)
        finally:
            # Never on into the tests of the parent.
            os._exit(1)
    _pid, ended = os.waitpid(child, 0)
    assert os.WTERMSIG(ended) == signal.SIGKILL
    with tenant_context(beta):
        assert not PublicReply.objects.get(pk=page.pk).live
        assert (afresh(case).state, afresh(case).answer) == ("in_review", "")
        assert not CaseStep.objects.filter(case=case, act="replied").exists()
        factories.approve(page, "beta_secret")
        assert PublicReply.objects.get(pk=page.pk).live
    assert (afresh(case).state, afresh(case).published_path) != ("in_review", "")
