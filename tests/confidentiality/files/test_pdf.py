"""A number in each place of a PDF is found, and its page is named."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from .planted import NUMBER

pytestmark = pytest.mark.unit


def pdf(*pages: str, form: str = "") -> PdfWriter:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    for text in pages:
        for number, line in enumerate(text.split("\n")):
            canvas.drawString(72, 700 - 20 * number, line)
        if form:
            canvas.acroForm.textfield(name="number", value=form, x=72, y=600)
        canvas.showPage()
    canvas.save()
    target.seek(0)
    return PdfWriter(clone_from=PdfReader(target))


def saved(tmp_path: Path, writer: PdfWriter) -> Path:
    path = tmp_path / "a.pdf"
    with path.open("wb") as stream:
        writer.write(stream)
    return path


def test_pages(tmp_path: Path, scan: Any) -> None:
    assert scan(saved(tmp_path, pdf("page one", "page two", f"id {NUMBER}"))).places() == ["page 3"]


def test_a_number_over_two_lines(tmp_path: Path, scan: Any) -> None:
    assert scan(saved(tmp_path, pdf(f"{NUMBER[:6]}\n{NUMBER[6:]}"))).places() == ["page 1"]


def test_properties_and_xmp(tmp_path: Path, scan: Any) -> None:
    writer = pdf("page one")
    writer.add_metadata({"/Author": NUMBER})
    xmp = DecodedStreamObject()
    xmp.set_data(f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a note="1 {NUMBER}">2 {NUMBER}</a></x:xmpmeta>'.encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    assert scan(saved(tmp_path, writer)).places() == ["document properties", "XMP", "XMP"]


def test_annotations(tmp_path: Path, scan: Any) -> None:
    writer = pdf("page one", "page two")
    writer.add_annotation(1, Text(rect=(50, 550, 200, 650), text=NUMBER))
    writer.add_annotation(1, FreeText(rect=(50, 450, 200, 500), text=NUMBER))
    scanned = scan(saved(tmp_path, writer))
    assert set(scanned.places()) == {"annotation on page 2"}
    assert scanned.hidden() == ["annotation on page 2"]


def test_form_fields(tmp_path: Path, scan: Any) -> None:
    assert "form field number" in scan(saved(tmp_path, pdf("page one", form=NUMBER))).places()


def test_files_inside(tmp_path: Path, scan: Any) -> None:
    document, content = docx.Document(), io.BytesIO()
    document.add_paragraph(NUMBER)
    document.save(content)
    writer = pdf("page one")
    writer.add_attachment("x.docx", content.getvalue())
    scanned = scan(saved(tmp_path, writer))
    assert scanned.places() == ["attachment x.docx: body"]
    assert scanned.hidden() == ["attachment x.docx"]


def test_bookmarks(tmp_path: Path, scan: Any) -> None:
    writer = pdf("page one")
    writer.add_outline_item(NUMBER, 0)
    assert scan(saved(tmp_path, writer)).places() == ["bookmark"]


def test_a_page_without_text_is_for_people(tmp_path: Path, scan: Any) -> None:
    scanned = scan(saved(tmp_path, pdf("page one", "")))
    assert list(scanned.unreadable("warn")) == ["page 2"]
    assert "人工查看" in scanned.unreadable("warn")["page 2"]
    assert scanned.answer["readable"]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password(tmp_path: Path, scan: Any, algorithm: str) -> None:
    writer = pdf(NUMBER)
    writer.encrypt("secret", algorithm=algorithm)
    scanned = scan(saved(tmp_path, writer))
    assert "加密" in scanned.unreadable()["file"]
    assert not scanned.answer["readable"]


def test_a_lock_without_a_password_is_no_obstacle(tmp_path: Path, scan: Any) -> None:
    writer = pdf(NUMBER)
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    assert scan(saved(tmp_path, writer)).places() == ["page 1"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file(tmp_path: Path, scan: Any, share: float) -> None:
    path = saved(tmp_path, pdf(*["page"] * 20))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "损坏" in scan(path).unreadable()["file"]
