"""What forms, lists and screens say besides: where to go on, what has come, what is meant; no way leads nowhere."""

import re

from django_tenants.utils import tenant_context

from govplatform.cases.actions import accept_case, take_case
from govplatform.cases.models import Case
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction.assigning import assign
from sites.interaction.models import QuestionEntry
from tests.structured.samples import live

from .conftest import as_form, form_of, send_in
from .requested import FORM as REQUEST
from .requested import GIVEN
from .test_attachments import picture, send
from .test_life import handed_in, person

__all__ = ["send"]
FIGURES, WRITE, ASK, ERROR = (
    "/interaction/statistics/",
    "/interaction/write/",
    "/interaction/ask/",
    "/interaction/error/",
)


def test_the_form_leads_to_questions_where_there_are_any(desk, citizen):
    client = citizen("alpha")
    assert "kind=question" not in client.get(WRITE).content.decode()
    with tenant_context(get_tenant("beta")):
        live(QuestionEntry, "beta")
    assert "/search/?kind=question" in client.get(WRITE).content.decode()


def test_the_sender_sees_that_the_files_have_come(send, citizen):
    client = citizen("alpha")
    sent = send({"a.png": picture(), "b.png": picture()}).content.decode()
    assert "<dt>附件</dt><dd>2 个</dd>" in sent
    number, code = re.findall(r"<dd>(\w+)</dd>", sent)[:2]
    status = client.post(ASK, **as_form(form_of(client.get(ASK)) | {"number": number, "code": code})).content.decode()
    assert "<dt>附件</dt><dd>2 个</dd>" in status
    # Names of files may say more than their sender would have in a window that is left open.
    assert "a.png" not in status + sent


def test_who_reported_an_error_goes_back_to_the_page(desk, citizen):
    client = citizen("alpha")
    fields = {"page": "http://alpha.localhost/letters/", "error_kind": "link", "text": "打不开。"}
    form = form_of(client.get(ERROR)) | fields
    told = client.post(ERROR, **as_form(form)).content.decode()
    assert "返回刚才的页面" in told and 'href="http://alpha.localhost/letters/"' in told.replace(":8000", "")
    other = client.post(ERROR, **as_form(form_of(client.get(ERROR)) | fields | {"page": "http://elsewhere.example/x"}))
    assert "elsewhere.example" not in other.content.decode() or other.status_code == 422


def test_figures_have_their_order_their_heads_and_add_up(desk, citizen):
    handed_in(kind="suggestion", title="甲")
    send_in(kind="consultation", title="乙")
    send_in(kind="complaint", title="丙")
    html = citizen("alpha").get(FIGURES).content.decode()
    assert re.findall(r'<th scope="row">(咨询|投诉|建议)</th>', html) == ["咨询", "投诉", "建议"]
    for caption, head in (("按类别", "类别"), ("按办理单位", "办理单位"), ("按来信月份", "来信月份")):
        assert f"<caption>{caption}</caption>" in html and f'<th scope="col">{head}</th>' in html
    organisations = html.split("<caption>按办理单位</caption>")[1].split("</table>")[0]
    received = re.findall(r'</th>\s*<td class="align-right">(\d+)</td>', organisations)
    assert "尚未交办" in organisations and sum(map(int, received)) == 3
    # A month of which there is nothing to draw takes no room.
    assert len(re.findall(r">\d+月<", html)) == 1


def test_a_number_with_a_slip_is_told_from_one_that_is_too_short(desk, citizen):
    client = citizen("alpha")
    for wrong, said in (
        ({"document_number": "110105194912310021"}, "证件号码：校验位、日期或者地区不符"),
        ({"document_number": "11010519491231"}, "居民身份证号码应当是 18 位"),
        ({"applicant": "company", "representative": "某", "document_number": "91350100M000100Y44"}, "校验位不符"),
        ({"applicant": "company", "representative": "某", "document_number": "9135"}, "应当是 18 位数字和大写字母"),
    ):
        page = client.post(REQUEST, **as_form(form_of(client.get(REQUEST)) | GIVEN | wrong))
        assert page.status_code == 422 and said in page.content.decode(), wrong


def test_a_column_of_requests_says_what_it_is_for(desk, citizen):
    with tenant_context(get_tenant("alpha")):
        create_column("ask-for", title="依申请公开", column_type="request", acting_user=None)
    told = citizen("alpha").get("/ask-for/").content.decode()
    assert "没有主动公开的政府信息" in told and '申请前可以先看：<a href="/guide/">' in told


def test_the_desk_passes_on_to_somebody_else(desk, console):
    case = send_in().case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    html = console("alpha_clerk", "alpha").get(f"/admin/cases/{case.pk}/").content.decode()
    form = re.search(r'<form[^>]*>(?:(?!</form>).)*name="act" value="assign".*?</form>', html, re.DOTALL).group(0)
    assert 'value="beta"' not in form and 'value="alpha"' in form
    assert re.search(r"<button[^>]*>改派</button>", form)


def test_who_has_not_taken_it_up_is_told_what_that_opens(desk, console):
    case = send_in(phone="0000-0000001").case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    handler, path = console("beta_editor", "beta"), f"/admin/cases/{case.pk}/"
    assert "由你办理以后，可以查看联系方式" in handler.get(path).content.decode()
    take_case(Case.objects.get(pk=case.pk), acting_user=person("beta_editor"))
    assert "由你办理以后" not in handler.get(path).content.decode()


def test_ranges_of_the_inbox_are_told_apart(desk, console):
    html = console("alpha_clerk", "alpha").get("/admin/cases/").content.decode()
    options = dict(re.findall(r'<option value="(late|overdue)"[^>]*>([^<]+)<', html))
    assert options == {"late": "超期（含已办结）", "overdue": "正在超期"}
