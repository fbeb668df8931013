"""A portal that closes or is merged hands its open letters over: the other desk goes on, no sender loses anything."""

import re

import pytest
from django.core import mail
from django_tenants.utils import tenant_context

from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry
from govplatform.cases import passing_on
from govplatform.cases.actions import accept_case, assign_case, close_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, Unit
from govplatform.cases.opinions import ask_opinion, give_opinion_by_link, recall_opinion
from govplatform.cases.passing_on import pass_desk_on
from govplatform.cases.statistics import compare_tally
from govplatform.cases.units import add_unit
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_row
from govplatform.lifecycle.merge.actions import confirm_merge
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.queries import console_tenant, get_tenant
from tests import factories
from tests.cases.conftest import as_form, form_of
from tests.verbs import call_verb

from ..life import carried_merge, retiring_beta
from .test_open_letters import merge

pytestmark = pytest.mark.django_db
__all__ = ["carried_merge", "retiring_beta"]
SCREEN = "/admin/cases/desk/"
ASK = "/interaction/ask/"


def written(**given):
    letter = read_letter("consultation", "路灯", "路灯坏了。", may_publish=False, **given)
    return submit_case(letter, get_tenant("beta"), nonce=new_nonce(), desk=get_tenant("beta"))


def passed(by="supervisor", to="alpha", reason="县门户并入市门户"):
    return pass_desk_on(get_tenant("beta"), get_tenant(to), acting_user=factories.user(by), reason=reason)


def test_the_refusal_names_the_way_and_the_way_leads_to_the_merge(retiring_beta, console, citizen, settings):
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    taken, clerk = written(email="somebody@example.com"), factories.user("beta_clerk")
    due = accept_case(taken.case, acting_user=clerk).due_at
    assign_case(Case.objects.get(pk=taken.case.pk), get_tenant("beta"), acting_user=clerk)
    with pytest.raises(
        Refused, match=re.escape("移交受理的来信”（http://console.console.localhost:8000/admin/cases/desk/")
    ):
        merge()
    screen = console("supervisor", "console")
    shown = screen.get(SCREEN).content.decode()
    assert get_tenant("beta").full_name in shown and "移交的门户" in shown
    bad = screen.post(SCREEN, {"desk": "beta", "to": "", "reason": "并入市门户"}).content.decode()
    assert "接收的门户：请选择" in bad and "并入市门户" in bad
    assert screen.post(SCREEN, {"desk": "beta", "to": "alpha", "reason": "并入市门户"}).status_code == 302
    case = Case.objects.select_related("desk", "organisation").get(pk=taken.case.pk)
    assert (case.desk.code, case.organisation.code, case.state, case.due_at) == ("alpha", "beta", "assigned", due)
    assert "并入市门户" in case.steps.get(act="handed_over").reason and compare_tally() == []
    for chain in (console_tenant(), get_tenant("alpha"), get_tenant("beta")):
        record = Entry.objects.get(chain=chain.schema_name, act="case_desk.handed_over")
        assert record.detail["numbers"] == [case.number] and record.detail["reason"] == "并入市门户"
    for row in Consequence.objects.filter(line__contains="mail_of_act"):
        run_row(row.pk)
    assert get_tenant("alpha").full_name in mail.outbox[-1].subject

    client = citizen("alpha")
    who = {"number": case.number, "code": taken.query_code}
    told = client.post(ASK, **as_form(form_of(client.get(ASK)) | who)).content.decode()
    assert re.search(rf"受理单位</dt><dd>{get_tenant('alpha').full_name}", told)
    assert case.number in console("alpha_clerk", "alpha").get("/admin/cases/").content.decode()
    after = screen.get(SCREEN).content.decode()
    assert "这些门户都正常运行" in after and f'<td class="title">{get_tenant("beta").full_name}' not in after

    # What its own editors had to answer is passed on by the desk that has it now.
    with pytest.raises(Refused, match="承办的来信还有 1 件没有办结"):
        merge()
    case = assign_case(case, get_tenant("alpha"), acting_user=factories.user("alpha_clerk"))
    assert merge().state == "queued"
    close_case(case, acting_user=factories.user("alpha_clerk"), reason="已当面答复")


def test_of_a_merge_that_was_carried_already(carried_merge):
    written()
    with pytest.raises(Refused, match="移交其他门户"):
        confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    assert get_tenant("beta").frozen and passed(by="operator") == 1
    confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    assert get_tenant("beta").status == "retired"


def test_who_may_and_to_whom(retiring_beta, subtests):
    for who in ("alpha_clerk", "beta_clerk", "beta_admin", "outsider"):
        with subtests.test(who), pytest.raises(Refused, match="不是监管员"):
            passed(by=who)
    with pytest.raises(Refused, match="没有未办结的来信"):
        passed()
    case = written().case
    with pytest.raises(Refused, match="理由"):
        passed(reason=" ")
    with pytest.raises(Refused, match="不是运行中的门户"):
        passed(to="beta")
    with pytest.raises(Refused, match="正常运行"):
        pass_desk_on(get_tenant("alpha"), get_tenant("beta"), acting_user=factories.user("operator"), reason="理由")
    Membership.objects.filter(tenant__code="alpha", role="clerk").delete()
    with pytest.raises(Refused, match="没有受理员"):
        passed()
    assert Case.objects.get(pk=case.pk).desk.code == "beta"


def test_in_batches_with_the_units_that_were_asked(retiring_beta, monkeypatch):
    monkeypatch.setattr(passing_on, "BATCH", 2)
    beta, clerk = get_tenant("beta"), factories.user("beta_clerk")
    cases = [written().case for _n in range(5)]
    for case in cases[:2]:
        accept_case(case, acting_user=clerk)
        assign_case(Case.objects.get(pk=case.pk), beta, acting_user=clerk)
    close_case(cases[4], acting_user=clerk, reason="重复来信")
    unit = add_unit(beta, "供电营业所", acting_user=clerk)
    asked = [ask_opinion(Case.objects.get(pk=case.pk), unit, acting_user=clerk) for case in cases[:2]]
    done = call_verb(
        "case_desk", "pass", "--site", "beta", "--to", "alpha", "--as", "operator", "--reason", "并入", "--json"
    )
    assert done.returncode == 0 and '"passed": 4' in done.stdout
    assert Entry.objects.filter(chain=beta.schema_name, act="case_desk.handed_over").count() == 2
    assert Case.objects.get(pk=cases[4].pk).desk == beta and compare_tally() == []
    assert set(Unit.objects.values_list("desk__code", "name")) == {("alpha", "供电营业所"), ("beta", "供电营业所")}
    with tenant_context(get_tenant("alpha")):
        given = give_opinion_by_link(asked[0][1].rstrip("/").rpartition("/")[2], "线路已经查过。")
    assert given.unit.desk.code == "alpha"
    recall_opinion(type(given).objects.get(case=cases[1]), acting_user=factories.user("alpha_clerk"))
    assert '"desks": []' not in call_verb("case_desk", "list", "--json").stdout
