"""依申请公开: asked for by a form, confirmed, stopped and going on, decided with a letter, delivered, counted."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pdfplumber
import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from docx import Document
from wagtail.models import Revision

from govplatform.audit.models import Entry
from govplatform.cases.abuse import mark_abuse
from govplatform.cases.actions import accept_case, close_case
from govplatform.cases.disclosure.delivering import open_letter, record_delivery
from govplatform.cases.disclosure.identity import Identity, look_at_identity
from govplatform.cases.disclosure.intake import read_request
from govplatform.cases.disclosure.letter_texts import letter_text
from govplatform.cases.disclosure.statistics import disclosure_figures
from govplatform.cases.disclosure.stopping import (
    ask_completion,
    ask_third_party,
    charge_fee,
    record_opinion,
    record_payment,
)
from govplatform.cases.joining import join_case
from govplatform.cases.models import Applicant, Case, Decision, DisclosureRequest
from govplatform.cases.retention.erasing import erase_due
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.disclosure.statutory import TABLES, reasons_against
from sites.interaction.answering import answer_case, reply_to
from sites.interaction.assigning import assign
from sites.interaction.models import PrivateReply
from sites.interaction.requests.screens import request_context

from .conftest import IDENTITY, as_form, form_of, send_in
from .requested import (
    ADDRESS,
    ASK,
    CREDIT_CODE,
    FORM,
    GIVEN,
    NAME,
    afresh,
    asked,
    assert_nowhere,
    at,
    decided,
    editor,
    handled,
    handled_from,
)
from .test_life import cleared, person

# --- the whole way ------------------------------------------------------------------------


def test_from_the_form_to_the_delivered_letter(desk, citizen, console, caplog):
    at_home = citizen("alpha")
    form = at_home.get(FORM)
    fields = form_of(form) | GIVEN
    assert not form.cookies and "统一社会信用代码" in form.content.decode()
    told = at_home.post(FORM, **as_form(fields))
    assert told.status_code == 200 and not told.cookies and "与申请人确认收到" in told.content.decode()
    number, code = re.findall(r"<dd>([0-9A-Z]+)</dd>", told.content.decode())
    case = afresh(Case.objects.get(number=number))
    assert (case.kind, case.may_publish, case.desk.code) == ("disclosure", False, "alpha")

    clerk = console("alpha_clerk", "alpha")
    screen = clerk.get(f"/admin/cases/{case.pk}/").content.decode()
    assert (
        "确认收到" in screen and NAME not in screen and 'value="close"' not in screen and 'value="join"' not in screen
    )
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "accept"})
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "assign", "to": "beta"})
    assert "只有接办" in clerk.post(f"/admin/cases/{case.pk}/", {"act": "identify"}).content.decode()
    # How the applicant is reached, the desk has to know: it confirms that the request has come.
    assert "0000-0000001" in clerk.post(f"/admin/cases/{case.pk}/", {"act": "look"}).content.decode()

    handler = console("beta_editor", "beta")
    address = f"/admin/cases/{case.pk}/"
    assert "只有接办" in handler.post(address, {"act": "identify"}).content.decode()
    handler.post(address, {"act": "take"})
    seen = handler.post(address, {"act": "identify"}).content.decode()
    assert NAME in seen and IDENTITY in seen and ADDRESS in seen
    assert Entry.objects.filter(act="case.identified", chain=get_tenant("beta").schema_name).count() == 1
    assert NAME not in handler.get(address).content.decode()
    empty = handler.post(address, {"act": "answer", "answer": "合同见附件。"})
    assert "决定类型：请选择" in empty.content.decode() and "合同见附件。" in empty.content.decode()
    done = handler.post(address, {"act": "answer", "decision": "granted", "answer": "合同见附件。"})
    assert done.status_code == 302 and afresh(case).state == "in_review"
    with tenant_context(get_tenant("beta")):
        page = reply_to(case)
    assert type(page).__name__ == "PrivateReply" and NAME not in page.answer
    assert "第三十六条" in page.answer and "60 日内依法申请行政复议" in page.answer
    cleared(page)
    case = afresh(case)
    assert (case.state, case.published_path) == ("replied", "")

    letter = handler.post(address, {"act": "letter", "format": "docx"})
    words = "\n".join(paragraph.text for paragraph in Document(BytesIO(letter.content)).paragraphs)
    assert "政府信息公开告知书" in words and f"{NAME}：" in words and "合同见附件。" in words and "行政诉讼" in words
    assert "no-store" in letter["Cache-Control"]
    paper = handler.post(address, {"act": "letter", "format": "pdf"})
    with pdfplumber.open(BytesIO(paper.content)) as pages:
        drawn = "".join("".join(page.extract_text().split()) for page in pages.pages)
    assert drawn == "".join(words.split())
    assert (paper["Content-Type"], "no-store" in paper["Cache-Control"]) == ("application/pdf", True)
    printed = handler.post(address, {"act": "letter", "format": "page"}).content.decode()
    assert NAME in printed and "行政复议" in printed
    assert Entry.objects.filter(act="case.letter").count() == 3

    # The applicant wanted to read it here: with the first look it is delivered.
    shown = at_home.post(ASK, **as_form(form_of(at_home.get(ASK)) | {"number": number, "code": code})).content.decode()
    assert "合同见附件。" in shown and "予以公开" in shown and NAME not in shown and IDENTITY not in shown
    assert afresh(case).disclosure.delivered_by_way == "online"
    with pytest.raises(Refused, match="已经于"):
        record_delivery(afresh(case), acting_user=editor(), way="post")
    # Neither in the database, nor in the record, nor in the log, nor in a table.
    assert_nowhere(NAME, IDENTITY, ADDRESS, "somebody@example.com")
    assert not any(secret in caplog.text for secret in (NAME, IDENTITY, ADDRESS))
    assert NAME not in handler.get("/admin/cases/?show=all&export=csv").content.decode("utf-8-sig")
    assert NAME not in handler.get(f"{address}print/").content.decode()


def test_of_an_organisation_its_code_and_who_represents_it(desk):
    organisation = {"applicant": "company", "document_number": CREDIT_CODE, "representative": "代表人乙"}
    case = handled(**organisation, name="虚构公司")
    case.handler = editor()
    case.save()
    told = look_at_identity(case, get_tenant("beta"), acting_user=editor())
    assert told == Identity("虚构公司", "", CREDIT_CODE, "代表人乙", ADDRESS)
    with pytest.raises(Refused, match=r"法定代表人：请填写.*统一社会信用代码"):
        read_request({**GIVEN, **organisation, "representative": "", "document_number": CREDIT_CODE[:-1] + "0"})


# --- the door -----------------------------------------------------------------------------


def test_each_field_that_cannot_be_taken_is_named_and_nothing_is_lost(desk, citizen):
    client = citizen("alpha")
    wrong = {
        "applicant": "x",
        "document_number": "110105194912310021",
        "phone": "",
        "medium": "paper",
        "title": "",
        "text": "",
    }
    page = client.post(FORM, **as_form(form_of(client.get(FORM)) | GIVEN | wrong))
    words = page.content.decode()
    assert page.status_code == 422
    for sentence in (
        "申请人：请选择",
        "联系电话：请填写",
        "只能邮寄或者当面领取",
        "信息名称：请填写",
        "信息描述：请填写",
    ):
        assert sentence in words, sentence
    assert f'value="{NAME}"' in words and f'value="{ADDRESS}"' in words
    page = client.post(FORM, **as_form(form_of(client.get(FORM)) | GIVEN | {"document_number": "110105194912310021"}))
    assert "证件号码：校验位、日期或者地区不符" in page.content.decode()
    assert not Case.objects.exists()


def test_hostile_values_are_kept_as_text_or_refused(desk, citizen, console):
    client = citizen("alpha")
    hostile = "<script>alert(1)</script>\x00\u202e=cmd|' /C calc'!A0"
    fields = (
        form_of(client.get(FORM))
        | GIVEN
        | {"title": hostile, "text": hostile, "name": hostile, "wanted_number": hostile}
    )
    assert client.post(FORM, **as_form(fields)).status_code == 200
    case = Case.objects.get()
    screen = console("alpha_clerk", "alpha").get(f"/admin/cases/{case.pk}/").content.decode()
    assert "<script>alert" not in screen and "&lt;script&gt;" in screen and "\x00" not in case.text
    for name in ("name", "representative", "address", "wanted_number", "document_number", "text"):
        refused = client.post(
            FORM, **as_form(form_of(client.get(FORM)) | GIVEN | {"applicant": "company", name: "长" * 6000})
        )
        assert refused.status_code == 422, name
    big = form_of(client.get(FORM)) | GIVEN | {"text": "长" * 400_000}
    assert client.post(FORM, **as_form(big)).status_code == 413
    # A form is good for one request, on its host, for this form alone.
    assert client.post(FORM, **as_form(fields)).status_code == 200 and Case.objects.count() == 1
    assert client.post(FORM, **as_form(fields | {"address": "别处"})).status_code == 409
    letter = form_of(client.get("/interaction/write/")) | GIVEN
    assert client.post(FORM, **as_form(letter)).status_code == 422
    away = citizen("beta").post(FORM, **as_form(form_of(client.get(FORM)) | GIVEN))
    assert away.status_code == 422 and Case.objects.count() == 1


def test_the_column_leads_to_the_form(desk, citizen):
    from sites.columns.actions import create_column

    with tenant_context(desk):
        column = create_column("yishenqing", title="依申请公开", column_type="request", acting_user=None)
        address = column.get_url_parts()[2]
    assert f'href="{FORM}"' in citizen("alpha").get(address).content.decode()


def test_its_file_on_paper_has_its_stops_and_its_delivery(desk, console):
    case = handled()
    case.handler = editor()
    case.save()
    ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意公开合同？")
    record_opinion(afresh(case), acting_user=editor(), agrees=True, text="同意公开。")
    charge_fee(afresh(case), acting_user=editor(), amount="12.50", text="每件超出部分。")
    record_payment(afresh(case), acting_user=editor())
    decided(case)
    record_delivery(afresh(case), acting_user=editor(), way="post", note="挂号 0001")
    paper = console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/print/").content.decode()
    for words in (
        "期限中止",
        "征求第三方意见",
        "是否同意公开合同？",
        "同意公开。",
        "12.50 元",
        "已缴费",
        "邮寄",
        "挂号 0001",
    ):
        assert words in paper, words
    # The third party is named to the handler on the screen alone.
    assert "第三方丙" not in paper and NAME not in paper


def test_a_site_that_is_asked_for_its_opinion_reads_nothing_of_third_parties(desk):
    case = handled()
    ask_third_party(case, acting_user=editor(), who="第三方丙", text="第三方丙的合同")
    case = afresh(case)
    shown = request_context(case, editor(), keeps=False, handles=True)
    assert shown["stops"][0]["stop"].text == "第三方丙的合同"
    shown = request_context(case, person("alpha_editor"), keeps=False, handles=False)
    assert shown["stops"] == [] and shown["delivery_note"] == ""


def test_what_no_document_can_hold_is_not_taken_in(desk):
    case = asked(name=f"{NAME}\ufffe", title="合同\uffff")
    assert case.title == "合同"
    case = decided(handled_from(case))
    assert open_letter(case, get_tenant("beta"), acting_user=editor()).to == NAME


# --- decisions ----------------------------------------------------------------------------


def test_each_decision_is_a_row_of_the_statutory_table_and_has_a_letter(desk):
    table = TABLES["requests"]
    rows = [row.code for row in table.rows if row.code not in ("new", "carried", "left", "total")]
    assert rows == Decision.values
    assert [column.code for column in table.columns if not column.sums] == Applicant.values
    case = handled()
    for decision in Decision.values:
        text = letter_text(case, decision)
        whole = text.with_particulars("说明。")
        assert "《中华人民共和国政府信息公开条例》第" in whole and "行政复议" in whole and "行政诉讼" in whole
        assert case.number in whole and not text.reasons_against(whole) and "{" not in whole
    assert "应当先" in letter_text(case, "secret").remedy and "应当先" not in letter_text(case, "granted").remedy


def test_basis_and_remedies_cannot_be_edited_out(desk):
    case = handled()
    page = answer_case(case, "合同见附件。", acting_user=editor(), decision="granted")
    from sites.interaction.models import PrivateReply

    with tenant_context(get_tenant("beta")):
        page = PrivateReply.objects.get(pk=page.pk)
        assert not page.reasons_against_submitting()
        page.answer = "合同见附件。"
        assert sum("必须保留" in reason for reason in page.reasons_against_submitting()) == 2


def test_what_the_law_puts_before_a_decision(desk):
    case = handled()
    for decision, words in (("third_party", "先征求第三方"), ("unclear", "先通知补正"), ("not_paid", "通知缴费")):
        with pytest.raises(Refused, match=words):
            answer_case(afresh(case), "理由。", acting_user=editor(), decision=decision)
    with pytest.raises(Refused, match="决定类型"):
        answer_case(afresh(case), "理由。", acting_user=editor())
    with pytest.raises(Refused, match="请填写答复内容"):
        answer_case(afresh(case), " ", acting_user=editor(), decision="granted")
    assert not afresh(case).disclosure.decision
    letter = send_in().case
    accept_case(letter, acting_user=person("alpha_clerk"))
    assign(letter, get_tenant("beta"), acting_user=person("alpha_clerk"))
    with pytest.raises(Refused, match="只有依申请公开"):
        answer_case(afresh_letter(letter), "答复。", acting_user=editor(), decision="granted")
    with pytest.raises(Refused, match="不是依申请公开"):
        ask_completion(afresh_letter(letter), acting_user=editor(), text="补。")
    with pytest.raises(Refused, match="不能并案"):
        join_case(afresh(case), afresh_letter(letter), acting_user=person("alpha_clerk"))
    with pytest.raises(Refused, match="出具答复书"):
        close_case(afresh(case), acting_user=person("alpha_clerk"), reason="不办")
    with pytest.raises(Refused, match="出具答复书"):
        mark_abuse(afresh(case), acting_user=person("alpha_clerk"), reason="滥用")
    spam = asked(title="广告")
    assert mark_abuse(spam, acting_user=person("alpha_clerk"), reason="广告").is_abuse


def afresh_letter(case):
    return Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)


# --- numbers and what is removed ----------------------------------------------------------


def test_the_statutory_table_balances_over_two_years(desk, console):
    law = {"applicant": "law", "document_number": CREDIT_CODE, "representative": "代表人乙"}
    answered, carried, left = decided(handled()), decided(handled(**law), "not_held"), handled()
    asked(title="没有确认")
    old, new = (datetime(year, month, 20, tzinfo=UTC) for year, month in ((2025, 12), (2026, 1)))
    Case.objects.filter(pk=answered.pk).update(accepted_at=old, ended_at=old)
    Case.objects.filter(pk=carried.pk).update(accepted_at=old, ended_at=new)
    Case.objects.filter(pk=left.pk).update(accepted_at=new)
    with at("2026-02-10T02:00"):
        beta = get_tenant("beta")
        before, after = disclosure_figures(beta, 2025), disclosure_figures(beta, 2026)
        assert before == {
            "requests.new.person": 1, "requests.new.law": 1, "requests.granted.person": 1, "requests.left.law": 1,
        }  # fmt: skip
        assert after == {
            "requests.new.person": 1, "requests.carried.law": 1, "requests.not_held.law": 1, "requests.left.person": 1,
        }  # fmt: skip
        assert not reasons_against(before) and not reasons_against(after) and left.state == "assigned"
        assert disclosure_figures(get_tenant("alpha"), 2026) == {}
        handler = console("beta_editor", "beta")
        shown = handler.get("/admin/cases/disclosure-statistics/?year=2025").content.decode()
        assert "一、本年新收政府信息公开申请数量" in shown and 'value="2025" selected' in shown
        table = handler.get("/admin/cases/disclosure-statistics/?year=2026&export=csv").content.decode("utf-8-sig")
        [row] = [line for line in table.splitlines() if "不掌握" in line]
        assert row.rstrip().endswith("0,0,0,0,1,0,1")
        assert handler.get("/admin/cases/disclosure-statistics/?year=abc&export=xlsx").content[:2] == b"PK"


def test_personal_data_is_removed_and_the_numbers_stay(desk):
    case = handled()
    take = Case.objects.filter(pk=case.pk)
    ask_third_party(case, acting_user=editor(), who="第三方丙", text="是否同意？")
    record_opinion(afresh(case), acting_user=editor(), agrees=True)
    case = decided(case)
    figures = disclosure_figures(get_tenant("beta"), case.accepted_at.year)
    years_later = timezone.now() + timedelta(days=5 * 366)
    assert not erase_due(timezone.now() + timedelta(days=300))
    assert [(one.holder.code, one.rows) for one in erase_due(years_later)] == [
        ("disclosure-requests", 1),
        ("unshown-replies", 1),
    ]
    assert not erase_due(years_later)
    case = afresh(case)
    assert case.contact is None and case.disclosure.identity is None and case.text == ""
    stop = case.clock_stops.get()
    assert (stop.text, stop.reply, stop.third_party) == ("", "", None)
    # the letter is an official document without the applicant's name
    with tenant_context(get_tenant("beta")):
        reply = PrivateReply.objects.get(case_number=case.number)
        assert (
            reply.answer
            and reply.question == ""
            and GIVEN["text"] not in str([revision.content for revision in Revision.objects.for_instance(reply)])
        )
    assert disclosure_figures(get_tenant("beta"), case.accepted_at.year) == figures and take.exists()
    for act in (look_at_identity, open_letter):
        with pytest.raises(Refused, match="已经按保存期限清除"):
            act(case, get_tenant("beta"), acting_user=editor())
    assert DisclosureRequest.objects.get(case=case).decision == "granted"


def test_a_letter_by_post_is_delivered_by_hand(desk):
    case = handled(medium="paper", way="post")
    with pytest.raises(Refused, match="不能这样办理"):
        record_delivery(case, acting_user=editor(), way="post")
    case = decided(case)
    with pytest.raises(Refused, match="送达方式"):
        record_delivery(case, acting_user=editor(), way="pigeon")
    record_delivery(case, acting_user=editor(), way="post", note="邮件 0001")
    assert afresh(case).disclosure.delivery_note == "邮件 0001"
    steps = [step.at for step in case.steps.all()]
    assert all(first <= second for first, second in pairwise(steps))
