"""Hostile files through the verb: no page, no harm, a reason and a way out; the good file beside them is taken."""

import os
from pathlib import Path

import pypdf
import pytest
from django_tenants.utils import tenant_context
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.documents_in.models import ImportItem
from tests.documents_in.fictional import NOTICE, TITLE, rewrite_docx, write_docx, write_pdf, write_text
from tests.documents_in.importing import import_files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>x</text></svg>'


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_each_is_refused_with_its_reason(verb, tmp_path):
    whole = write_docx(tmp_path / "good.docx", NOTICE)
    bomb = rewrite_docx(write_docx(tmp_path / "bomb.docx", NOTICE), {"word/media/b.bin": bytes(200 * 1024 * 1024)})
    big = tmp_path / "big.txt"
    with big.open("wb") as handle:
        for _ in range(50):
            handle.write(("云" * 349_525 + "。").encode())
    os.mkfifo(tmp_path / "pipe.txt")
    hostile = {
        big: "MB",
        write(tmp_path / "broken.docx", whole.read_bytes()[:2000]): "已损坏",
        bomb: "解压后过大",
        write(tmp_path / "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'): "不支持",
        write(
            tmp_path / "b.html", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>x</text></svg>'
        ): "SVG",
        write(tmp_path / "empty.txt", b""): "空的",
        write(tmp_path / "wrong.txt", bytes(range(128, 256)) * 20): "编码",
        write(tmp_path / "..\\..\\evil.txt", "\r\n".join(NOTICE).encode()): "文件名",
        tmp_path / "pipe.txt": "普通文件",
        Path("/dev/zero"): "普通文件",
    }
    status, answer = import_files(verb, *hostile, whole, column="notices")
    assert status == 3
    assert [page["title"] for page in answer["pages"]] == [TITLE]
    reasons = {entry["file"]: entry["reason"] for entry in answer["failed"]}
    assert set(reasons) == {str(path) for path in hostile}
    for path, word in hostile.items():
        assert word in reasons[str(path)], (path, reasons[str(path)])
    with tenant_context(get_tenant("alpha")):
        assert Article.objects.count() == 1
        # What is refused by its name or size is not kept at all.
        assert not ImportItem.objects.get(filename="big.txt").original


def test_scripts_do_not_come_along(verb, tmp_path):
    body = "".join(f"<p>{line}</p>" for line in NOTICE)
    page = (
        "<!DOCTYPE html><html><head><script>alert(1)</script></head><body onload=alert(1)>"
        f'{body}<p onclick="alert(1)">附则由省水务厅负责解释。<a href="javascript:alert(1)">点此</a></p>'
        '<iframe src="http://elsewhere.invalid/"></iframe><form action="/x"><input name="q"></form></body></html>'
    )
    files = [write(tmp_path / "a.html", page.encode())]
    pdf = write_pdf(tmp_path / "b.pdf", [TITLE, *NOTICE[3:-1]])
    writer = pypdf.PdfWriter(clone_from=str(pdf))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    )
    writer.write(tmp_path / "c.pdf")
    files.append(tmp_path / "c.pdf")
    status, answer = import_files(verb, *files, column="notices")
    with tenant_context(get_tenant("alpha")):
        for entry in answer["pages"]:
            stored = str(Article.objects.get(pk=entry["id"]).body.get_prep_value()).lower()
            assert not any(word in stored for word in ("script", "onclick", "onload", "iframe", "<form", "alert"))
    assert (status, len(answer["pages"])) == (0, 2)


def test_a_path_with_parents_reads_that_file_and_writes_nowhere_else(verb, tmp_path):
    (tmp_path / "inner").mkdir()
    write_text(tmp_path / "a.txt", NOTICE, "gb18030")
    before = sorted(tmp_path.iterdir())
    given = f"{tmp_path}/inner/../a.txt"
    status, answer = import_files(verb, given, column="notices")
    assert (status, answer["pages"][0]["file"], answer["pages"][0]["title"]) == (0, given, TITLE)
    assert sorted(tmp_path.iterdir()) == before
    with tenant_context(get_tenant("alpha")):
        assert ImportItem.objects.get().filename == "a.txt"
