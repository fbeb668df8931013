"""Of a file goes in what somebody sees who opens it, once for each file; one that cannot be read is known by name."""

from urllib.parse import quote

import openpyxl
import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from search.indexing.files import read_file_text
from search.indexing.guarded_reading import read_text_in_guard
from search.models import FileText
from search.queries import search
from tests import factories

from .conftest import run_jobs


@pytest.mark.unit
def test_hidden_sheets_and_properties_are_left_out(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "看得见的内容"
    book.create_sheet("藏")["A1"] = "藏起来的内容"
    book["藏"].sheet_state = "hidden"
    book.properties.title = "属性里的标题"
    path = tmp_path / "book.xlsx"
    book.save(path)
    text = read_text_in_guard({"path": quote(str(path)), "name": "表格.xlsx", "characters": 1000})["text"]
    assert "看得见的内容" in text
    assert "藏起来" not in text and "属性里" not in text and "表格" not in text


@pytest.mark.unit
def test_a_long_file_is_cut(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("很长的文字。" * 1000)
    assert len(read_text_in_guard({"path": quote(str(path)), "name": "long.txt", "characters": 50})["text"]) == 50


@pytest.mark.django_db
def test_one_file_on_two_pages_is_read_once_and_a_damaged_one_is_found_by_name():
    with tenant_context(get_tenant("alpha")):
        for number in ("一", "二"):
            paper = factories.document("申报材料清单正文。".encode(), "清单.txt")
            body = [{"type": "attachment", "value": {"document": paper.pk, "title": "清单"}}]
            factories.live_article(title=f"关于申报的通知之{number}", body=body)
    run_jobs()
    [kept] = FileText.objects.all()
    assert kept.state == FileText.State.READ
    assert search("申报材料清单正文").total == 2
    FileText.objects.update(text="不会再读")
    read_file_text(kept.sm3)
    assert FileText.objects.get().text == "不会再读"
    assert search("清单.txt").total == 2
