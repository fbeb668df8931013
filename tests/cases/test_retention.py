"""Personal data goes when its term is over; numbers stay, and nothing that is open or held back goes."""

import json
import os
import signal
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import PageLogEntry, Revision

from govplatform.audit.models import Entry
from govplatform.cases.actions import accept_case, assign_case, close_case
from govplatform.cases.attachments import SentFile, read_files
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Attachment, Case, CaseStep, Erasure
from govplatform.cases.opinions import ask_opinion, give_opinion
from govplatform.cases.queries import find_case
from govplatform.cases.retention import erasing
from govplatform.cases.retention.erasing import count_due, erase_due
from govplatform.cases.retention.holders import holders
from govplatform.cases.retention.holds import hold_data, release_data
from govplatform.cases.retention.queries import erased_after
from govplatform.cases.sender_acts import add_to_case, judge_answer
from govplatform.cases.statistics import case_statistics
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.models import Clearance
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from sites.interaction.erasing import ERASED
from tests.verbs import call_verb

from .conftest import as_form, form_of, prepare_columns, send_in
from .test_acts import afresh
from .test_life import cleared, person
from .test_verbs import say

__all__ = ["say"]

#: What stands in the letters of this file and nowhere else.
_PERSON, _PHONE = "欧阳测试", "0000-1234567"
_PDF = b"%PDF-1.4\n%nothing\n"


def letter(**given):
    """A letter with something of a person wherever one can be."""
    fields = {"kind": "help", "title": f"{_PERSON}反映", "text": f"{_PERSON}住三号楼", "may_publish": False}
    sent = read_letter(**{**fields, "name": _PERSON, "phone": _PHONE, **given})
    files = read_files([SentFile(f"{_PERSON}.pdf", _PDF)])
    return submit_case(sent, get_tenant("alpha"), nonce=new_nonce(), files=files).case


def closed(**given):
    case = letter(**given)
    return close_case(case, acting_user=person("alpha_clerk"), reason=f"{_PERSON}已撤回。")


def over(case, months=25):
    """``case``, as if it had ended so long ago."""
    Case.objects.filter(pk=case.pk).update(ended_at=timezone.now() - timedelta(days=31 * months))
    return case


def everything_kept():
    """Every row of the tables of cases as PostgreSQL writes it, in one text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_name LIKE 'cases_%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in names:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM public.{name} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_nothing_of_a_person_is_left_and_every_number_is(desk):
    clerk, editor = person("alpha_clerk"), person("beta_editor")
    case = letter(kind="complaint", may_publish=False)
    add_to_case(case, f"{_PERSON}补充")
    accept_case(case, acting_user=clerk)
    assign_case(case, get_tenant("beta"), acting_user=clerk, reason=f"{_PERSON}的事")
    ask_opinion(case, get_tenant("alpha"), acting_user=clerk, note=f"问{_PERSON}")
    give_opinion(case, get_tenant("alpha"), f"{_PERSON}属实", acting_user=person("alpha_editor"))
    cleared(answer_case(afresh(case), f"{_PERSON}：已修好。", acting_user=editor))
    case = afresh(case)
    judge_answer(case, "satisfied", f"{_PERSON}谢谢")
    closed(kind="help")
    for one in Case.objects.all():
        over(one)
    before, listed = case_statistics(), case_statistics(site=get_tenant("beta"), year=timezone.localdate().year)
    assert _PERSON in everything_kept()
    assert [(one.holder.code, one.site.code, one.rows) for one in count_due()] == [("letters", "alpha", 2)]
    assert Case.objects.filter(erased_at=None).count() == 2
    assert ("letters", 2) in [(one.holder.code, one.rows) for one in erase_due()]
    assert _PERSON not in everything_kept()
    assert not Attachment.objects.exists() and not Case.objects.exclude(contact=None).exists()
    assert (case_statistics(), case_statistics(site=get_tenant("beta"), year=timezone.localdate().year)) == (
        before, listed,
    )  # fmt: skip
    assert set(CaseStep.objects.filter(act="erased").values_list("case__number", flat=True)) == set(
        Case.objects.values_list("number", flat=True)
    )
    entry = Entry.objects.filter(act="case_data.erased", chain=get_tenant("alpha").schema_name).get()
    assert (entry.detail, entry.object_id) == ({"holder": "letters", "rows": 2}, "")
    assert Erasure.objects.get(holder="letters").rows == 2
    with pytest.raises(Refused, match="到期删除"):
        judge_answer(find_case(Case.objects.get(kind="help").number), "satisfied")


def test_the_page_of_a_private_answer_follows_and_nothing_else_of_it_changes(desk):
    clerk, editor, beta = person("alpha_clerk"), person("beta_editor"), get_tenant("beta")
    cases = []
    for agreed in (False, True):
        case = letter(kind="complaint", may_publish=agreed)
        accept_case(case, acting_user=clerk)
        assign_case(case, beta, acting_user=clerk)
        page = cleared(answer_case(afresh(case), f"{_PERSON}：已修好。", acting_user=editor))
        cases.append((over(case), page))
    (private, hidden), (public, shown) = cases
    with tenant_context(beta):
        before = page_rows(hidden), page_rows(shown)
        assert all(_PERSON in rows for rows in before)
        with pytest.raises(DatabaseError, match="decided"), transaction.atomic():
            Revision.objects.filter(object_id=str(hidden.pk)).update(content=blank_of(hidden))
    assert [(one.holder.code, one.site.code, one.rows) for one in erase_due()] == [
        ("letters", "alpha", 2), ("unshown-replies", "beta", 1),
    ]  # fmt: skip
    assert erase_due() == []
    with tenant_context(beta):
        assert _PERSON not in page_rows(hidden)
        assert page_rows(shown) == before[1]
        assert Clearance.objects.filter(page_id=hidden.pk).exists()
        revision = Revision.objects.filter(object_id=str(hidden.pk)).last()
        for changed in ({"question": _PERSON}, {"title": _PERSON}, {"case_number": "1"}, {"department": "别处"}):
            with pytest.raises(DatabaseError, match="decided"), transaction.atomic():
                Revision.objects.filter(pk=revision.pk).update(content=revision.content | changed)
    assert afresh(public).answer == f"{_PERSON}：已修好。" and afresh(private).answer == ""
    assert call_verb("verify_gate", "--site", "beta").returncode == 0
    assert call_verb("verify_audit").returncode == 0


def blank_of(page):
    revision = Revision.objects.filter(object_id=str(page.pk)).last()
    return revision.content | {"question": "", "answer": "", "title": ERASED}


def page_rows(page):
    """Everything that the schema of the current site holds of a page, but for the record of who decided what."""
    rows = [str(list(Revision.objects.filter(object_id=str(page.pk)).values()))]
    rows += [str(list(PageLogEntry.objects.filter(page=page.pk).values()))]
    with connection.cursor() as cursor:
        for table, key in (
            ("wagtailcore_page", "id"), ("interaction_privatereply", "page_ptr_id"),
            ("interaction_publicreply", "page_ptr_id"), ("wagtailsearch_indexentry", "object_id"),
        ):  # fmt: skip
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {key}::text = %s", [str(page.pk)])
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_open_young_and_held_ones_stay(desk):
    fresh, waiting, held = closed(), letter(title="还没办"), over(closed())
    Case.objects.filter(pk=waiting.pk).update(ended_at=timezone.now() - timedelta(days=2000))
    supervisor = person("supervisor")
    with pytest.raises(Refused, match="监管员"):
        hold_data(held, acting_user=person("alpha_clerk"), reason="行政诉讼")
    with pytest.raises(Refused, match="理由"):
        hold_data(held, acting_user=supervisor, reason=" ")
    hold_data(held, acting_user=supervisor, reason="行政诉讼")
    with pytest.raises(Refused, match="已经暂缓"):
        hold_data(held, acting_user=supervisor, reason="行政诉讼")
    assert erase_due() == count_due() == []
    assert erased_after(afresh(held)) is None and erased_after(afresh(waiting)) is None
    assert erased_after(afresh(fresh)) > timezone.now() + timedelta(days=700)
    release_data(held, acting_user=supervisor, reason="已结案")
    with pytest.raises(Refused, match="没有暂缓"):
        release_data(held, acting_user=supervisor, reason="已结案")
    assert [one.rows for one in erase_due()] == [1]
    assert {case.pk for case in Case.objects.filter(erased_at=None)} == {fresh.pk, waiting.pk}
    with pytest.raises(Refused, match="已经到期删除"):
        hold_data(afresh(held), acting_user=supervisor, reason="行政诉讼")


def test_held_back_while_the_job_has_it_in_its_hands(desk):
    case, site = over(closed()), get_tenant("alpha")
    [letters] = [one for one in holders() if one.code == "letters"]
    keys = list(letters.due(site, timezone.now()).values_list("pk", flat=True))
    hold_data(case, acting_user=person("supervisor"), reason="行政复议")
    with tenant_context(site), holding():
        assert (keys, letters.erase(site, keys)) == ([case.pk], 0)
    assert afresh(case).text and not case.steps.filter(act="erased").exists()


def test_killed_between_two_batches_it_goes_on(own_database):
    prepare_columns()
    for _turn in range(3):
        over(closed())
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            from govplatform.cases.retention import letters

            work, done = letters.CaseStep.objects.bulk_create, []

            def killed(rows):
                work(rows)
                done.append(rows)
                if len(done) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)

            with patch.object(erasing, "BATCH", 1), patch.object(letters.CaseStep.objects, "bulk_create", killed):
                erase_due()
        finally:
            # Never on into the tests of the parent.
            os._exit(1)
    _pid, ended = os.waitpid(child, 0)
    assert os.WTERMSIG(ended) == signal.SIGKILL
    assert Case.objects.filter(erased_at=None).count() == 2
    assert CaseStep.objects.filter(act="erased").count() == Erasure.objects.get().rows == 1
    assert [one.rows for one in erase_due()] == [2]
    assert not Case.objects.filter(erased_at=None).exists() and Erasure.objects.get().rows == 3


def test_the_term_is_that_of_the_pack(subtests):
    now = timezone.now()
    for code in ("national", "jiangsu", "hebei"):
        for name in ("letters_kept", "error_reports_kept", "case_answer", "opening_notice", "repost_important_policy"):
            limit = load_rule_pack(code).limit(name)
            with subtests.test(code, name=name):
                for days in range(0, 40, 3):
                    moment = now - timedelta(days=days)
                    first = limit.still_runs_from(moment)
                    assert limit.after(first) >= moment >= limit.after(first - timedelta(seconds=1))


def test_by_the_verb(desk, say):
    case = over(closed())
    assert say("case_retention", "hold", case.number, status=2) == {}
    told = say("case_retention", "hold", case.number, "--as", "supervisor", "--reason", "行政复议")
    assert told == {"number": case.number, "held": True}
    assert say("case_retention", "hold", case.number, "--as", "outsider", "--reason", "x", status=3)["refused"]
    shown = say("case_retention", "show")
    assert [one["number"] for one in shown["held"]] == [case.number]
    assert [(one["holder"], one["term"]) for one in shown["holders"]][:2] == [
        ("letters", "24 个月"), ("error-reports", "12 个月"),
    ]  # fmt: skip
    assert say("case_retention", "erase") == {"erased": [], "due": []}
    say("case_retention", "release", case.number, "--as", "supervisor", "--reason", "已结案")
    due = [{"holder": "letters", "site": "alpha", "rows": 1}]
    assert say("case_retention", "erase") == {"erased": [], "due": due} and afresh(case).text
    assert say("case_retention", "erase", "--yes") == {"erased": due, "due": []} and not afresh(case).text
    [letters] = [one for one in say("case_retention", "show")["holders"] if one["holder"] == "letters"]
    assert (letters["last"], letters["last_rows"]) == (json.loads(json.dumps(str(timezone.localdate()))), 1)


def test_on_the_screens(desk, console, citizen):
    sent = send_in(title=_PERSON, email="somebody@example.com")
    case = over(close_case(sent.case, acting_user=person("alpha_clerk"), reason="重复来信"))
    address, held = "/admin/retention/", {"act": "hold", "number": case.number, "reason": "行政诉讼一审"}
    assert console("alpha_clerk", "alpha").get(address).status_code == 403
    operator, supervisor, clerk = (console(*who) for who in (
        ("operator", "console"), ("supervisor", "console"), ("alpha_clerk", "alpha"),
    ))  # fmt: skip
    shown = operator.get(address).content.decode()
    for words in ("24 个月", "《中华人民共和国个人信息保护法》第十九条", "（未核对）", "没有暂缓删除的来信"):
        assert words in shown
    assert _PERSON not in shown and 'name="act"' not in shown
    assert "不是监管员" in operator.post(address, held).content.decode()
    refused = supervisor.post(address, {**held, "reason": " "}).content.decode()
    assert "请写明理由" in refused and case.number in refused
    assert supervisor.post(address, held).status_code == 302
    assert "行政诉讼一审" in supervisor.get(address).content.decode()
    assert "行政诉讼一审" in clerk.get(f"/admin/cases/{case.pk}/").content.decode()
    assert supervisor.post(address, {**held, "act": "release"}).status_code == 302
    assert "保存到" in clerk.get(f"/admin/cases/{case.pk}/").content.decode()
    erase_due()
    for path in ("", f"{case.pk}/", f"{case.pk}/print/", "?show=all"):
        shown = clerk.get(f"/admin/cases/{path}").content.decode()
        assert _PERSON not in shown and (path == "" or "到期删除" in shown)
    shown = operator.get(address).content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}，1 件" in shown
    at_home = citizen("alpha")
    asked = form_of(at_home.get("/interaction/ask/")) | {"number": case.number, "code": sent.query_code}
    told = at_home.post("/interaction/ask/", **as_form(asked)).content.decode()
    assert case.number in told and "保存期满" in told and _PERSON not in told
