"""The reviewer's one page: what was found, where it stands, judging it, and who may see and do that."""

import html
import re

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Disposition, Scan
from govplatform.review.gate.scans import current_scan
from govplatform.review.gate.status import due_step_name
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from tests import factories
from tests.confidentiality.records.records_content import NUMBER, attached, docx_with_comment
from tests.console.test_chinese import visible_words
from tests.layers import layered

MOBILES = ("13812345678", "13987654321")


def body(*paragraphs, files=()):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return [{"type": "rich_text", "value": text}, *attached(*files)[1:]]


@pytest.fixture
def console(alpha, console):
    """As everywhere; and after every answer the test is back inside site alpha's schema."""

    def sign_in(username, code):
        client = console(username, code)
        ask = client.request

        def request(**asked):
            try:
                return ask(**asked)
            finally:
                connection.set_tenant(alpha)

        client.request = request
        connection.set_tenant(alpha)
        return client

    return sign_in


@layered
def submitted():
    """A number of two paragraphs, two telephones, and a comment in an attachment; the page's key."""
    with tenant_context(get_tenant("alpha")):
        file = factories.document(docx_with_comment(), "岗位表.docx", uploader="alpha_editor")
        page = factories.draft_article(
            title="招聘结果公示",
            body=body(f"联系人身份证号<b>{NUMBER[:6]}</b>{NUMBER[6:]}，请核对。", *MOBILES, files=[file]),
        )
        factories.submit(page)
    return page.pk


@pytest.fixture
def waiting(alpha, submitted):
    """Submitted and scanned."""
    return Article.objects.get(pk=submitted)


@pytest.fixture
def rows(waiting):
    """(rule, "file" or "") -> numbers of the findings of the scan."""
    found = {}
    for finding in current_scan(waiting).findings.all():
        found.setdefault((finding.rule, "file" if finding.attachment_kind else ""), []).append(finding.pk)
    return found


def screen(console, page, who="alpha_content"):
    response = console(who, "alpha").get(f"/admin/review/{page.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def judge(console, page, who="alpha_content", **fields):
    return console(who, "alpha").post(f"/admin/review/{page.pk}/", fields)


def test_findings_stand_by_severity_with_place_excerpt_and_counters(waiting, rows, console):
    text = screen(console, waiting)
    assert text.index("必须处理</h3>" if "必须处理</h3>" in text else 'data-severity="block"') < text.index("需要判断")
    must = {finding.key for finding in current_scan(waiting).findings.filter(severity="block")}
    assert f"{len(must)} 处必须处理" in text
    assert re.search(r"岗位表\w*\.docx：批注 1", text), "the place in Chinese words"
    assert "身份证号码" in text
    for number in rows["id-card", ""] + rows["id-card", "file"]:
        assert f'id="item-{number}"' in text
    assert NUMBER not in text.split('id="findings"')[1].split("</section>")[0], "excerpts are masked"
    listed = text.split('id="findings"')[1].split(">", 1)[1].split("</section>")[0]
    listed = re.sub(r"岗位表\w*\.docx", "", listed)  # the storage may have added letters to the name
    assert not visible_words(listed), "no English among the findings"


def test_the_preview_marks_the_number_across_its_tags(waiting, rows, console):
    preview = f"/admin/review/{waiting.pk}/preview/"
    client = console("alpha_content", "alpha")
    plain, marked = (client.get(address).content.decode() for address in (preview, f"{preview}?findings=1"))
    assert "finding-mark" not in plain
    (number,) = rows["id-card", ""]
    pieces = re.findall(rf'<mark[^>]*data-finding="[^"]*\b{number}\b[^"]*"[^>]*>([^<]*)</mark>', marked)
    assert "".join(pieces) == NUMBER
    assert marked.count(f'id="finding-{number}"') == 1
    assert 'data-severity="block"' in marked
    assert "marks.css" in marked
    unmarked = re.sub(r'<mark[^>]*>|</mark>|<span id="finding-\d+"></span>|<link[^>]*marks\.css[^>]*>', "", marked)
    assert unmarked == plain, "nothing else is touched"


def test_the_text_of_an_attachment_is_shown_with_its_hidden_parts(waiting, rows, console):
    text = screen(console, waiting)
    files = text.split('id="files"')[1].split("</section>")[0]
    assert "打开时看不到" in files
    (number,) = rows["id-card", "file"]
    assert f'id="finding-{number}"' in files
    assert f'href="#item-{number}"' in files, "the place leads back to its line"
    assert NUMBER in re.sub(r"<[^>]+>", "", files)


def test_a_file_that_cannot_be_read_says_so_with_a_link(alpha, console):
    file = factories.document(b"PK\x03\x04 broken", "坏文件.docx", uploader="alpha_editor")
    page = factories.draft_article(body=body("正文。", files=[file]))
    factories.submit(page)
    files = screen(console, page).split('id="files"')[1].split("</section>")[0]
    assert "无法读取" in files
    assert f"/admin/documents/{file.pk}/" in files or f"documents/{file.pk}" in files


@pytest.mark.parametrize(
    ("verdict", "reason", "kept"),
    [("false_alarm", "", True), ("ignored", "公开的办公电话。", True), ("ignored", " ", False), ("to_mask", "", True)],
)
def test_one_finding_is_judged(waiting, rows, console, verdict, reason, kept):
    (number,) = rows["id-card", ""]
    response = judge(console, waiting, finding=number, judgement=verdict, reason=reason)
    assert Disposition.objects.filter(finding_id=number, verdict=verdict).exists() is kept
    if kept:
        assert response.status_code == 302
        assert f"/admin/review/{waiting.pk}/#item-" in response["Location"], "on to the next open one"
        assert Entry.objects.filter(act="finding.judge").exists()
    else:
        assert "须写明理由" in response.content.decode()


def test_all_findings_of_a_rule_are_judged_with_one_reason(waiting, rows, console):
    numbers = rows["mobile", ""]
    assert len(numbers) == 2
    judge(console, waiting, rule="mobile", severity="warn", judgement="ignored", reason="值班电话，已公开。")
    given = Disposition.objects.filter(finding_id__in=numbers)
    assert [item.verdict for item in given] == ["ignored", "ignored"]
    assert {item.reason for item in given} == {"值班电话，已公开。"}
    assert "值班电话，已公开。" in screen(console, waiting)


def test_judging_is_all_or_nothing_and_only_for_this_page(waiting, rows, console):
    other = factories.draft_article(body=body("另一条：13700001111。"))
    factories.submit(other)
    (number,) = (finding.pk for finding in current_scan(other).findings.filter(rule="mobile"))
    response = judge(console, waiting, finding=number, judgement="false_alarm")
    assert "不属于这条信息" in response.content.decode()
    assert not Disposition.objects.exists()


def test_who_does_not_decide_does_not_judge(waiting, rows, console):
    (number,) = rows["id-card", ""]
    for who in ("alpha_editor", "alpha_secret"):
        text = screen(console, waiting, who)
        assert 'name="judgement"' not in text
        response = judge(console, waiting, who, finding=number, judgement="false_alarm")
        assert "没有办成" in response.content.decode()
    assert not Disposition.objects.exists()


def test_nobody_of_another_site_sees_anything(waiting, rows, console):
    for path in ("", "preview/?findings=1", "scan/?scan=1", "mask/"):
        for who, site in (("beta_secret", "beta"), ("alpha_admin", "alpha"), ("alpha_auditor", "alpha")):
            response = console(who, site).get(f"/admin/review/{waiting.pk}/{path}")
            # the reviewer of another site may open the screens of reviewers, and finds nothing by that number there
            found = 404 if site == "beta" and path != "mask/" else 403
            assert response.status_code == found, (who, path)
            assert NUMBER[-4:] not in response.content.decode()


def test_a_judgement_of_an_earlier_version_is_shown_as_carried(waiting, rows, console):
    (number,) = rows["id-card", ""]
    judge(console, waiting, finding=number, judgement="ignored", reason="样例号码。")
    from govplatform.review.submission.actions import decide_review

    decide_review(waiting, acting_user=factories.user("alpha_content"), approve=False, opinion="请补充落款。")
    page = type(waiting).objects.get(pk=waiting.pk)
    page = page.get_latest_revision().as_object()
    page.summary = "补充落款"
    page.save_revision(user=factories.user("alpha_editor"))
    factories.submit(page)
    text = screen(console, page)
    assert "沿用以往结论" in text
    assert "样例号码。" in text


def test_a_refusal_to_approve_leads_to_each_finding(waiting, rows, console):
    (number,) = rows["id-card", ""]
    from govplatform.review.submission.from_the_shell import decide_from_the_shell

    decide_from_the_shell(waiting, acting_user=factories.user("alpha_content"), approve=True, opinion="同意。")
    client = console("alpha_secret", "alpha")
    text = client.get(f"/admin/review/{waiting.pk}/").content.decode()
    fields = {
        "step": "confidentiality",
        "revision": re.search(r'name="revision" value="(\d+)"', text)[1],
        "checked": re.findall(r'name="checked" value="([^"]+)"', text),
        "opinion": "同意公开。",
        "verdict": "approve",
    }
    answer = client.post(f"/admin/review/{waiting.pk}/", fields).content.decode()
    assert re.search(rf'<a href="#item-{number}">第 \d+ 处</a>', answer), "by the number that stands in list and text"
    assert "同意公开。" in html.unescape(answer), "what was written stays"
    assert due_step_name(waiting) == "confidentiality"


@pytest.mark.parametrize(
    ("state", "said", "button"),
    [("queued", "正在排队", "再次排队"), ("running", "扫描中断", "重新扫描"), ("failed", "原因甲", "重新扫描")],
)
def test_the_state_of_the_scan_is_said(alpha, console, state, said, button):
    page = factories.draft_article()
    submit_for_review(page, acting_user=factories.user("alpha_editor"))
    Scan.objects.filter(page_id=page.pk).update(state=state, failure="原因甲" if state == "failed" else "")
    text = screen(console, page)
    assert said in text
    assert button in text
    number = Scan.objects.get(page_id=page.pk).pk
    answer = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/scan/?scan={number}")
    assert answer.json() == {"state": state}
    response = console("alpha_content", "alpha").post(f"/admin/review/{page.pk}/", {"scan": "1"})
    assert response.status_code == 302
    assert Scan.objects.get(pk=number).state == "queued"


def test_without_a_scan_there_is_a_button_for_one(alpha, console):
    page = factories.draft_article()
    assert "开始扫描" in screen(console, page, "alpha_editor")
    console("alpha_editor", "alpha").post(f"/admin/review/{page.pk}/", {"scan": "1"})
    assert Scan.objects.get(page_id=page.pk).requested_by.username == "alpha_editor"


def test_title_and_metadata_are_marked_as_well(alpha, console):
    page = factories.draft_article(title=f"关于{NUMBER}的公示", author="甲 13812345678")
    factories.submit(page)
    scan = current_scan(page)
    title = scan.findings.get(rule="id-card", where="title").pk
    author = scan.findings.get(rule="mobile", where="author").pk
    text = screen(console, page)
    facts = text.split('class="facts"')[1]
    assert f'data-finding="{author}"' in facts
    preview = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/preview/?findings=1").content.decode()
    heading = re.search(r"<h1>.*?</h1>", preview, re.DOTALL)[0]
    assert f'data-finding="{title}"' in heading


def test_two_sites_keep_their_findings_apart(waiting, rows, console, site):
    with tenant_context(site("beta")):
        page = factories.draft_article("beta_editor")
        submit_for_review(page, acting_user=factories.user("beta_editor"))
        scan = Scan.objects.get(page_id=page.pk)
    number = current_scan(waiting).pk
    answer = console("beta_content", "beta").get(f"/admin/review/{page.pk}/scan/?scan={number}")
    assert answer.status_code == 404 or answer.json()["state"] in ("none", scan.state)


def test_on_what_must_be_handled_the_way_on_is_filled_and_keeping_is_pale(waiting, rows, console):
    text = screen(console, waiting)
    (number,) = rows["id-card", ""]
    form = text.split(f'id="item-{number}"')[1].split("</li>")[0]
    buttons = dict(re.findall(r'<button class="([^"]*)"[^>]*value="(\w+)"', form)[i][::-1] for i in range(3))
    assert buttons["to_mask"] == "button button-small", "masked by the rule pack: the filled one"
    assert "button-secondary" in buttons["ignored"]
    assert 'name="reason"' in form


def test_what_no_rule_masks_is_sent_back_with_its_line_in_the_opinion(alpha, console):
    page = factories.draft_article(body=body("机密★10年"))
    factories.submit(page)
    text = screen(console, page)
    line = re.search(r'<a class="button button-small" href="#opinion" data-return="([^"]*)"', text)
    assert line
    assert re.fullmatch(r"第 \d+ 处（正文，密级标志）请修改。", line[1]), "the filled one leads to the opinion"


def test_of_the_properties_of_a_document_those_about_people_are_told_and_the_rest_is_folded(waiting, console):
    files = screen(console, waiting).split('id="files"')[1].split("</section>")[0]
    part = files.split("文档属性")[1].split("</details>")[0]
    told, folded = part.split("<details>")
    assert "<dt>作者</dt><dd>甲科</dd>" in told
    assert "creator" not in part
    assert "<dt>建立时间</dt>" in folded


def test_numbers_in_the_text_are_those_of_the_list(waiting, rows, console):
    text = screen(console, waiting)
    listed = dict(re.findall(r'id="item-(\d+)".*?<b class="finding__number">(\d+)</b>', text, re.S))
    preview = console("alpha_content", "alpha").get(f"/admin/review/{waiting.pk}/preview/?findings=1").content.decode()
    marked = re.findall(r'<mark id="finding-(\d+)"[^>]*data-number="([\d、]+)"', preview)
    assert marked
    for number, shown in marked:
        assert listed[number] in shown.split("、")


def test_a_group_of_persons_says_how_many(alpha, console):
    persons = [["张小三", "13812345678"], ["李小四", "13912345679"], ["王小五", "13712345670"]]
    table = {"caption": "救助", "header_row": True, "rows": [["姓名", "手机"], *persons]}
    page = factories.draft_article(body=[*body("名单如下。"), {"type": "table", "value": table}])
    factories.submit(page)
    text = screen(console, page)
    assert "等 3 人" in text
    assert "涉及 3 人" in text


def test_the_screen_says_what_is_left_of_the_limit(waiting, console):
    assert re.search(r"办理期限：<span>还剩 \d+ (?:个工作日|小时|分钟)</span>", screen(console, waiting))
