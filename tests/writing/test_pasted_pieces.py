"""What is copied in Word, WPS, Excel, a browser or WeChat, read as blocks by the cleaning of the importer."""

from pathlib import Path
from typing import Any

import pytest

from sites.documents_in.extraction import HeadingBlock, ImageBlock, RichTextBlock, TableBlock
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.pasting import ExtractedPiece, extract_piece
from sites.documents_in.extraction.refusal import ExtractionRefused
from tests.writing import fragments

pytestmark = pytest.mark.unit

_LOCAL = 'src="file:///C:/Users/zhang/AppData/Local/Temp/msohtmlclip1/01/clip_image00{n}.png"'


def read(folder: Path, html: str, *pictures: bytes, limits: ExtractionLimits | None = None) -> ExtractedPiece:
    return extract_piece(html.encode(), pictures, folder, limits or ExtractionLimits())


def words(piece: ExtractedPiece) -> list[Any]:
    """Headings as [level, text], tables as rows, texts as HTML, pictures by their number."""
    told: list[Any] = []
    for block in piece.blocks:
        match block:
            case HeadingBlock():
                told.append([block.level, block.text])
            case RichTextBlock():
                told.append(block.html)
            case TableBlock():
                told.append(block.rows)
            case ImageBlock():
                told.append(block.image)
    return told


def test_word_numbers_bullets_and_pictures_between_texts(tmp_path: Path) -> None:
    html = fragments.WORD
    for n in (1, 2, 3):
        html = html.replace(_LOCAL.format(n=n), f'src="pasted-picture:{n - 1}"')
    piece = read(tmp_path, html, fragments.RED, fragments.GREEN, fragments.BLUE)
    heading, text, _table, *rest = words(piece)
    assert heading == [2, "2026年绿化工作安排"]
    assert '<b>各区</b>绿化办公室要在4月底前<a href="https://www.gov.example/plan">报送计划</a>' in text
    assert "<p>1. 选定地块，清理杂物。</p><p>2. 栽植以后浇足定根水。</p>" in text
    assert "<ul><li>苗木<ul><li>国槐</li></ul></li><li>工具</li></ul>" in text
    assert rest == [0, "<p>两幅图之间的文字。</p>", 1, 2, "<p>以上请遵照执行。</p>"]
    assert [image.content_type for image in piece.images] == ["image/png", "image/png", "image/jpeg"]
    assert [image.alt for image in piece.images] == ["栽植现场", "", ""]
    assert piece.warnings == []


def test_merged_cells_stay_merged(tmp_path: Path) -> None:
    piece = read(tmp_path, fragments.WORD)
    table = next(block for block in piece.blocks if isinstance(block, TableBlock))
    assert table.merged == [[0, 0, 2, 1], [0, 1, 1, 2]]
    assert table.header


def test_a_picture_that_did_not_come_along_is_told_of_with_its_place(tmp_path: Path) -> None:
    piece = read(tmp_path, fragments.WORD)
    assert not piece.images
    assert any("3 张图片" in sentence and "两幅图之间的文字。" in sentence for sentence in piece.warnings)


def test_wps_headings_by_their_numbers_and_its_table(tmp_path: Path) -> None:
    heading, text, table, _after = words(read(tmp_path, fragments.WPS))
    assert heading == [2, "一、总体要求"]
    assert "<b>全程</b>" in text and "（一）受理申请" in text
    assert table == [["事项", "时限"], ["变更登记", "3日"], ["变更登记", "5日"]]


def test_excel_cells_with_what_they_show(tmp_path: Path) -> None:
    piece = read(tmp_path, fragments.EXCEL)
    assert words(piece)[0][2:] == [["教育", "合计", "12,345.60"], ["卫生", "合计", "-860.00"]]
    assert isinstance(piece.blocks[0], TableBlock) and piece.blocks[0].merged == [[0, 0, 2, 2]]


def test_a_page_in_a_browser(tmp_path: Path) -> None:
    piece = read(tmp_path, fragments.CHROME)
    heading, text, table, picture, after = words(piece)
    assert heading == [2, "办事指南"]
    assert "<ol><li>取号</li><li>提交材料</li></ol><ul><li>身份证<ul><li>原件</li></ul></li></ul>" in text
    assert table == [["窗口", "业务"], ["1", "社保"], ["2", "医保"]]
    assert (picture, piece.images[0].alt) == (0, "二维码")
    assert after == "<p>咨询电话见公告。</p>"
    assert "alert" not in repr(piece)
    assert any("外部地址" in sentence and "大厅位置" in sentence for sentence in piece.warnings)


def test_an_article_of_wechat(tmp_path: Path) -> None:
    piece = read(tmp_path, fragments.WECHAT)
    assert words(piece) == ["<p><b>防汛提示</b></p><p>近期雨水偏多，请勿涉水。</p>"]
    assert len(piece.warnings) == 1 and "1 张图片" in piece.warnings[0]


@pytest.mark.parametrize(
    ("html", "limits"),
    [
        ("<div>" * 400 + "深", ExtractionLimits()),
        ("<p>段</p>" * 30, ExtractionLimits(elements=20)),
        ("<p>很长的文字</p>" * 30, ExtractionLimits(characters=100)),
        (
            "<table><tr><td colspan=200>格</td><td>格</td></tr><tr><td>格</td></tr></table>",
            ExtractionLimits(table_cells=10),
        ),
    ],
)
def test_what_nobody_writes_is_refused(tmp_path: Path, html: str, limits: ExtractionLimits) -> None:
    with pytest.raises(ExtractionRefused):
        read(tmp_path, html, limits=limits)


def test_a_number_that_names_no_picture_names_none(tmp_path: Path) -> None:
    piece = read(tmp_path, '<p>图<img src="pasted-picture:7"><img src="embedded-image:9"></p><p>完</p>', fragments.RED)
    assert not piece.images and words(piece) == ["<p>图</p><p>完</p>"]


def test_what_is_no_picture_is_left_out_and_told(tmp_path: Path) -> None:
    piece = read(tmp_path, '<p>图</p><img src="pasted-picture:0"><p>完</p>', b"<svg onload=alert(1)>")
    assert not piece.images and any("无法读取" in str(sentence) for sentence in piece.warnings)
