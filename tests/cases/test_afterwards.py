"""What a sender does after the letter: adds to it once, judges the answer once; both by number and code."""

import re
from html import unescape

import pytest
from django_tenants.utils import tenant_context

from govplatform.cases.actions import close_case
from govplatform.cases.models import Case, Judgement, Supplement
from govplatform.cases.sender_acts import ADDED, add_to_case, judge_answer
from govplatform.cases.statistics import case_statistics
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case, reply_to

from .conftest import IDENTITY, as_form, form_of, send_in
from .test_life import cleared, handed_in, person
from .test_verbs import say

__all__ = ["say"]
ASK = "/interaction/ask/"


@pytest.fixture
def follow(desk, citizen):
    """A sender before 办理查询: ``follow(taken)`` asks; ``follow.act(page, **fields)`` sends a form of the page."""
    client = citizen("alpha")

    def ask(taken):
        form = form_of(client.get(ASK))
        return client.post(ASK, **as_form({**form, "number": taken.case.number, "code": taken.query_code}))

    def act(page, **fields):
        html = page.content.decode()
        hidden = {name: unescape(value) for name, value in re.findall(r'name="(number|token)" value="([^"]*)"', html)}
        return client.post(ASK, **as_form({**hidden, **fields}))

    ask.act = act
    return ask


def test_something_is_added_once_while_the_letter_is_open(follow, console):
    taken = send_in()
    page = follow(taken)
    assert taken.query_code not in page.content.decode()
    long = follow.act(page, act="add", added="补" * (ADDED + 1))
    assert long.status_code == 422 and "补" * (ADDED + 1) in long.content.decode()
    added = follow.act(long, act="add", added="<b>门牌</b>是 3 号。")
    assert added.status_code == 200 and "补充已收到" in added.content.decode()
    assert "&lt;b&gt;门牌" in added.content.decode() and 'name="added"' not in added.content.decode()
    assert follow.act(page, act="add", added="<b>门牌</b>是 3 号。").status_code == 200
    again = follow.act(page, act="add", added="还有一件。")
    assert again.status_code == 422 and "已经补充过一次" in again.content.decode()
    assert list(taken.case.steps.values_list("act", flat=True)) == ["submitted", "supplemented"]
    shown = console("alpha_clerk", "alpha").get(f"/admin/cases/{taken.case.pk}/").content.decode()
    assert "&lt;b&gt;门牌&lt;/b&gt;是 3 号。" in shown


def test_a_page_of_one_letter_opens_no_other(follow, citizen):
    one, other = send_in(), send_in(title="另一件")
    page = follow(one)
    assert follow.act(page, act="add", added="补充", number=other.case.number).status_code == 422
    assert follow.act(citizen("alpha").get(ASK), act="judge", number=one.case.number).status_code == 422
    assert not Supplement.objects.exists()


def test_the_answer_is_judged_once(desk, console):
    case, page = handed_in()
    with pytest.raises(Refused, match="还没有答复"):
        judge_answer(case, "satisfied")
    cleared(page)
    with pytest.raises(Refused, match="请选择"):
        judge_answer(case, "other")
    judge_answer(case, "fairly", "慢了一点。")
    judge_answer(case, "fairly", "慢了一点。")
    with pytest.raises(Refused, match="已经评价过"):
        judge_answer(case, "satisfied")
    assert case_statistics(site=get_tenant("beta"))["satisfaction"] == {
        "satisfied": 0, "fairly": 1, "dissatisfied": 0,
    }  # fmt: skip
    assert "慢了一点" in console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match="已经办结"):
        add_to_case(case, "补充")


def test_the_answer_is_judged_on_its_page_without_script(follow):
    taken = send_in()
    cleared(handed_in(taken=taken)[1])
    page = follow(taken)
    none = follow.act(page, act="judge", words="慢了一点。")
    assert none.status_code == 422 and 'id="fault-grade">' in none.content.decode()
    assert "慢了一点。" in none.content.decode()
    done = follow.act(none, act="judge", grade="fairly", words="慢了一点。")
    assert done.status_code == 200 and "评价已收到" in done.content.decode()
    assert 'name="grade"' not in done.content.decode() and "慢了一点。" in done.content.decode()
    assert Judgement.objects.get().grade == "fairly"


def test_a_letter_closed_without_an_answer_is_not_judged(follow):
    taken = send_in()
    close_case(taken.case, acting_user=person("alpha_clerk"), reason="不属受理范围。")
    page = follow(taken)
    assert 'name="grade"' not in page.content.decode() and 'name="added"' not in page.content.decode()
    refused = follow.act(page, act="judge", number=taken.case.number)
    assert refused.status_code == 422 and not Judgement.objects.exists()


def test_what_was_added_stands_masked_beside_the_answer(desk):
    case, page = handed_in()
    with tenant_context(get_tenant("beta")):
        scan_now(page, acting_user=person("beta_editor"))
        decide_from_the_shell(page, acting_user=person("beta_content"), approve=False, opinion="请写明时间。")
    add_to_case(case, f"证件{IDENTITY}。")
    answer_case(Case.objects.get(pk=case.pk), "三日内修好。", acting_user=person("beta_editor"))
    with tenant_context(get_tenant("beta")):
        question = reply_to(case).get_latest_revision_as_object().question
    assert "补充：\n证件110105********002X。" in question


def test_the_verb_adds_and_judges(say, tmp_path):
    taken, text = send_in(), tmp_path / "added.txt"
    text.write_text("门牌是 3 号。", encoding="utf-8")
    words = (taken.case.number, "--code", taken.query_code, "--text", str(text))
    assert say("case", "add", *words)["state"] == "submitted"
    assert Supplement.objects.get().text == "门牌是 3 号。"
    assert say("case", "judge", *words, "--grade", "satisfied", status=3)["refused"]
