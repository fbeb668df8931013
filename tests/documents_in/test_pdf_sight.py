"""What a person does not see on a page of a PDF is left out and counted, and nothing else is."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.comparison import compare
from sites.documents_in.extraction import ExtractionRefused
from tests.documents_in.fictional import extract, outline, picture, warned
from tests.documents_in.pdf_drawing import FONT, body, draw_pdf, drawn

pytestmark = pytest.mark.unit

SECRET = "旧数三千万元"


def written(canvas: Canvas) -> None:
    canvas.drawString(80, 540, SECRET)


def filled(canvas: Canvas, gray: float, *, alpha: float = 1.0) -> None:
    canvas.setFillGray(gray)
    canvas.setFillAlpha(alpha)
    canvas.rect(70, 530, 200, 30, fill=1, stroke=0)


def seal(alpha: bool) -> ImageReader:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA" if alpha else "RGB", (40, 30), (200, 0, 0, 90) if alpha else (200, 0, 0)).save(out, "PNG")
    out.seek(0)
    return ImageReader(out)


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: (written(canvas), filled(canvas, 1)),
        lambda canvas: (written(canvas), filled(canvas, 0)),
        lambda canvas: (filled(canvas, 0), canvas.setFillGray(0), written(canvas)),
        lambda canvas: (filled(canvas, 0.5), filled(canvas, 1), canvas.setFillGray(1), written(canvas)),
        lambda canvas: (written(canvas), canvas.drawImage(seal(alpha=False), 70, 530, 200, 30)),
        lambda canvas: (canvas.setFillAlpha(0), written(canvas)),
        lambda canvas: (
            canvas.clipPath(_box(canvas, 300, 300, 20, 20), stroke=0, fill=0),
            written(canvas),
        ),
    ],
    ids=["white over it", "black over it", "black on black", "white on white", "picture over it", "faint", "clip"],
)
def test_unseen_text(tmp_path: Path, draw: Callable[[Canvas], object]) -> None:
    document = drawn(tmp_path, draw)
    assert SECRET not in body(document)
    assert warned(document, "第 1 页有 6 个看不见的字", SECRET)


def test_what_is_hidden_here_and_there_is_no_difference_from_the_file(tmp_path: Path) -> None:
    def hide(canvas: Canvas) -> None:
        canvas.setFillAlpha(0)
        canvas.drawString(80, 540, SECRET)
        canvas.drawString(80, 655, "已删的数字")
        canvas.drawString(300, 540, "稿本 第三次")
        canvas.setFillAlpha(1)
        canvas.drawString(170, 540, "如上所列")

    document = drawn(tmp_path, hide, pages=3)
    assert warned(document, "第 1、2、3 页有", "看不见")
    found = compare(
        document.second, [document.title, body(document)], left_out=document.left_out, put_in=document.put_in
    )
    assert (found.missing, found.added, found.must_look) == (0, 0, False), found.differences


def _box(canvas: Canvas, x: float, y: float, width: float, height: float) -> object:
    path = canvas.beginPath()
    path.rect(x, y, width, height)
    return path


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: (written(canvas), filled(canvas, 0.9, alpha=0.4)),
        lambda canvas: (filled(canvas, 0.9), canvas.setFillGray(0), written(canvas)),
        lambda canvas: (filled(canvas, 0), canvas.setFillGray(1), written(canvas)),
        lambda canvas: (written(canvas), canvas.drawImage(seal(alpha=True), 70, 530, 200, 30, mask="auto")),
        lambda canvas: (written(canvas), canvas.setFillGray(0), canvas.rect(70, 537, 200, 1, fill=1)),
        lambda canvas: (written(canvas), canvas.rect(70, 530, 200, 30, fill=0)),
        lambda canvas: (
            written(canvas),
            canvas.saveState(),
            canvas.clipPath(_box(canvas, 300, 300, 20, 20), stroke=0, fill=0),
            filled(canvas, 1),
            canvas.restoreState(),
        ),
        lambda canvas: (canvas.drawImage(seal(alpha=False), 70, 530, 200, 30), canvas.setFillGray(1), written(canvas)),
        lambda canvas: canvas.drawString(80, 540, SECRET, mode=1),
    ],
    ids=["marked", "on gray", "white on black", "seal", "underline", "frame", "elsewhere", "on a picture", "outline"],
)
def test_seen_text(tmp_path: Path, draw: Callable[[Canvas], object]) -> None:
    document = drawn(tmp_path, draw)
    assert SECRET in body(document)
    assert not warned(document, "看不见")


def test_a_new_number_over_a_covered_one(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        written(canvas)
        filled(canvas, 1)
        canvas.setFillGray(0)
        canvas.drawString(80, 540, "新数五千万元")

    document = drawn(tmp_path, draw)
    assert "新数五千万元" in body(document)
    assert SECRET not in body(document)


def test_black_ink_named_as_a_separation_is_seen(tmp_path: Path) -> None:
    from reportlab.lib.colors import CMYKColorSep

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(CMYKColorSep(0, 0, 0, 1, spotName="INK"))
        written(canvas)

    assert SECRET in body(drawn(tmp_path, draw))


def test_outside_of_the_crop_box(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=draw_pdf(tmp_path / "a.pdf", written))
    writer.pages[0][NameObject("/CropBox")] = ArrayObject(map(FloatObject, (0, 600, 595, 842)))
    writer.write(tmp_path / "b.pdf")
    document = extract(tmp_path / "b.pdf")
    assert SECRET not in body(document)
    assert warned(document, "第 1 页有 6 个看不见的字", SECRET)


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_with_a_crop_box(tmp_path: Path, angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        # A line that reads upright once the page is turned, in the part that is shown.
        canvas.translate(300, 560)
        canvas.rotate(angle)
        canvas.drawString(-40, 0, "illi一一一")

    writer = pypdf.PdfWriter(clone_from=draw_pdf(tmp_path / "a.pdf", draw))
    writer.pages[0][NameObject("/MediaBox")] = ArrayObject(map(FloatObject, (-30, -60, 595, 842)))
    writer.pages[0][NameObject("/CropBox")] = ArrayObject(map(FloatObject, (40, 480, 560, 740)))
    writer.pages[0].rotate(angle)
    writer.write(tmp_path / "b.pdf")
    document = extract(tmp_path / "b.pdf")
    assert "illi一一一" in document.title + body(document)
    assert not warned(document, "看不见")


@pytest.mark.parametrize("shown", [True, False])
def test_a_layer(tmp_path: Path, shown: bool) -> None:
    def draw(canvas: Canvas) -> None:
        canvas._code.append("/OC /Layer BDC")
        written(canvas)
        canvas._code.append("EMC")

    writer = pypdf.PdfWriter(clone_from=draw_pdf(tmp_path / "a.pdf", draw))
    layer = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
    resources = writer.pages[0]["/Resources"].get_object()
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/Layer"): layer})  # type: ignore[index]
    default = DictionaryObject({NameObject("/ON" if shown else "/OFF"): ArrayObject([layer])})
    groups = {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): default}
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(groups)
    writer.write(tmp_path / "b.pdf")
    assert (SECRET in body(extract(tmp_path / "b.pdf"))) is shown


def test_text_below_a_scan_is_what_was_recognised(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "s.pdf"))
    canvas.setFont(FONT, 12)
    canvas.drawString(80, 700, "关于年末盘点工作的通知")
    canvas.drawString(80, 670, "物资由各县清点并登记在册，逐级报送省财政厅。")
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 595, 842)
    canvas.save()
    document = extract(tmp_path / "s.pdf")
    assert outline(document)[0] == "物资由各县清点并登记在册，逐级报送省财政厅。"
    assert warned(document, "第 1 页是扫描页")


def test_a_file_of_which_nothing_is_seen_is_refused_with_the_reason(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.rect(0, 0, 595, 842, fill=1, stroke=0)

    with pytest.raises(ExtractionRefused, match="文字都看不见"):
        drawn(tmp_path, draw)
