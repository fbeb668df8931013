"""The work on a PDF grows with its size and no faster, also on pages made to be slow: steps are counted."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.documents_in.fictional import NOTICE, extract
from tests.documents_in.pdf_drawing import FONT, draw_pdf
from tests.documents_in.test_pdf_sight import seal

pytestmark = pytest.mark.unit


def steps(path: Path) -> int:
    """How many calls of functions the extraction of a file takes."""
    count = 0

    def counted(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        extract(path)
    finally:
        sys.setprofile(None)
    return count


def of_everything(canvas: Canvas) -> None:
    canvas.setFont(FONT, 12)
    for line in range(8):
        canvas.drawString(80, 600 - 20 * line, NOTICE[4][line : line + 30])
    canvas.grid([80, 180, 280], [300, 330, 360])
    for place, text in (((90, 340), "县"), ((190, 340), "数"), ((90, 310), "甲"), ((190, 310), "九")):
        canvas.drawString(*place, text)
    canvas.drawImage(SEAL, 80, 150, 100, 80)


SEAL: ImageReader = seal(alpha=False)


def test_twice_the_pages_are_twice_the_work(tmp_path: Path) -> None:
    extract(draw_pdf(tmp_path / "0.pdf", of_everything, pages=2))
    few = steps(draw_pdf(tmp_path / "1.pdf", of_everything, pages=10))
    many = steps(draw_pdf(tmp_path / "2.pdf", of_everything, pages=20))
    assert many < few * 2.3


def letters_of_many_sizes(canvas: Canvas, count: int) -> None:
    for size in range(count):
        canvas.setFont("Helvetica", 10 + size)
        canvas.drawString(100, 100, "i")


def areas_over_each_other(canvas: Canvas, count: int) -> None:
    canvas.setFont(FONT, 12)
    for step in range(count):
        canvas.setFillGray(0.9)
        canvas.rect(50, 50 + step / 100, 500, 400, fill=1, stroke=0)
        canvas.setFillGray(0)
        canvas.drawString(80, 200 + step / 100, "甲")


def rules_everywhere(canvas: Canvas, count: int) -> None:
    for step in range(count):
        canvas.line(50, 100 + step * 0.7 % 600, 500 - step % 100, 100 + step * 0.7 % 600)
        canvas.line(50 + step * 0.9 % 450, 100, 50 + step * 0.9 % 450, 700 - step % 100)


def fields(canvas: Canvas, count: int) -> None:
    for step in range(count):
        canvas.acroForm.textfield(name=f"f{step}", value="x", x=80, y=100 + step % 500, width=50, height=12)


@pytest.mark.parametrize(
    ("draw", "count"),
    [(letters_of_many_sizes, 400), (areas_over_each_other, 400), (rules_everywhere, 500), (fields, 40)],
)
def test_pages_made_to_be_slow(tmp_path: Path, draw: Callable[[Canvas, int], object], count: int) -> None:
    bare = steps(draw_pdf(tmp_path / "0.pdf", lambda canvas: None))
    few = steps(draw_pdf(tmp_path / "1.pdf", lambda canvas: draw(canvas, count))) - bare
    many = steps(draw_pdf(tmp_path / "2.pdf", lambda canvas: draw(canvas, 2 * count))) - bare
    assert many < few * 2.6
