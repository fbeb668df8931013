"""The life of a letter: in by a form, accepted, passed on, answered, reviewed, published, followed by its code."""

import re

import pytest
from django.core import mail
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.cases.actions import accept_case, take_case
from govplatform.cases.models import Case
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_row
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_now
from govplatform.review.gate.status import state_words
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case, reply_to
from sites.interaction.assigning import assign
from tests import factories

from .conftest import IDENTITY, TEXT, as_form, form_of, send_in


def person(name):
    return User.objects.get(username=name)


def handed_in(site="beta", *, taken=None, **given):
    """A letter, one more or ``taken``, whose answer is in review on ``site``; returns it with the page."""
    case = (taken or send_in(**given)).case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant(site), acting_user=person("alpha_clerk"))
    case = Case.objects.get(pk=case.pk)
    page = answer_case(case, "由城管局维修，已派工。", acting_user=person(f"{site}_editor"))
    return Case.objects.get(pk=case.pk), page


def cleared(page, site="beta"):
    """Both reviews, as the reviewers of ``site`` take them."""
    with tenant_context(get_tenant(site)):
        scan_now(page, acting_user=person(f"{site}_editor"))
        factories.approve(page, f"{site}_content")
        factories.approve(page, f"{site}_secret")
        return type(page).objects.get(pk=page.pk)


def test_from_the_form_to_the_published_answer(desk, citizen, console, settings):
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at_home = citizen("alpha")
    fields = form_of(at_home.get("/interaction/write/"))
    fields |= {"kind": "consultation", "title": "路灯坏了", "text": f"{TEXT}我的证件是{IDENTITY}。", "publish": "yes"}
    fields |= {"name": "来信人", "phone": "0000-0000001", "email": "somebody@example.com"}
    told = at_home.post("/interaction/write/", **as_form(fields))
    assert told.status_code == 200 and not told.cookies
    number, code = re.findall(r"<dd>([0-9A-Z]+)</dd>", told.content.decode())
    case = Case.objects.get(number=number)
    assert code not in str(case.__dict__) and b"somebody" not in bytes(case.contact)

    clerk = console("alpha_clerk", "alpha")
    assert "路灯坏了" in clerk.get("/admin/cases/").content.decode()
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "accept"})
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "assign", "to": "beta", "reason": "属你县管理"})
    assert Case.objects.get(pk=case.pk).state == "assigned"

    editor = console("beta_editor", "beta")
    shown = editor.get(f"/admin/cases/{case.pk}/").content.decode()
    assert IDENTITY in shown and "0000-0000001" not in shown
    refused = editor.post(f"/admin/cases/{case.pk}/", {"act": "look"}).content.decode()
    assert "只有受理员和接办" in refused and "0000-0000001" not in refused
    editor.post(f"/admin/cases/{case.pk}/", {"act": "take"})
    assert "0000-0000001" in editor.post(f"/admin/cases/{case.pk}/", {"act": "look"}).content.decode()
    assert Entry.objects.filter(act="case.looked", chain=get_tenant("beta").schema_name).count() == 1
    answered = editor.post(f"/admin/cases/{case.pk}/", {"act": "answer", "answer": "由城管局维修。\n已派工。"})
    assert answered.status_code == 302
    assert Case.objects.get(pk=case.pk).state == "in_review"

    with tenant_context(get_tenant("beta")):
        page = reply_to(case)
    assert page.question == f"{TEXT}我的证件是110105********002X。"
    page = cleared(page)
    case.refresh_from_db()
    assert (case.state, case.answer) == ("replied", "由城管局维修。\n已派工。")
    public = citizen("beta").get(case.published_path).content.decode()
    for words in ("路灯坏了", TEXT, "受理日期", "答复日期", "白石县人民政府", "由城管局维修。"):
        assert words in public
    assert IDENTITY not in public and "0000-0000001" not in public and case.number not in public

    for row in Consequence.objects.filter(line__contains="mail_sender"):
        run_row(row.pk)
    [letter] = mail.outbox
    assert letter.to == ["somebody@example.com"] and case.number in letter.body and "城管局" not in letter.body

    asked = form_of(at_home.get("/interaction/ask/"))
    shown = at_home.post("/interaction/ask/", **as_form({**asked, "number": number, "code": code.lower()}))
    assert "由城管局维修。" in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert case.published_path in shown.content.decode()


def test_a_private_answer_is_cleared_sent_and_never_shown(desk, citizen):
    case, page = handed_in(kind="report", may_publish=True)
    assert not case.may_publish
    page = cleared(page)
    case.refresh_from_db()
    assert (case.state, case.answer, case.published_path) == ("replied", "由城管局维修，已派工。", "")
    with tenant_context(get_tenant("beta")):
        assert not page.live and state_words(page) == "已通过，不公开"


def test_an_answer_that_was_sent_back_is_written_anew(desk):
    case, page = handed_in()
    with tenant_context(get_tenant("beta")):
        scan_now(page, acting_user=person("beta_editor"))
        decide_from_the_shell(page, acting_user=person("beta_content"), approve=False, opinion="请写明时间。")
    case.refresh_from_db()
    assert case.state == "assigned"
    again = answer_case(case, "三日内修好。", acting_user=person("beta_editor"))
    assert again.pk == page.pk
    cleared(page)
    case.refresh_from_db()
    assert case.answer == "三日内修好。"


def test_two_handlers_do_not_answer_past_each_other(desk):
    case = send_in().case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    case = take_case(Case.objects.get(pk=case.pk), acting_user=person("beta_editor"))
    with pytest.raises(Refused, match="乙编辑 办理"):
        answer_case(case, "答复", acting_user=person("beta_editor2"))
