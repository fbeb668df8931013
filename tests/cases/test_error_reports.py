"""我为政府网站找错: reported from a page, passed to its site, answered in words or by the correction of the page."""

import re
from datetime import UTC, datetime

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.cases.actions import accept_case, extend_case, return_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.error_reports.acts import hide_report
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.error_reports.places import proposed_site, read_place
from govplatform.cases.models import Case, ErrorReport
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import submit_for_review, take_back, withdraw_page
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.queries import waiting_for
from sites.interaction.answering import answer_case, reply_to
from sites.interaction.assigning import assign
from sites.interaction.correcting import drop_correction, open_correction, prepare_answer

from .conftest import IDENTITY, as_form, form_by_hand, form_of
from .test_life import cleared, person

REPORT, LIST = "/interaction/error/", "/interaction/errors/"
WORDS = "第二段的电话号码少了一位。"


@pytest.fixture
def page(live, desk):
    """A live page of beta, whose portal is alpha."""
    Tenant.objects.filter(code="beta").update(kind=Tenant.Kind.DEPARTMENT)
    return live("article", "beta")


def address(page, site="beta"):
    return public_url(get_tenant(site), site_path(page))


def reported(page, *, at="", **given):
    """A report of ``page``, or of what is at another address, sent in on beta."""
    fields = {"error_kind": "content", "page": at or address(page), "text": WORDS, **given}
    case = submit_error(read_error(**fields), get_tenant("beta"), nonce=new_nonce()).case
    return afresh(case)


def afresh(case):
    return Case.objects.select_related("desk", "organisation", "handler", "error_report").get(pk=case.pk)


def forwarded(page, **given):
    case = reported(page, **given)
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    return afresh(case)


def changed(page):
    """The correction, handed in by beta's editor."""
    with tenant_context(get_tenant("beta")):
        newest = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
        newest.title = f"{newest.title}（更正）"
        newest.save_revision(user=person("beta_editor"))
        submit_for_review(Page.objects.get(pk=page.pk).specific, acting_user=person("beta_editor"))


def test_an_error_is_reported_without_script(page, citizen):
    at_home = citizen("beta")
    fields = {"page": address(page), "error_kind": "content", "text": WORDS}
    wrong = at_home.post(REPORT, **as_form(form_by_hand(at_home.get(REPORT)) | fields | {"sum": "1"}))
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.content.decode()
    assert WORDS in wrong.content.decode()
    # The form that came back, with the sum that it asks now.
    told = at_home.post(REPORT, **as_form(form_by_hand(wrong) | fields))
    assert told.status_code == 200 and "纠错已收到" in told.content.decode()
    assert Case.objects.get().error_report.url == address(page)


def test_from_the_page_to_the_published_answer(page, citizen, console):
    at_home = citizen("beta")
    shown = at_home.get(site_path(page)).content.decode()
    [link] = re.findall(r'href="(/interaction/error/\?page=[^"]+)"[^>]*>我要纠错', shown)
    form = at_home.get(link)
    assert address(page) in form.content.decode() and page.title in form.content.decode()
    fields = form_of(form) | {"page": address(page), "error_kind": "content", "text": f"{WORDS}我是{IDENTITY}。"}
    told = at_home.post(REPORT, **as_form(fields | {"name": "报错人", "phone": "0000-0000001"}))
    assert told.status_code == 200 and not told.cookies and "转有关网站" in told.content.decode()
    number, code = re.findall(r"<dd>([0-9A-Z]+)</dd>", told.content.decode())
    case = afresh(Case.objects.get(number=number))
    assert (case.desk.code, case.came_by.code, case.error_report.page_title) == ("alpha", "beta", page.title)

    clerk = console("alpha_clerk", "alpha")
    screen = clerk.get(f"/admin/cases/{case.pk}/").content.decode()
    assert '<option value="beta" selected>' in screen and address(page) in screen and 'value="accept"' not in screen
    assert "不单独受理" in clerk.post(f"/admin/cases/{case.pk}/", {"act": "accept"}).content.decode()
    clerk.post(f"/admin/cases/{case.pk}/", {"act": "assign", "to": "beta"})
    case = afresh(case)
    assert (case.state, case.organisation.code) == ("assigned", "beta")
    assert [step.act for step in case.steps.all()] == ["submitted", "accepted", "assigned"]

    editor = console("beta_editor", "beta")
    private = editor.post(f"/admin/cases/{case.pk}/", {"act": "answer", "answer": "已核实。", "private": "on"})
    assert "答复都公开" in private.content.decode()
    editor.post(f"/admin/cases/{case.pk}/", {"act": "answer", "answer": "已核实，电话无误。"})
    with tenant_context(get_tenant("beta")):
        reply = reply_to(case)
    cleared(reply)
    case = afresh(case)
    assert (case.state, case.answer) == ("replied", "已核实，电话无误。")
    for site in ("alpha", "beta"):
        public = citizen(site).get(LIST).content.decode()
        assert WORDS in public and "已核实，电话无误。" in public and case.published_path in public
        assert IDENTITY not in public and "报错人" not in public and number not in public
    asked = form_of(at_home.get("/interaction/ask/")) | {"number": number, "code": code}
    assert "已核实，电话无误。" in at_home.post("/interaction/ask/", **as_form(asked)).content.decode()


def test_a_correction_answers_what_it_corrects(page, console, citizen):
    case, other = forwarded(page), forwarded(page, error_kind="stale", text="日期过期了。")
    editor = console("beta_editor", "beta")
    opened = editor.post(f"/admin/cases/{case.pk}/", {"act": "correct", "prepared": "已补全电话。"})
    assert opened.status_code == 302 and opened["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert "网民纠错" in editor.get(opened["Location"]).content.decode()
    assert afresh(case).error_report.corrected_page == page.pk
    open_correction(other, acting_user=person("beta_editor"))
    editor.post(f"/admin/cases/{case.pk}/", {"act": "prepare", "prepared": "电话已经补全。"})
    changed(page)
    assert [afresh(one).state for one in (case, other)] == ["in_review", "in_review"]
    with pytest.raises(Refused, match="答复审查中"):
        prepare_answer(case, "别的话。", acting_user=person("beta_editor"))
    review = console("beta_content", "beta").get(f"/admin/review/{page.pk}/").content.decode()
    assert "电话已经补全。" in review and WORDS in review
    cleared(page)
    case, other = afresh(case), afresh(other)
    assert (case.state, case.answer, other.state) == ("replied", "电话已经补全。", "replied")
    assert "已经更正" in other.answer
    public = citizen("beta").get(LIST).content.decode()
    assert "电话已经补全。" in public and WORDS in public and f"{page.title}（更正）" in public


def test_a_correction_that_does_not_come_leaves_the_report_open(page):
    editor = person("beta_editor")
    case = forwarded(page)
    open_correction(case, acting_user=editor)
    with pytest.raises(Refused, match="已经有更正稿"):
        open_correction(case, acting_user=editor)
    changed(page)
    with tenant_context(get_tenant("beta")):
        take_back(Page.objects.get(pk=page.pk).specific, acting_user=editor)
    assert afresh(case).state == "assigned"
    drop_correction(case, acting_user=editor)
    assert afresh(case).error_report.corrected_page is None
    open_correction(case, acting_user=editor)
    with tenant_context(get_tenant("beta")):
        withdraw_page(Page.objects.get(pk=page.pk).specific, acting_user=person("beta_content"), reason="内容失实")
    assert (afresh(case).state, afresh(case).error_report.corrected_page) == ("assigned", None)
    with pytest.raises(Refused, match="没有公开的页面"):
        open_correction(case, acting_user=editor)
    return_case(case, acting_user=editor, reason="不属本站")
    assert afresh(case).state == "accepted"


def test_an_answer_of_a_correction_is_scanned_before_it_is_sent(page):
    case = forwarded(page)
    with pytest.raises(Refused):
        open_correction(case, acting_user=person("beta_editor"), answer=f"已转{IDENTITY}办理。")
    assert afresh(case).error_report.corrected_page is None


def test_limits_are_those_of_the_rule_pack(page, console):
    Tenant.objects.filter(code="alpha").update(rule_pack="jiangsu")
    case = reported(page)
    with pytest.raises(Refused, match="不单独受理"):
        accept_case(case, acting_user=person("alpha_clerk"))
    Case.objects.filter(pk=case.pk).update(accept_due=datetime(2026, 1, 5, tzinfo=UTC))
    article = "《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第三部分第（三）项"
    inbox = console("alpha_clerk", "alpha").get("/admin/cases/?show=late&kind=correction").content.decode()
    assert case.number in inbox and article in inbox
    start = console("alpha_clerk", "alpha").get("/admin/").content.decode()
    assert case.number in start and "超期" in start and article in start
    assert case.number not in console("alpha_editor", "alpha").get("/admin/").content.decode()
    [matters] = [group.matters for group in waiting_for(person("alpha_clerk")) if group.kind.code == "letter"]
    assert matters[0].late and article in matters[0].title
    overseer = console("supervisor", "console").get("/admin/cases/?show=late").content.decode()
    assert case.number in overseer and WORDS not in overseer
    assign(afresh(case), get_tenant("beta"), acting_user=person("alpha_clerk"))
    with pytest.raises(Refused, match="不能延长"):
        extend_case(afresh(case), acting_user=person("beta_editor"), reason="再等等")


def test_a_special_case_is_answered_and_not_published(page, citizen):
    case = forwarded(page)
    with pytest.raises(Refused, match="写明理由"):
        hide_report(case, get_tenant("beta"), acting_user=person("beta_editor"), reason=" ")
    hide_report(case, get_tenant("beta"), acting_user=person("beta_editor"), reason="涉及个人隐私")
    cleared(answer_case(afresh(case), "已处理。", acting_user=person("beta_editor")))
    case = afresh(case)
    assert (case.state, case.answer, case.published_path) == ("replied", "已处理。", "")
    assert "已处理。" not in citizen("beta").get(LIST).content.decode()


def test_what_was_answered_with_a_correction_can_be_taken_off_the_list(page, citizen):
    case = forwarded(page)
    open_correction(case, acting_user=person("beta_editor"))
    changed(page)
    cleared(page)
    assert WORDS in citizen("beta").get(LIST).content.decode()
    hide_report(afresh(case), get_tenant("alpha"), acting_user=person("alpha_clerk"), reason="涉及个人隐私")
    assert WORDS not in citizen("beta").get(LIST).content.decode()


def test_addresses_of_others_and_what_is_no_address_are_refused(page, citizen):
    client = citizen("beta")
    for strange in (
        "https://www.example.com/", "javascript:alert(1)", "//beta.localhost/", "data:text/html,x", "",
        "http://user@beta.localhost/", "http://beta.localhost:22/", "http://console.localhost/admin/", "x" * 600,
        "http://beta.localhost/\\evil", "http://beta.localhost/a\nb",
    ):  # fmt: skip
        form = form_of(client.get(REPORT))
        refused = client.post(REPORT, **as_form(form | {"page": strange, "error_kind": "link", "text": WORDS}))
        assert refused.status_code == 422 and "问题网址" in refused.content.decode(), strange
        assert WORDS in refused.content.decode()
        filled = client.get(REPORT, {"page": strange}, headers={"Referer": strange.replace("\n", "")})
        assert 'name="page" type="text"' in filled.content.decode() and "javascript:" not in filled.content.decode()
    assert not ErrorReport.objects.exists()
    # Where the browser came from, if that is a page of ours; what it says is called so by the ledger alone.
    came = client.get(REPORT, headers={"Referer": address(page)}).content.decode()
    assert f'value="{address(page)}"' in came and page.title in came
    wrong = client.post(REPORT, **as_form(form_of(client.get(REPORT)) | {"page": address(page), "error_kind": "x"}))
    assert "问题类型：请选择" in wrong.content.decode() and "问题描述" in wrong.content.decode()


def test_a_form_makes_one_report_and_no_letter(page, citizen):
    client = citizen("alpha")
    form = form_of(client.get(REPORT)) | {"page": address(page), "error_kind": "link", "text": WORDS}
    first, second = (client.post(REPORT, **as_form(form)) for _ in range(2))
    assert first.content == second.content or first.status_code == second.status_code == 200
    assert client.post(REPORT, **as_form(form | {"page": address(page) + "?x=1"})).status_code == 409
    assert client.post("/interaction/write/", **as_form(form | {"kind": "correction", "title": "x"})).status_code == 422
    letter = form_of(client.get("/interaction/write/")) | {"kind": "correction", "title": "x", "text": WORDS}
    assert "请选择一个类别" in client.post("/interaction/write/", **as_form(letter)).content.decode()
    [case] = Case.objects.all()
    # A page of beta, reported on alpha: it comes to the desk of beta's portal and is proposed to beta.
    assert (case.came_by.code, case.desk.code, proposed_site(afresh(case).error_report).code) == (
        "alpha",
        "alpha",
        "beta",
    )


def test_a_site_that_is_gone_is_not_proposed(page):
    case = reported(page)
    report = afresh(case).error_report
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.OFFLINE)
    assert proposed_site(ErrorReport.objects.get(pk=report.pk)) is None
    Tenant.objects.filter(code="beta").update(status=Tenant.Status.RETIRED, moved_into=get_tenant("alpha"))
    assert proposed_site(ErrorReport.objects.get(pk=report.pk)).code == "alpha"
    assert read_place(address(page)).site.code == "beta"


def test_what_came_down_is_not_named_by_its_title(page, citizen):
    case = forwarded(page)
    cleared(answer_case(case, "已核实。", acting_user=person("beta_editor")))
    with tenant_context(get_tenant("beta")):
        withdraw_page(page, acting_user=person("beta_content"), reason="内容失实")
    shown = citizen("beta").get(LIST).content.decode()
    assert "已核实。" in shown and f"<h2><bdi>{page.title}" not in shown


def test_words_in_an_address_are_not_public_unread(page, citizen):
    """Whoever reports an address writes it: only titles are shown, which were cleared."""
    nowhere = public_url(get_tenant("beta"), f"/{IDENTITY}/?call=13800000000")
    case = reported(page, at=nowhere, error_kind="link")
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    cleared(answer_case(afresh(case), "没有这个网页。", acting_user=person("beta_editor")))
    shown = citizen("beta").get(LIST).content.decode()
    assert "没有这个网页。" in shown and IDENTITY not in shown and "13800000000" not in shown
    # Answered with a correction, and the page is down since.
    other = forwarded(page, at=address(page) + "?call=13800000000")
    open_correction(other, acting_user=person("beta_editor"))
    changed(page)
    cleared(page)
    assert afresh(other).state == "replied"
    with tenant_context(get_tenant("beta")):
        withdraw_page(Page.objects.get(pk=page.pk).specific, acting_user=person("beta_content"), reason="过时")
    shown = citizen("beta").get(LIST).content.decode()
    assert "13800000000" not in shown and str(ErrorReport.objects.get(case=other).get_error_kind_display()) in shown
