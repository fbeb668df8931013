"""A guide to a service: as citizens read it, how a column lists it, what it lacks, and bringing in many by a table."""

import json
import re

import pytest
from django.urls import reverse
from openpyxl import Workbook

from content_library.models import Resource
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.queries import site_path
from sites.articles.models import Article
from sites.service_guides.actions import column_of_services, import_services
from sites.service_guides.completeness import gaps_of
from sites.service_guides.models import ServiceItem
from sites.service_guides.queries import incomplete_guides, judge_services
from sites.service_guides.table import HEADINGS, fields_of_row, material_of, step_of
from sites.writing.placing import Place, place_draft
from tests.factories import column, document, draft_article, draft_page, publish, user
from tests.structured.samples import draft, live
from tests.verbs import call_verb


def table(path, *rows, headings=None):
    book = Workbook()
    sheet = book.active
    sheet.append(headings or list(HEADINGS.values()))
    for row in rows:
        sheet.append([row.get(name, "") for name in HEADINGS])
    book.save(path)
    return path


ROW = {
    "title": "失业保险金申领", "item_code": "000514000000", "organisation": "市人力资源和社会保障局", "level": "市级",
    "for_whom": "自然人", "life_event": "就业创业", "conditions": "缴费满一年。\n非因本人意愿中断就业。",
    "materials": "1. 身份证（原件，1份，必要）\n2、终止劳动关系证明（复印件，2份，视情况，加盖公章）",
    "steps": "受理（当日）：窗口或网上。\n决定：核定期限和标准。", "promised_limit": "3个工作日", "fees": "不收费",
    "place": "政务服务中心", "office_hours": "工作日", "phone": "0000-0000418", "basis": "失业保险条例",
}  # fmt: skip


def test_citizens_read_what_to_bring_and_how_it_goes(alpha, citizen):
    form = document(name="form.txt")
    page = draft(ServiceItem)
    page.materials = [
        {"type": "material", "value": {"name": "申请书", "form": "original", "copies": 2, "empty_form": form.pk}}
    ]
    page.save_revision(user=user("alpha_editor"))
    page = publish(page)
    html = citizen("alpha").get(site_path(page)).content.decode()
    for words in ("申请书", "原件", "2 份", "空白表格", "受理", "1个工作日", "窗口核对材料。", "有相适应的场所。"):
        assert words in html, words
    assert 'href="https://services.example.gov.cn/food"' in html
    assert html.index("受理条件") < html.index("申请材料") < html.index("办理流程") < html.index("设定依据")
    [address] = re.findall(r'<a href="([^"]+)" download>空白表格', html)
    assert citizen("alpha").get(address).status_code == 200
    held = Resource.objects.select_related("current").get(tenant=alpha, page_id=page.pk)
    assert "申请书" in held.current.text and "窗口核对材料。" in held.current.text
    assert [file.name for file in held.current.files.all()] == ["form.txt"]


def test_a_guide_without_materials_says_so_or_sends_to_the_telephone(alpha, citizen):
    none = live(ServiceItem, slug="none", materials=[], without_materials=True)
    unsaid = live(ServiceItem, slug="unsaid", materials=[])
    assert "不需要提交材料。" in citizen("alpha").get(site_path(none)).content.decode()
    assert "没有列出材料，请先电话咨询。" in citizen("alpha").get(site_path(unsaid)).content.decode()


def test_a_column_lists_guides_by_whom_occasion_and_body(alpha, citizen):
    services = column("services")
    services.list_template = "services"
    services.save()
    live(ServiceItem, slug="food")
    live(ServiceItem, slug="birth", title="出生登记", for_whom="person", life_event="birth", enterprise_event="",
         organisation="市公安局")  # fmt: skip
    reader, path = citizen("alpha"), site_path(services)
    whole = reader.get(path).content.decode()
    assert "出生登记" in whole and "食品经营许可" in whole and "6个工作日" in whole
    assert "个人（2）" in whole and "企业和其他组织（1）" in whole and "生育收养（1）" in whole
    narrow = reader.get(path, {"for": "enterprise"}).content.decode()
    assert "食品经营许可" in narrow and "出生登记</a>" not in narrow
    assert "出生登记</a>" in reader.get(path, {"life": "birth", "organisation": "市公安局"}).content.decode()
    for asked in ({"for": "nobody"}, {"life": "'; --"}, {"enterprise": "x" * 5000}):
        assert reader.get(path, asked).status_code == 200, asked
    assert "没有符合这些条件的信息" in reader.get(path, {"for": "nobody"}).content.decode()


def test_what_a_guide_lacks_is_named(alpha):
    whole, thin = (
        live(ServiceItem, slug="whole"),
        live(ServiceItem, slug="thin", basis="", materials=[], steps=[], fees="", enterprise_event=""),
    )
    assert gaps_of(whole) == []
    assert gaps_of(thin) == ["申请材料", "办理流程", "收费标准", "设定依据", "企业办事主题"]
    assert [item.pk for item in incomplete_guides()] == [thin.pk]
    article = publish(draft_page(Article, "services", "alpha_editor", title="老办法的指南", slug="old"))
    found = {one.page.pk: one for one in judge_services()}
    assert found[whole.pk].complete and not found[thin.pk].complete
    assert not found[article.pk].is_guide


def test_a_draft_of_an_article_becomes_a_guide(alpha):
    page = draft_article(title="老办法的指南")
    made = place_draft(page, Place(column("services"), "service"), acting_user=user("alpha_editor"))
    assert isinstance(made, ServiceItem) and made.get_parent().slug == "services"
    assert "“实施机构”不能为空。" in [str(reason) for reason in made.reasons_against_submitting()]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("身份证", {"name": "身份证", "form": "original", "copies": 1, "needed": True, "note": ""}),
        (
            "（2）户口簿（原件和复印件，3份，容缺）",
            {"name": "户口簿", "form": "both", "copies": 3, "needed": False, "note": ""},
        ),
        (
            "3.照片（电子件，近期，白底）",
            {"name": "照片", "form": "electronic", "copies": 1, "needed": True, "note": "近期，白底"},
        ),
    ],
)
def test_a_line_of_materials(line, value):
    assert material_of(line)["value"] == value


def test_a_line_of_steps():
    assert step_of("2. 受理（1个工作日）：核对:材料")["value"] == {
        "name": "受理",
        "limit": "1个工作日",
        "text": "核对:材料",
    }
    assert step_of("领证")["value"] == {"name": "领证", "limit": "", "text": ""}
    assert fields_of_row({"materials": "无。"})["without_materials"] is True


def test_a_table_becomes_drafts_and_faults_name_line_and_heading(alpha, tmp_path):
    wrong = {**ROW, "item_code": "2", "for_whom": "大家", "title": "甲"}
    longer = {**ROW, "item_code": "3", "phone": "1" * 200, "title": "乙"}
    path = table(tmp_path / "t.xlsx", ROW, wrong, longer, {**ROW, "title": "同一编码"}, {"item_code": "4"})
    brought = import_services(path, "t.xlsx", column=column_of_services(), acting_user=user("alpha_editor"))
    [(line, page)] = brought.items
    assert (line, page.title, page.for_whom, page.life_event) == (2, "失业保险金申领", "person", "work")
    assert page.live is False and gaps_of(page) == []
    assert [block.value["name"] for block in page.materials] == ["身份证", "终止劳动关系证明"]
    failed = {line: "".join(reasons) for line, _title, reasons in brought.failed}
    assert set(failed) == {3, 4, 5, 6}
    assert "“办理对象”写的是“大家”" in failed[3] and "“咨询电话”" in failed[4]
    assert f"页面 {page.pk}“失业保险金申领”" in failed[5] and "“事项名称”是空的" in failed[6]
    assert Entry.objects.filter(act="service.import").count() == 1
    assert page.reasons_against_submitting() == []


def test_who_may_not_write_there_brings_nothing(alpha, tmp_path):
    path = table(tmp_path / "t.xlsx", ROW)
    with pytest.raises(Refused, match="没有编辑角色"):
        import_services(path, "t.xlsx", column=column_of_services(), acting_user=user("alpha_content"))
    with pytest.raises(Refused, match="事项名称"):
        bad = table(tmp_path / "b.xlsx", ROW, headings=["甲"] * len(HEADINGS))
        import_services(bad, "b.xlsx", column=column_of_services(), acting_user=user("alpha_editor"))
    assert not ServiceItem.objects.exists()


def test_on_the_screen(alpha, console, tmp_path):
    editor = console("alpha_editor", "alpha")
    assert "本站还没有办事指南。" in editor.get(reverse("services")).content.decode()
    blank = editor.get(reverse("services_table"))
    assert blank.status_code == 200
    (tmp_path / "blank.xlsx").write_bytes(blank.content)
    for name, titles in (("blank.xlsx", "示例"), ("t.xlsx", "失业保险金申领")):
        if name == "t.xlsx":
            table(tmp_path / name, ROW, {**ROW, "item_code": "9", "level": "镇"})
        with (tmp_path / name).open("rb") as file:
            sent = {"column": column_of_services().pk, "file": file}
            answer = editor.post(reverse("services_import"), sent)
        assert answer.status_code == 200 and titles in answer.content.decode()
    said = answer.content.decode()
    assert "没有导入的行" in said and "“行使层级”写的是“镇”" in said
    assert "没有写" in editor.get(reverse("services"), {"show": "all"}).content.decode()
    refused = editor.post(reverse("services_import"), {"column": column_of_services().pk})
    assert refused.status_code == 400 and "请选择文件" in refused.content.decode()
    assert console("alpha_auditor", "alpha").get(reverse("services")).status_code == 403
    assert console("alpha_content", "alpha").get(reverse("services_import")).status_code == 403


def test_the_verb(alpha, tmp_path):
    path = table(tmp_path / "t.xlsx", ROW)
    words = ("services", "import", str(path), "--site", "alpha", "--as", "alpha_editor", "--json")
    done = call_verb(*words)
    assert done.returncode == 0, done.stderr
    [item] = json.loads(done.stdout)["items"]
    assert item["title"] == "失业保险金申领"
    assert call_verb(*words).returncode == 1
    assert call_verb("services", "import", "--json").returncode == 2
    assert json.loads(call_verb("services", "check", "--site", "alpha", "--json").stdout) == {
        "ok": True, "checked": 0, "faults": []
    }  # fmt: skip
    page = live(ServiceItem, slug="thin", fees="")
    told = call_verb("services", "check", "--site", "alpha", "--json")
    assert told.returncode == 1
    [fault] = json.loads(told.stdout)["faults"]
    assert (fault["page"], fault["missing"]) == (page.pk, ["收费标准"])
