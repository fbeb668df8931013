"""What nobody sees on a page of a PDF is scanned and told as hidden; what everybody sees is told as the page."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from .planted import NUMBER

pytestmark = pytest.mark.unit


def drawn(tmp_path: Path, *draws: Callable[[Canvas], object]) -> Path:
    """Pages with a line of text and what the functions draw on each."""
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    for draw in draws:
        canvas.drawString(72, 700, "The water works of the county are in good order.")
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return tmp_path / "a.pdf"


def written(canvas: Canvas) -> None:
    canvas.drawString(80, 540, NUMBER)


def filled(canvas: Canvas, gray: float, *, alpha: float = 1.0) -> None:
    canvas.setFillGray(gray)
    canvas.setFillAlpha(alpha)
    canvas.rect(70, 530, 200, 30, fill=1, stroke=0)


def red(mode: str) -> ImageReader:
    out = io.BytesIO()
    Image.new(mode, (40, 30), (200, 0, 0, 90)[: len(mode)]).save(out, "PNG")
    out.seek(0)
    return ImageReader(out)


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: (written(canvas), filled(canvas, 1)),
        lambda canvas: (written(canvas), filled(canvas, 0)),
        lambda canvas: (filled(canvas, 0), canvas.setFillGray(0), written(canvas)),
        lambda canvas: (canvas.setFillGray(1), written(canvas)),
        lambda canvas: (written(canvas), canvas.drawImage(red("RGB"), 70, 530, 200, 30)),
        lambda canvas: canvas.drawString(80, 540, NUMBER, mode=3),
        lambda canvas: (canvas.setFillAlpha(0), written(canvas)),
        lambda canvas: (canvas.setFont("Helvetica", 0.5), written(canvas)),
        lambda canvas: (
            canvas.beginForm("f"),
            canvas.setFillGray(1),
            written(canvas),
            canvas.endForm(),
            canvas.doForm("f"),
        ),
    ],
    ids=["white over", "black over", "black on black", "white", "picture over", "unpainted", "faint", "tiny", "form"],
)
def test_unseen_numbers(tmp_path: Path, scan: Any, draw: Callable[[Canvas], object]) -> None:
    scanned = scan(drawn(tmp_path, lambda canvas: None, draw))
    assert scanned.places() == ["hidden text on page 2"]
    assert scanned.hidden() == ["hidden text on page 2"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: (written(canvas), filled(canvas, 0.9, alpha=0.4)),
        lambda canvas: (filled(canvas, 0), canvas.setFillGray(1), written(canvas)),
        lambda canvas: (written(canvas), canvas.drawImage(red("RGBA"), 70, 530, 200, 30, mask="auto")),
        lambda canvas: (written(canvas), canvas.rect(70, 530, 200, 30, fill=0)),
        lambda canvas: (canvas.drawImage(red("RGB"), 70, 530, 200, 30), canvas.setFillGray(1), written(canvas)),
        lambda canvas: canvas.drawString(80, 540, NUMBER, mode=1),
    ],
    ids=["marked", "white on black", "seal", "frame", "on a picture", "outline"],
)
def test_seen_numbers(tmp_path: Path, scan: Any, draw: Callable[[Canvas], object]) -> None:
    scanned = scan(drawn(tmp_path, draw))
    assert scanned.places() == ["page 1"]
    assert scanned.hidden() == []


def test_outside_of_the_crop_box(tmp_path: Path, scan: Any) -> None:
    writer = PdfWriter(clone_from=PdfReader(drawn(tmp_path, written)))
    writer.pages[0][NameObject("/CropBox")] = ArrayObject(map(FloatObject, (0, 600, 595, 842)))
    writer.write(tmp_path / "b.pdf")
    assert scan(tmp_path / "b.pdf").places() == ["hidden text on page 1"]


def test_a_number_of_which_a_part_is_covered(tmp_path: Path, scan: Any) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 540, f"No. {NUMBER}")
        canvas.setFillGray(1)
        canvas.rect(99, 530, 200, 30, fill=1, stroke=0)

    scanned = scan(drawn(tmp_path, draw))
    assert scanned.places() == ["hidden text on page 1"]


def test_text_recognised_on_a_scan_is_the_page(tmp_path: Path, scan: Any) -> None:
    canvas = Canvas(str(tmp_path / "s.pdf"), pagesize=A4)
    canvas.drawImage(red("RGB"), 0, 0, 595, 842)
    canvas.drawString(80, 540, f"identity {NUMBER}", mode=3)
    canvas.save()
    scanned = scan(tmp_path / "s.pdf")
    assert scanned.places() == ["page 1"]
    assert scanned.hidden() == []


def test_what_a_stamp_paints_and_does_not_say(tmp_path: Path, scan: Any) -> None:
    writer = PdfWriter(clone_from=PdfReader(drawn(tmp_path, lambda canvas: None)))
    look = DecodedStreamObject()
    look.set_data(f"BT /F1 12 Tf 2 4 Td ({NUMBER}) Tj ET".encode())
    name = NameObject
    font = DictionaryObject(
        {name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Helvetica")}
    )
    resources = DictionaryObject({name("/Font"): DictionaryObject({name("/F1"): font})})
    box = ArrayObject(map(FloatObject, (0, 0, 200, 20)))
    look.update({name("/Subtype"): name("/Form"), name("/BBox"): box, name("/Resources"): resources})
    stamp = DictionaryObject({name("/Type"): name("/Annot"), name("/Subtype"): name("/Stamp")})
    stamp[name("/Rect")] = ArrayObject(map(FloatObject, (80, 600, 280, 620)))
    stamp[name("/AP")] = DictionaryObject({name("/N"): writer._add_object(look)})
    writer.pages[0][name("/Annots")] = ArrayObject([writer._add_object(stamp)])
    writer.write(tmp_path / "b.pdf")
    assert scan(tmp_path / "b.pdf").places() == ["annotation on page 1"]
