"""The verb says what it recognises before anything is kept, and takes corrections by option and from a table."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportBatch
from sites.policies.models import PolicyDocument
from tests.documents_in.fictional import NOTICE, NUMBER, TITLE, write_text
from tests.documents_in.importing import call, import_files


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def test_a_dry_run_tells_and_keeps_nothing(verb, tmp_path):
    files = [write_text(tmp_path / "通知.txt", NOTICE), tmp_path / "没有.txt"]
    status, answer = import_files(verb, *files, more="--dry-run")
    told = answer["files"][0]
    assert (status, [one["file"] for one in answer["failed"]]) == (3, [str(files[1])])
    assert (told["values"]["title"], told["values"]["document_number"]) == (TITLE, NUMBER)
    assert told["recognised"]["remark"] == "此件公开发布" and told["lacking"] == []
    with tenant_context(get_tenant("alpha")):
        assert not ImportBatch.objects.exists() and not PolicyDocument.objects.exists()


def test_corrections_go_into_the_draft(verb, tmp_path):
    first, second = write_text(tmp_path / "一.txt", NOTICE), write_text(tmp_path / "二.txt", [*NOTICE, "再加一段话。"])
    table = tmp_path / "更正.csv"
    table.write_text("文件名,标题,成文日期\n一.txt,改过的标题,2023年6月1日\n二.txt,,\n", encoding="utf-8-sig")
    more = f"--corrections {table} --set source=云江省水务厅"
    status, answer = import_files(verb, first, second, more=more)
    assert (status, answer["failed"]) == (0, [])
    with tenant_context(get_tenant("alpha")):
        told = [(page.title, str(page.issued_on), page.source) for page in PolicyDocument.objects.order_by("pk")]
    assert told == [("改过的标题", "2023-06-01", "云江省水务厅"), (TITLE, "2023-05-09", "云江省水务厅")]


def test_what_corrects_nothing_is_refused_before_anything_is_done(verb, tmp_path):
    file, table = write_text(tmp_path / "一.txt", NOTICE), tmp_path / "更正.csv"
    words = ["import_documents", "--site", "alpha", "--column", "policies", "--as", "alpha_editor"]
    table.write_text("文件名,标题\n二.txt,改过的标题\n", encoding="utf-8")
    for more, reason in {
        ("--set", "文号=1"): "没有“文号”这一栏",
        ("--set", "title"): "栏=值",
        ("--set", "file=x"): "文件名不能更正",
        ("--corrections", str(table)): "不在这次导入的文件里",
    }.items():
        status, answer = call(verb, *words, *more, str(file))
        assert status == 3 and reason in answer["refused"][0]
    status, answer = call(verb, *words, "--set", "issued_on=2023-02-30", str(file))
    assert status == 3 and "不是存在的日期" in answer["failed"][0]["reason"]
    with tenant_context(get_tenant("alpha")):
        assert not PolicyDocument.objects.exists()
