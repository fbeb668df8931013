"""Text of all kinds, old and locked office files, false names, and what only people can look at."""

import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import msoffcrypto.format.ooxml
import openpyxl
import pptx
import pytest

from govplatform.confidentiality.scanning import files
from govplatform.confidentiality.scanning.limits import ReadLimits

from .archives import zipped
from .planted import NUMBER

pytestmark = pytest.mark.unit


def written(tmp_path: Path, data: bytes, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def office(kind: str) -> bytes:
    target = io.BytesIO()
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(NUMBER)
        document.save(target)
    elif kind == "xlsx":
        openpyxl.Workbook().save(target)
    else:
        pptx.Presentation().save(target)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5"])
def test_plain_text_in_each_encoding(tmp_path: Path, scan: Any, encoding: str) -> None:
    text = "關於政府信息公開的通知，姓名和號碼如下：\n" * 5 + NUMBER
    scanned = scan(written(tmp_path, text.encode(encoding, "ignore"), "a.txt"))
    assert scanned.places() == ["body"]
    if encoding != "big5":
        assert "通知" in scanned.answer["parts"][0]["text"]


def test_text_that_becomes_gbk_late(tmp_path: Path, scan: Any) -> None:
    data = b"plain\n" * 60_000 + f"内部名单 {NUMBER}".encode("gbk")
    scanned = scan(written(tmp_path, data, "a.txt"))
    assert scanned.places() == ["body"]
    assert any("名单" in part["text"] for part in scanned.answer["parts"])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_as_text(tmp_path: Path, scan: Any, mark: str) -> None:
    data = f'姓名{mark}证件\n甲{mark}"{NUMBER}"\n'.encode("gb18030")
    assert scan(written(tmp_path, data, "a.csv")).places() == ["body"]


def test_web_pages(tmp_path: Path, scan: Any) -> None:
    page = f"<html><body><p>{NUMBER[:6]}<b>{NUMBER[6:]}</b></p><!-- {NUMBER} --><img alt='{NUMBER}'></body></html>"
    scanned = scan(written(tmp_path, page.encode(), "a.html"))
    assert scanned.places() == ["body", "attributes", "hidden text"]
    assert scanned.hidden() == ["hidden text"]


def test_rich_text(tmp_path: Path, scan: Any) -> None:
    name = "".join(f"\\'{byte:02x}" for byte in "名单".encode("gbk"))
    head = "{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0 x;}}"
    rtf = head + f" {name} {NUMBER[:6]}{{\\b {NUMBER[6:]}}}\\par {{\\v {NUMBER}}}}}"
    scanned = scan(written(tmp_path, rtf.encode(), "a.rtf"))
    assert scanned.places() == ["body", "hidden text"]
    assert "名单" in scanned.answer["parts"][0]["text"]
    assert "损坏" in scan(written(tmp_path, rtf[:-8].encode(), "b.rtf")).unreadable()["file"]


def test_messages_with_attachments(tmp_path: Path, scan: Any) -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "通知", "a@example.com"
    message.set_content(f"证件 {NUMBER}")
    message.add_attachment(office("docx"), maintype="application", subtype="octet-stream", filename="x.docx")
    assert scan(written(tmp_path, message.as_bytes(), "a.eml")).places() == ["body", "attachment x.docx: body"]


def test_ofd(tmp_path: Path, scan: Any) -> None:
    page = (
        f'<ofd:Page xmlns:ofd="urn:o"><ofd:TextObject><ofd:TextCode>{NUMBER}</ofd:TextCode></ofd:TextObject></ofd:Page>'
    )
    data = zipped({"OFD.xml": b"<OFD/>", "Doc_0/Pages/Page_1/Content.xml": page.encode()})
    assert scan(written(tmp_path, data, "a.ofd")).places() == ["page 2"]


def test_open_document(tmp_path: Path, scan: Any) -> None:
    text = f'<office:body xmlns:office="urn:o" xmlns:text="urn:t"><text:p>{NUMBER}</text:p></office:body>'
    meta = f'<meta xmlns:dc="urn:d"><dc:creator>{NUMBER}</dc:creator></meta>'
    members = {"content.xml": text.encode(), "meta.xml": meta.encode(), "META-INF/manifest.xml": b"<m/>"}
    assert scan(written(tmp_path, zipped(members), "a.odt")).places() == ["body", "document properties"]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_office_files_with_a_password(tmp_path: Path, scan: Any, kind: str) -> None:
    target = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(office(kind))).encrypt("secret", target)
    scanned = scan(written(tmp_path, target.getvalue(), f"a.{kind}"))
    assert "加密" in scanned.unreadable()["file"]
    assert not scanned.answer["readable"]


def test_false_names_are_said_and_do_not_help(tmp_path: Path, scan: Any) -> None:
    for name in ("a.jpg", "a.pdf", "a.txt", "a.doc"):
        scanned = scan(written(tmp_path, office("docx"), name))
        assert scanned.places() == ["body"]
        assert "扩展名" in scanned.unreadable("info")["file"]
    assert scan(written(tmp_path, office("docx"), "a.docx")).unreadable("info") == {}


def test_sound_and_film_are_for_people(tmp_path: Path, scan: Any) -> None:
    scanned = scan(written(tmp_path, b"\x00\x00\x00\x18ftypisom" + bytes(200), "a.mp4"))
    assert "人工查看" in scanned.unreadable("info")["file"]
    assert scanned.unreadable() == {}


def test_what_nobody_knows_is_not_passed(tmp_path: Path, scan: Any) -> None:
    assert scan(written(tmp_path, bytes(range(256)) * 20, "a.dwg")).unreadable()
    assert scan(written(tmp_path, b"", "a.docx")).unreadable()


def test_the_name_of_the_file_is_read_as_well(tmp_path: Path, scan: Any) -> None:
    assert scan(written(tmp_path, b"x", "a.txt"), name=f"{NUMBER}.txt").places() == ["file name"]


def old_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shape of an old document without making one: no library here writes them."""
    from govplatform.confidentiality.scanning.readers import old_office

    class Container:
        def exists(self, name: str) -> bool:
            return name == "WordDocument"

        def get_metadata(self) -> Any:
            raise OSError

    monkeypatch.setattr(old_office.olefile, "OleFileIO", lambda _stream: Container())


def test_old_office_files_are_blocked_where_there_is_no_libreoffice(
    tmp_path: Path, scan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_word(monkeypatch)
    scanned = scan(written(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc"))
    assert "另存为 .docx" in scanned.unreadable()["file"]
    assert scanned.answer["convertible"] == "docx"


def test_old_office_files_go_through_libreoffice_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of the same name stands in for LibreOffice: it must be called within its limits and its result read."""
    from govplatform.confidentiality.scanning.settings import ScanSettings

    good = written(tmp_path, office("docx"), "good.docx")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\nmkdir -p "$2"\ncp "{good}" "$2/original.docx"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    real = files._run

    def run(path: Path, *args: Any) -> dict[str, Any]:
        if path.name == "a.doc":
            blocked = {"rule": "unreadable", "severity": "block", "where": "file"}
            return {"findings": [blocked], "parts": [], "convertible": "docx", "readable": False}
        return real(path, *args)

    monkeypatch.setattr(files, "_run", run)
    answer = files.scan_file_guarded(written(tmp_path, b"old", "a.doc"), "a.doc", ScanSettings(), limits=ReadLimits())
    assert [finding["where"] for finding in answer["findings"]] == ["body"]
    assert answer["readable"]
    assert answer["file"] == "a.doc"
