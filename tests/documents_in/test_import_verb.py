"""The verb import_documents: from files on disk to pages that citizens read."""

import pytest
from django.conf import settings
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportItem
from tests.documents_in.fictional import NUMBER, pdf_table, write_html, write_pdf, write_text
from tests.documents_in.importing import NOTICE, TABLE_ROWS, TITLE, call, import_files, review, write_report


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def test_each_format_becomes_a_draft(verb, tmp_path):
    variants = [[*NOTICE[:4], f"{NOTICE[4]}第{n}份。", *NOTICE[5:]] for n in range(3)]
    files = [
        write_text(tmp_path / "通知.txt", variants[0], "gb18030"),
        write_html(tmp_path / "通知.html", variants[1], "gbk"),
        write_report(tmp_path / "通知.docx"),
        write_pdf(tmp_path / "通知.pdf", [*variants[2][:-3], pdf_table(TABLE_ROWS), *variants[2][-3:]]),
    ]
    status, answer = import_files(verb, *files)
    assert (status, answer["failed"]) == (0, [])
    assert [page["file"] for page in answer["pages"]] == [str(file) for file in files]
    for page in answer["pages"]:
        told = {"id", "file", "title", "document_number", "issued_by", "issued_on", "status", "compared", "differences"}
        told |= {"attachments", "not_submitted"}
        assert set(page) == told
        assert (page["compared"]["missing"], page["compared"]["added"], page["differences"]) == (0, 0, [])
        assert (page["title"], page["document_number"]) == (TITLE, NUMBER)
        assert (page["issued_by"], page["issued_on"]) == ("云江省人民政府办公厅", "2023-05-09")
        assert page["status"] == "draft"
    assert len({page["id"] for page in answer["pages"]}) == 4


def test_from_the_file_to_the_public_page(verb, tmp_path, citizen):
    status, answer = import_files(verb, write_report(tmp_path / "通知.docx"), more="--submit")
    assert status == 0
    page = answer["pages"][0]
    assert page["status"] == "in_review"
    assert review(verb, page["id"], "alpha_content")["next_step"] == "confidentiality"
    assert review(verb, page["id"], "alpha_secret")["status"] == "live"
    _status, shown = call(verb, "show_page", "--site", "alpha", "--page", str(page["id"]))
    path = shown["url"].partition("localhost:8000")[2]
    response = citizen("alpha").get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert TITLE in html.replace("</span>", "").replace("<span>", "")
    for text in (NUMBER, "2023-05-09", *[cell for row in TABLE_ROWS for cell in row]):
        assert text in html
    assert "<table" in html.split('class="prose')[1]
    # The picture reaches citizens through its own cleared address.
    source = html.split('class="prose')[1].split("<img")[1].split('src="')[1].split('"')[0]
    assert citizen("alpha").get(source).status_code == 200
    assert call(verb, "verify_gate", "--site", "alpha") == (0, {"ok": True, "checked": 1, "faults": []})


def test_what_fails_stays_out_and_the_others_stay(verb, tmp_path):
    good = write_text(tmp_path / "a.txt", NOTICE)
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "c").mkdir()
    missing = tmp_path / "d.pdf"
    status, answer = import_files(verb, tmp_path / "b.docx", good, tmp_path / "c", missing)
    assert status == 3
    assert [page["file"] for page in answer["pages"]] == [str(good)]
    assert [entry["file"] for entry in answer["failed"]] == [
        str(tmp_path / "b.docx"),
        str(tmp_path / "c"),
        str(missing),
    ]
    assert all(set(entry) == {"file", "reason"} and entry["reason"].endswith("。") for entry in answer["failed"])
    status, shown = call(verb, "show_page", "--site", "alpha", "--page", str(answer["pages"][0]["id"]))
    assert (status, shown["status"]) == (0, "draft")


@pytest.mark.parametrize("who", ["alpha_content", "beta_editor"])
def test_only_an_editor_of_the_site_imports(verb, tmp_path, who):
    status, answer = import_files(verb, write_text(tmp_path / "a.txt", NOTICE), user=who)
    assert status == 3
    assert "编辑角色" in answer["refused"][0]


def test_the_same_file_is_not_imported_twice_into_a_column(verb, tmp_path):
    path = write_text(tmp_path / "a.txt", NOTICE)
    _status, first = import_files(verb, path)
    status, answer = import_files(verb, path)
    assert status == 3
    assert str(first["pages"][0]["id"]) in answer["failed"][0]["reason"]
    assert "--again" in answer["failed"][0]["reason"]
    status, other_column = import_files(verb, path, column="notices")
    assert (status, len(other_column["pages"])) == (0, 1)
    status, again = import_files(verb, path, more="--again")
    assert (status, len(again["pages"])) == (0, 1)


def test_wrong_use_and_unknown_names(verb, tmp_path):
    path = write_text(tmp_path / "a.txt", NOTICE)
    words = ["import_documents", "--site", "alpha", "--column", "news"]
    assert verb(*words, "--as", "alpha_editor", "--json").returncode == 2
    assert verb(*words, str(path), "--json").returncode == 2
    status, answer = import_files(verb, path, column="nothing")
    assert (status, list(answer)) == (3, ["refused"])


def test_a_draft_that_lacks_something_is_kept_and_says_why(verb, tmp_path):
    path = write_text(tmp_path / "a.txt", ["供水设施管护办法", "供水设施由所在乡镇负责日常巡查和维修。"])
    done = verb(
        "import_documents", "--site", "alpha", "--column", "interpretations", "--as", "alpha_editor", "--submit",
        str(path), "--json",
    )  # fmt: skip
    assert done.returncode == 3
    assert '"status": "draft"' in done.stdout
    assert "请选择所解读的政策文件" in done.stderr


def test_a_policy_without_number_body_or_date_is_not_handed_in_by_the_verb_either(verb, tmp_path):
    path = write_text(tmp_path / "通知.txt", ["关于做好灌溉的通知", *NOTICE[3:-3]])
    status, answer = import_files(verb, path, more="--submit")
    [page] = answer["pages"]
    assert (status, page["status"]) == (3, "draft")
    assert "缺发文字号、发文机关、成文日期，没有从导入送审" in "".join(page["not_submitted"])
    number, body, day = "document_number=云政办发〔2026〕9号", "issued_by=云江省人民政府办公厅", "issued_on=2026-03-02"
    status, answer = import_files(verb, path, more=f"--again --submit --set {number} --set {body} --set {day}")
    assert (status, answer["pages"][0]["status"]) == (0, "in_review")


def test_the_original_and_the_record(verb, tmp_path, citizen):
    path = write_text(tmp_path / "notice.txt", NOTICE)
    _status, answer = import_files(verb, path)
    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        item = ImportItem.objects.get()
        entry = Entry.objects.get(chain=tenant.schema_name, act="document.import")
        assert item.page_id == answer["pages"][0]["id"]
        assert item.original.read() == path.read_bytes()
        assert item.original.name.startswith("imports/")
        assert "notice" not in item.original.name
        assert entry.detail["sm3"] == item.sm3
        assert len(item.sm3) == 64
        name = item.original.name
    assert (settings.MEDIA_ROOT / tenant.schema_name / name).is_file()
    assert citizen("alpha").get(f"/media/{tenant.schema_name}/{name}").status_code == 404
    assert citizen("alpha").get("/admin/documents-in/").status_code == 404
