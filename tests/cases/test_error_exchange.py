"""Tables of the national platform: read row by row, each number once; written back with state and answer."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from govplatform.cases.error_reports.exchange import export_reports, import_reports
from govplatform.cases.error_reports.table import HEADINGS
from govplatform.cases.models import Case, ErrorReport
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign
from tests.office import opened_in_office
from tests.verbs import call_verb

from .test_life import cleared, person

HEAD = ["编号", "问题页面网址", "问题类型", "问题描述", "提交时间", "不认识的列"]
GOOD = ["2026113000001", "http://beta.localhost/news/", "错别字", "标题里有错字。", "2026-03-02 09:30", "x"]


def book(tmp_path, *rows, kind="xlsx", name="国家平台"):
    path = tmp_path / f"{name}.{kind}"
    path.write_bytes(write_table([HEAD, *rows], kind, sheet="网民找错", widths=[20] * 6))
    return path


def taken_in(path, desk="alpha", who="alpha_clerk"):
    return import_reports(get_tenant(desk), path, filename=path.name, acting_user=person(who))


def test_each_row_is_taken_once_and_says_what_is_wrong(desk, tmp_path, subtests):
    tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    rows = [
        GOOD,
        ["", *GOOD[1:]],
        ["2.02611E+12", *GOOD[1:]],
        ["n-1", "javascript:alert(1)", *GOOD[2:]],
        ["n-2", GOOD[1], "别的", *GOOD[3:]],
        ["n-3", *GOOD[1:3], "", GOOD[4], ""],
        ["n-4", *GOOD[1:4], "昨天", ""],
        ["n-5", *GOOD[1:4], tomorrow, ""],
        ["n-6", "https://ting.example.gov.cn/a", "内容无法访问", "打不开。", "2026年3月2日", ""],
        GOOD,
    ]
    for kind in ("xlsx", "csv"):
        with subtests.test(kind):
            done = taken_in(book(tmp_path, *rows, kind=kind))
            assert [str(fault).partition("：")[0] for fault in done.faults] == [
                "第 3 行“编号”", "第 4 行“编号”", "第 5 行“问题网址”", "第 6 行“问题类型”", "第 7 行“问题描述”",
                "第 8 行“提交时间”", "第 9 行“提交时间”",
            ]  # fmt: skip
            assert "科学计数" in str(done.faults[1]) and "请写成 2026-03-02 09:30" in str(done.faults[5])
            assert len(done.cases) == (2 if kind == "xlsx" else 0)
            assert [line for line, _national, _here in done.known] == ([11] if kind == "xlsx" else [2, 10, 11])
    assert Case.objects.count() == 2
    report = ErrorReport.objects.select_related("case").get(national_number="2026113000001")
    assert (report.error_kind, report.site.code, report.case.desk.code) == ("content", "beta", "alpha")
    # The limit runs from when it came in there.
    assert report.case.accept_due.date().isoformat() == "2026-03-03" and report.case.is_late
    assert ErrorReport.objects.get(national_number="n-6").site is None


def test_what_is_no_such_table_is_refused_as_a_whole(desk, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("编号,问题网址\n1,http://beta.localhost/\n", encoding="utf-8")
    with pytest.raises(Refused, match="表头缺少这些列：问题类型、问题描述、提交时间"):
        taken_in(path)
    path = tmp_path / "t.pdf"
    path.write_bytes(b"%PDF")
    with pytest.raises(Refused, match="CSV 或 XLSX"):
        taken_in(path)
    for who, site in (("alpha_editor", "alpha"), ("beta_clerk", "alpha")):
        with pytest.raises(Refused, match=r"不是.*受理员"):
            taken_in(book(tmp_path, GOOD), site, who)
    assert not Case.objects.exists()


def test_what_is_written_back_opens_without_a_formula(desk, tmp_path):
    strange = '=HYPERLINK("http://evil.example","x")'
    taken_in(book(tmp_path, [*GOOD[:3], strange, *GOOD[4:]]))
    case = Case.objects.get()
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    case = Case.objects.select_related("desk", "organisation").get()
    cleared(answer_case(case, "+已改正。\x0b", acting_user=person("beta_editor")))
    desk = get_tenant("alpha")
    content, count = export_reports(desk, "xlsx", acting_user=person("alpha_clerk"), choice="national")
    sheet = load_workbook(io.BytesIO(content)).active
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    told = dict(zip(head, row, strict=True))
    assert count == 1 and head == list(HEADINGS.values())
    assert (told["编号"], told["办理状态"], told["答复内容"]) == (GOOD[0], "已答复", "+已改正。")
    assert told["问题描述"] == strange and all(cell.data_type != "f" for cell in sheet[2])
    assert told["答复单位"] == "澄州市白石县人民政府" and told["是否超期"] in ("是", "否") and told["转办时间"]
    text = export_reports(desk, "csv", acting_user=person("alpha_clerk"))[0].decode("utf-8-sig")
    assert "\"'=HYPERLINK" in text and ",'+已改正。" in text
    with pytest.raises(Refused):
        export_reports(desk, "csv", acting_user=person("alpha_editor"))
    for kind in ("csv", "xlsx"):
        table = tmp_path / f"reports.{kind}"
        table.write_bytes(export_reports(desk, kind, acting_user=person("alpha_clerk"))[0])
        opened = dict(zip(*opened_in_office(table), strict=True))
        # As words, with or without the mark that keeps a text file's cell from being worked out.
        assert opened["问题描述"].removeprefix("'") == strange and opened["答复内容"].removeprefix("'") == "+已改正。"
    # What was written is read again: nothing of it is new.
    (tmp_path / "back.xlsx").write_bytes(content)
    again = taken_in(tmp_path / "back.xlsx")
    assert (len(again.cases), len(again.known), len(again.faults)) == (0, 1, 0)


def test_on_the_screen(desk, console, tmp_path):
    clerk = console("alpha_clerk", "alpha")
    assert "导入导出纠错" in clerk.get("/admin/cases/").content.decode()
    upload = SimpleUploadedFile("表.xlsx", book(tmp_path, GOOD, ["", *GOOD[1:]]).read_bytes())
    told = clerk.post("/admin/cases/error-reports/", {"act": "import", "file": upload}).content.decode()
    assert "已导入 1 件" in told and "第 3 行“编号”：请填写。" in told
    assert "请选择文件" in clerk.post("/admin/cases/error-reports/", {"act": "import"}).content.decode()
    given = clerk.post("/admin/cases/error-reports/", {"act": "export", "format": "csv", "show": "late"})
    assert given["Content-Disposition"].endswith('.csv"') and GOOD[0] in given.content.decode("utf-8-sig")
    assert "范围是" in clerk.post("/admin/cases/error-reports/", {"act": "export", "format": "exe"}).content.decode()
    assert console("alpha_editor", "alpha").get("/admin/cases/error-reports/").status_code == 403


def test_the_verbs(desk, tmp_path):
    def say(*words, status=0):
        done = call_verb(*words, "--json")
        assert done.returncode == status, (done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout else {}

    text, out = tmp_path / "text.txt", tmp_path / "out.csv"
    text.write_text("链接打不开。", encoding="utf-8")
    submit = ("case", "submit", "--site", "alpha", "--kind", "correction", "--text", str(text))
    say(*submit, status=2)
    assert say(*submit, "--page", "https://www.example.com/", status=3)["refused"]
    sent = say(*submit, "--page", "http://beta.localhost/news/", "--error", "link")
    assert set(sent) == {"number", "query_code", "due"}
    number = sent["number"]
    assert say("case", "accept", number, "--as", "beta_clerk", status=3)["refused"]
    assert say("case", "assign", number, "--as", "beta_clerk", "--to", "beta")["state"] == "assigned"
    # The address is that of a column: nothing that a correction could answer with.
    assert say("case", "correct", number, "--as", "beta_editor", status=3)["refused"]
    assert say("case", "drop", number, "--as", "beta_editor", status=3)["refused"]
    say("case", "hide", number, "--as", "beta_editor", "--reason", "涉及个人隐私")
    [line] = say("cases", "--as", "beta_editor", "--kind", "correction")["cases"]
    assert (line["number"], line["kind"], line["organisation"]) == (number, "correction", "beta")

    words = ("error_reports", "import", str(book(tmp_path, GOOD, ["", *GOOD[1:]])), "--site", "alpha", "--as")
    done = say(*words, "alpha_clerk", status=1)
    assert (done["faults"][0]["line"], done["imported"][0]["national_number"]) == (3, GOOD[0])
    assert say(*words, "alpha_editor", status=3)["refused"]
    say("error_reports", "import", status=2)
    export = ("error_reports", "export", "--site", "alpha", "--as", "alpha_clerk", "--out")
    assert say(*export, str(out), "--show", "late") == {"rows": 1, "file": str(out)}
    assert GOOD[0] in out.read_text("utf-8-sig")
    assert say(*export, str(tmp_path / "out.pdf"), status=3)["refused"]
    say(*export, str(tmp_path / "nowhere" / "out.csv"), status=2)


def test_a_workbook_of_numbers_and_dates_is_read_as_well(desk, tmp_path):
    made = Workbook()
    sheet = made.active
    sheet.append(HEAD[:5])
    sheet.append([20261130, *GOOD[1:4], timezone.localtime().replace(tzinfo=None, year=2026, month=3, day=2)])
    made.save(tmp_path / "n.xlsx")
    done = taken_in(tmp_path / "n.xlsx")
    assert not done.faults and ErrorReport.objects.get().national_number == "20261130"
