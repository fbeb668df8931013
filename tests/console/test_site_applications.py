"""网站事项 in the console: forms with what is missing, the list with clocks, one application and what may be done."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from govplatform.lifecycle.models import ApplicationPaper, SiteApplication
from govplatform.rule_packs.working_days import local_day
from tests.lifecycle.life import approve, approve_to_the_end, file, paper

pytestmark = pytest.mark.django_db

LIST, NEW = "/admin/site-applications/", "/admin/site-applications/new/?kind="


def retirement():
    return file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])


def upload(name="approval.txt"):
    stream = io.BytesIO("同意关停。".encode())
    stream.name = name
    return stream


def test_the_form_says_what_is_missing_before_anything_is_sent(console):
    text = console("beta_admin", "beta").get(f"{NEW}retire").content.decode()
    for word in ("同意关停的批准文件", "行政区划调整或者主办单位撤销的文件", "提交前还缺"):
        assert word in text
    text = console("beta_admin", "beta").get(LIST).content.decode()
    assert "运行中" in text and "须备 2 项" in text


def test_a_form_without_papers_is_refused_with_all_of_them_and_keeps_what_was_typed(console):
    answer = console("beta_admin", "beta").post(f"{NEW}retire", {"reason": "区划调整的申请。", "ground": ""})
    text = answer.content.decode()
    assert answer.status_code == 400 and SiteApplication.objects.count() == 0
    for word in ("缺少材料“同意关停的批准文件”", "“行政区划调整”", "门户网站", "区划调整的申请。"):
        assert word in text
    # Codes are for the shell; what is read here is words.
    reasons = text.partition("还不能提交")[2].partition("<form")[0]
    assert reasons and not re.search("approval|division|organiser", reasons)


@pytest.mark.parametrize("kind", ["change", "offline", "retire"])
def test_no_refusal_of_the_form_shows_a_code(console, kind):
    text = console("beta_admin", "beta").post(f"{NEW}{kind}", {}).content.decode()
    reasons = text.partition("还不能提交")[2].partition("<form")[0]
    assert reasons and not re.search("[a-z]+[-_][a-z]+|（[a-z]+）", re.sub("<[^>]*>", "", reasons)), reasons


def test_the_administrator_files_and_the_supervisor_decides(console):
    given = {"reason": "区划调整。", "ground": "division-change", "into": "alpha", "paper-approval": upload()}
    answer = console("beta_admin", "beta").post(f"{NEW}retire", {**given, "paper-division-change": upload("b.txt")})
    application = SiteApplication.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    one = f"{LIST}{application.pk}/"
    text = console("supervisor", "console").get(one).content.decode()
    assert "approval.txt" in text and "审批期限" in text
    for step, state in ((0, "pending"), (1, "approved")):
        sent = {"opinion": "同意。", "step": step, "approve": ""}
        answer = console("supervisor", "console").post(one, sent)
        assert answer.status_code == 302
        application.refresh_from_db()
        assert application.state == state
    assert "同意。" in console("beta_admin", "beta").get(one).content.decode()


def test_a_decision_on_another_level_than_was_seen_is_refused(console):
    application = approve(retirement())
    sent = {"opinion": "同意。", "step": 0, "approve": ""}
    answer = console("supervisor", "console").post(f"{LIST}{application.pk}/", sent)
    assert answer.status_code == 400 and "刚由他人审批" in answer.content.decode()


def test_it_is_rejected_or_taken_back_from_the_same_screen(console):
    application = retirement()
    sent = {"opinion": "材料不符。", "step": 0, "reject": ""}
    assert console("supervisor", "console").post(f"{LIST}{application.pk}/", sent).status_code == 302
    application.refresh_from_db()
    assert application.state == "rejected"
    application = retirement()
    sent = {"reason": "改期。", "withdraw": ""}
    assert console("beta_admin", "beta").post(f"{LIST}{application.pk}/", sent).status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_another_site_sees_nothing_of_it(console):
    application = retirement()
    one = ApplicationPaper.objects.first()
    client = console("alpha_admin", "alpha")
    assert client.get(f"{LIST}{application.pk}/").status_code == 404
    assert client.get(f"{LIST}papers/{one.pk}/").status_code == 404
    assert client.post(f"{LIST}{application.pk}/", {"reason": "x", "withdraw": ""}).status_code == 404
    assert str(application.pk) not in [row.split('"')[0] for row in client.get(LIST).content.decode().split(LIST)[1:]]


@pytest.mark.parametrize("who", ["beta_editor", "beta_content", "beta_auditor"])
def test_other_roles_of_the_site_are_not_let_in(console, who):
    application = retirement()
    client = console(who, "beta")
    for address in (LIST, f"{NEW}retire", f"{LIST}{application.pk}/"):
        assert client.get(address).status_code in (403, 404), address


def test_a_paper_is_sent_as_a_file_and_never_by_a_public_host(console, citizen):
    retirement()
    one = ApplicationPaper.objects.first()
    answer = console("beta_admin", "beta").get(f"{LIST}papers/{one.pk}/")
    assert b"".join(answer.streaming_content) == "同意。".encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    for address in (f"/media/papers/{one.file.name}", f"/admin/site-applications/papers/{one.pk}/"):
        assert citizen("beta").get(address).status_code == 404
    assert console("supervisor", "console").get(f"{LIST}papers/{one.pk}/").status_code == 200


def test_supervisors_see_the_clocks_and_what_is_late(console):
    application = retirement()
    SiteApplication.objects.filter(pk=application.pk).update(due_at=timezone.now() - timedelta(hours=1))
    client = console("supervisor", "console")
    for address in (LIST, "/admin/"):
        assert "已超期" in client.get(address).content.decode(), address
    assert "没有符合条件" in client.get(f"{LIST}?state=rejected&site=beta").content.decode()


def test_an_operator_files_for_a_site_and_a_supervisor_does_not(console):
    client = console("operator", "console")
    assert "澄州市白石县人民政府" in client.get(f"{NEW}offline").content.decode()
    until = local_day(timezone.now()) + timedelta(days=5)
    sent = {"reason": "机房维护。", "ground": "maintenance", "until": until.isoformat()}
    assert client.post(f"{NEW}offline&site=beta", sent).status_code == 302
    assert SiteApplication.objects.get().filed_by.username == "operator"
    assert console("supervisor", "console").get(f"{NEW}offline").status_code in (403, 404)
    assert client.get(f"{NEW}nothing").status_code == 404
    assert client.get(f"{NEW}offline&site=nowhere").status_code == 404


def test_a_form_that_changes_nothing_says_so(console):
    client = console("beta_admin", "beta")
    page = client.get(f"{NEW}change")
    form = page.context["form"]
    same = {field.html_name: field.value() or "" for field in form if not field.html_name.startswith("paper")}
    answer = client.post(f"{NEW}change", {**same, "reason": "核对。"})
    assert answer.status_code == 400 and "请写明要变更的项目" in answer.content.decode()
    answer = client.post(f"{NEW}change", {**same, "reason": "换人。", "fact-responsible_person": "王明"})
    assert answer.status_code == 302
    assert SiteApplication.objects.get().wanted == {"responsible_person": "王明"}


def test_a_change_says_what_is_now_and_is_taken_back_while_its_notice_waits(console):
    application = approve_to_the_end(file("change", wanted={"domain": "baishi.localhost"}))
    one, admin = f"{LIST}{application.pk}/", console("beta_admin", "beta")
    assert "baishi.localhost（现为：beta.localhost）" in admin.get(one).content.decode()
    assert admin.post(one, {"withdraw": "", "reason": "域名写错。"}).status_code == 302
    assert "已撤回" in admin.get(one).content.decode()
