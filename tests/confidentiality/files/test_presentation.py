"""A number in each place of a presentation is found, and its slide is named."""

from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from .archives import replaced, rewrite
from .planted import NUMBER

pytestmark = pytest.mark.unit


@pytest.fixture
def slides() -> Any:
    presentation = pptx.Presentation()
    for title in ("一", "二", "三"):
        presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = title
    return presentation


def saved(tmp_path: Path, presentation: Any) -> Path:
    path = tmp_path / "a.pptx"
    presentation.save(str(path))
    return path


def test_slides_and_tables(tmp_path: Path, scan: Any, slides: Any) -> None:
    slides.slides[2].shapes.title.text = NUMBER
    table = slides.slides[0].shapes.add_table(1, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    table.cell(0, 1).text = NUMBER
    assert scan(saved(tmp_path, slides)).places() == ["slide 1", "slide 3"]


def test_notes(tmp_path: Path, scan: Any, slides: Any) -> None:
    slides.slides[1].notes_slide.notes_text_frame.text = NUMBER
    scanned = scan(saved(tmp_path, slides))
    assert scanned.places() == ["notes of slide 2"]
    assert "notes of slide 2" in scanned.hidden()


def test_hidden_slides(tmp_path: Path, scan: Any, slides: Any) -> None:
    slides.slides[2].shapes.title.text = NUMBER
    slides.slides[2]._element.set("show", "0")
    scanned = scan(saved(tmp_path, slides))
    assert scanned.places() == ["hidden slide 3"]
    assert scanned.hidden() == ["hidden slide 3"]


def test_hidden_shapes_and_alternative_texts(tmp_path: Path, scan: Any, slides: Any) -> None:
    box = slides.slides[0].shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1))
    box.text_frame.text = NUMBER
    box._element.nvSpPr.cNvPr.set("hidden", "1")
    box._element.nvSpPr.cNvPr.set("descr", NUMBER)
    scanned = scan(saved(tmp_path, slides))
    assert scanned.places() == ["alternative text on slide 1", "hidden text on slide 1"]
    assert scanned.hidden() == ["hidden text on slide 1"]


def test_comments(tmp_path: Path, scan: Any, slides: Any) -> None:
    path = saved(tmp_path, slides)
    rewrite(
        path,
        ppt__comments__comment1=f'<p:cmLst xmlns:p="urn:p"><p:cm><p:text>{NUMBER}</p:text></p:cm></p:cmLst>'.encode(),
    )
    relation = '<Relationship Id="c1" Type="urn:x/comments" Target="../comments/comment1.xml"/></Relationships>'
    rewrite(path, replaced("ppt/slides/_rels/slide2.xml.rels", "</Relationships>", relation))
    scanned = scan(path)
    assert scanned.places() == ["comment 1 on slide 2"]
    assert scanned.hidden() == ["comment 1 on slide 2"]


def test_properties(tmp_path: Path, scan: Any, slides: Any) -> None:
    slides.core_properties.last_modified_by = NUMBER
    assert scan(saved(tmp_path, slides)).places() == ["document properties"]
