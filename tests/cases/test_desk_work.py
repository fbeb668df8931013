"""Work at the desk: tables for a spreadsheet, saved replies, answers alike, the file of a case on paper."""

import csv
import io

import openpyxl
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.cases.models import Case, SavedReply
from govplatform.spreadsheets.writing import unguarded
from search.indexing.actions import index_site
from tests.cases.test_life import cleared, handed_in

from .conftest import TEXT, send_in
from .test_acts import assigned
from .test_verbs import say

__all__ = ["say"]
FORMULA = "=cmd|' /C calc'!A0"


def test_tables_hold_no_formula_and_are_recorded(desk, console):
    send_in(title=FORMULA)
    send_in(kind="report", title="另一件")
    clerk = console("alpha_clerk", "alpha")
    got = clerk.get("/admin/cases/?kind=consultation&export=csv")
    assert got["Content-Disposition"] == 'attachment; filename="cases.csv"'
    rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[1][2] == f"'{FORMULA}"
    # As an input method writes them.
    for title in ("＝1+1", "＋1", "－1", "＠SUM(A1)"):
        send_in(kind="help", title=title)
    wide = list(csv.reader(io.StringIO(clerk.get("/admin/cases/?kind=help&export=csv").content.decode("utf-8-sig"))))
    assert {row[2] for row in wide[1:]} == {"'＝1+1", "'＋1", "'－1", "'＠SUM(A1)"}
    assert {unguarded(row[2])[0] for row in wide[1:]} == set("＝＋－＠")
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/admin/cases/?export=xlsx").content))
    cell = next(cell for cell in book.active["C"] if cell.value == FORMULA)
    assert cell.data_type == "s"
    assert Entry.objects.filter(act="cases.exported").count() == 3
    overseen = console("supervisor", "console").get("/admin/cases/?export=csv").content.decode()
    assert "另一件" not in overseen and Case.objects.first().number in overseen


def test_an_answer_begins_with_a_saved_reply(desk, console):
    case = assigned()
    editor = console("beta_editor", "beta")
    assert "请填写" in editor.post("/admin/cases/replies/", {"title": " ", "text": "x"}).content.decode()
    editor.post("/admin/cases/replies/", {"title": "谢谢", "text": "<b>感谢</b>来信。"})
    saved = SavedReply.objects.get()
    html = editor.get(f"/admin/cases/{case.pk}/?reply={saved.pk}").content.decode()
    assert html.count("&lt;b&gt;感谢&lt;/b&gt;来信。") == 1
    for wrong in ("x", "²", "9" * 30, "0"):
        assert editor.get(f"/admin/cases/{case.pk}/?reply={wrong}").status_code == 200
    assert console("alpha_editor", "alpha").post(
        "/admin/cases/replies/", {"act": "delete", "saved": str(saved.pk)}
    ).status_code == 404  # fmt: skip
    editor.post("/admin/cases/replies/", {"act": "delete", "saved": str(saved.pk)})
    assert not SavedReply.objects.exists()


def test_answers_alike_stand_beside_the_form(desk, console):
    _case, page = handed_in(title="小区路灯维修归谁管")
    cleared(page)
    with tenant_context(page_site := assigned(title="路灯维修").organisation):
        index_site(page_site.pk)
    case = Case.objects.get(title="路灯维修")
    html = console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/").content.decode()
    assert "相近的答问和公开答复" in html and "小区路灯维修归谁管" in html


def test_the_file_of_a_case_on_paper(desk, console):
    case = assigned(name="来信人", phone="0000-0000001", text=f"{TEXT}<script>")
    html = console("beta_editor", "beta").get(f"/admin/cases/{case.pk}/print/").content.decode()
    assert case.number in html and f"{TEXT}&lt;script&gt;" in html and "甲受理" in html
    assert "0000-0000001" not in html
    assert console("outsider", "beta").get(f"/admin/cases/{case.pk}/print/").status_code != 200


def test_the_verb_exports(say, tmp_path):
    send_in(title=FORMULA)
    out = tmp_path / "cases.csv"
    say("cases", "--as", "alpha_clerk", "--export", str(out), status=2)
    say("cases", "--as", "alpha_clerk", "--site", "alpha", "--export", str(out))
    assert f"'{FORMULA}" in out.read_text(encoding="utf-8-sig")
    say("cases", "--as", "outsider", "--site", "alpha", "--export", str(out), status=3)
