"""What forms and annotations show stands in the text, at its place; what they do not show is said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.extraction import ExtractedDocument
from tests.documents_in.fictional import extract, outline, warned
from tests.documents_in.pdf_drawing import body, draw_pdf, drawn, tables

pytestmark = pytest.mark.unit

HIDDEN, NO_VIEW, PRINT = 2, 32, 4


def annotated(
    tmp_path: Path, change: Callable[[pypdf.PdfWriter], object], draw: Callable[[Canvas], object] = lambda canvas: None
) -> ExtractedDocument:
    writer = pypdf.PdfWriter(clone_from=draw_pdf(tmp_path / "a.pdf", draw))
    change(writer)
    writer.write(tmp_path / "b.pdf")
    return extract(tmp_path / "b.pdf")


def stamp(writer: pypdf.PdfWriter, text: str, *, flags: int = PRINT, **more: Any) -> DictionaryObject:
    """A stamp with an appearance that paints `text`, at the left below the paragraph."""
    look = DecodedStreamObject()
    look.set_data(f"BT /F1 12 Tf 2 4 Td ({text}) Tj ET".encode())
    font = {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")}
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    fonts = DictionaryObject({NameObject("/F1"): DictionaryObject(font)})
    look.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, (0, 0, 200, 20))),
            NameObject("/Resources"): DictionaryObject({NameObject("/Font"): fonts}),
        }
    )
    result = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Stamp"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (80, 540, 280, 560))),
            NameObject("/F"): NumberObject(flags),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)}),
        }
    )
    result.update({NameObject(f"/{key}"): value for key, value in more.items()})
    annotations = writer.pages[0].setdefault(NameObject("/Annots"), ArrayObject())
    annotations.append(writer._add_object(result))
    return result


def test_the_values_of_a_form_stand_at_their_places(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 600, "填报单位：")
        canvas.acroForm.textfield(name="unit", value="Qingxi County", x=138, y=594, width=150, height=20)
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(80, 560, "以上数据真实有效。")

    assert outline(drawn(tmp_path, draw))[1:] == ["填报单位：Qingxi County", "以上数据真实有效。"]


def test_values_in_the_cells_of_a_table(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([80, 180, 320], [500, 530, 560])
        for place, text in (((90, 540), "县"), ((190, 540), "金额"), ((90, 510), "青溪县")):
            canvas.drawString(*place, text)
        canvas.acroForm.textfield(name="sum", value="128.50", x=185, y=503, width=120, height=22)

    document = drawn(tmp_path, draw)
    assert tables(document) == [[["县", "金额"], ["青溪县", "128.50"]]]
    assert warned(document, "第 1 页填写的表单内容")


def test_a_value_without_an_appearance(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 560, "填报人：")
        canvas.acroForm.textfield(name="who", value="x", x=130, y=554, width=150, height=20)

    def change(writer: pypdf.PdfWriter) -> None:
        field = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
        field[NameObject("/V")] = TextStringObject("何小溪")
        del field[NameObject("/AP")]

    assert outline(annotated(tmp_path, change, draw))[1:] == ["填报人：何小溪"]


def test_a_value_whose_appearance_is_damaged(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 560, "填报人：")
        canvas.acroForm.textfield(name="who", value="Qingxi", x=130, y=554, width=150, height=20)

    def change(writer: pypdf.PdfWriter) -> None:
        look = writer.pages[0]["/Annots"][0].get_object()["/AP"]["/N"].get_object()  # type: ignore[index]
        look[NameObject("/Matrix")] = ArrayObject([NameObject("/Nothing")] * 6)

    assert outline(annotated(tmp_path, change, draw))[1:] == ["填报人：Qingxi"]


def test_a_value_newer_than_its_appearance(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="who", value="old", x=80, y=594, width=150, height=20)

    def change(writer: pypdf.PdfWriter) -> None:
        field = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
        field[NameObject("/V")] = TextStringObject("何小溪填报，情况属实。")
        form = writer.root_object["/AcroForm"].get_object()
        form[NameObject("/NeedAppearances")] = BooleanObject(True)  # type: ignore[index]

    text = body(annotated(tmp_path, change, draw))
    assert "何小溪填报，情况属实。" in text
    assert "old" not in text


def test_boxes_that_are_ticked_and_not(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for line, (name, on) in enumerate((("yes", True), ("no", False))):
            canvas.acroForm.checkbox(name=name, checked=on, x=80, y=596 - 40 * line, size=14)
            canvas.setFont("STSong-Light", 12)
            canvas.drawString(100, 600 - 40 * line, "同意公开" if on else "不予公开")

    assert outline(drawn(tmp_path, draw))[1:] == ["☑同意公开", "☐不予公开"]


def test_a_choice_shows_its_name(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 560, "密级：")
        canvas.acroForm.choice(
            name="c", value="B", options=[("Alpha", "A"), ("Beta", "B")], x=116, y=554, width=100, height=20
        )

    assert outline(drawn(tmp_path, draw))[1:] == ["密级：Beta"]


@pytest.mark.parametrize("flags", [0, PRINT])
def test_a_stamp_is_text_on_the_page(tmp_path: Path, flags: int) -> None:
    document = annotated(tmp_path, lambda writer: stamp(writer, "RECEIVED 2025", flags=flags))
    assert outline(document)[-1] == "RECEIVED 2025"


@pytest.mark.parametrize("flags", [HIDDEN, NO_VIEW, NO_VIEW | PRINT])
def test_what_is_not_shown_is_left_out_and_said(tmp_path: Path, flags: int) -> None:
    document = annotated(
        tmp_path, lambda writer: stamp(writer, "RECEIVED 2025", flags=flags, Contents=TextStringObject("收讫"))
    )
    assert "RECEIVED" not in body(document)
    assert warned(document, "1 个不显示的表单域或批注", "“收讫”")


def test_text_that_was_written_on_the_page(tmp_path: Path) -> None:
    document = annotated(
        tmp_path, lambda writer: writer.add_annotation(0, FreeText(rect=(80, 590, 400, 620), text="经审核无误。"))
    )
    assert outline(document)[-1] == "经审核无误。"


def test_a_note_that_opens_on_a_click_is_counted(tmp_path: Path) -> None:
    document = annotated(
        tmp_path, lambda writer: writer.add_annotation(0, Text(rect=(80, 590, 100, 610), text="此处待核"))
    )
    assert "待核" not in body(document)
    assert warned(document, "1 条点开才看得见的批注")
