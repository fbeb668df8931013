"""Word: styles, automatic numbers, tables, pictures, and what hides in a document."""

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from sites.documents_in.extraction import ImageBlock, QuotationBlock, RichTextBlock, TableBlock
from tests.documents_in.fictional import (
    NOTICE,
    TITLE,
    extract,
    outline,
    picture,
    rewrite_docx,
    warned,
    write_docx,
)

pytestmark = pytest.mark.unit

TEXT = NOTICE[4]


def test_styles_tables_lists_and_pictures(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    document.add_paragraph("工作背景", style="Heading 1")
    paragraph = document.add_paragraph("水是")
    paragraph.add_run("生命之源").bold = True
    document.add_paragraph("巡查", style="List Bullet")
    document.add_paragraph("维修", style="List Bullet")
    document.add_paragraph("经费安排", style="Heading 2")
    table = document.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, [("县", "金额"), ("青溪县", "12"), ("合计", "12")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    (tmp_path / "p.png").write_bytes(picture())
    document.add_picture(str(tmp_path / "p.png"))
    document.add_paragraph("图1 水塔")
    document.add_paragraph("饮水思源。", style="Quote")
    document.save(str(tmp_path / "a.docx"))
    result = extract(tmp_path / "a.docx", image_folder=tmp_path)
    assert result.title == TITLE
    assert outline(result)[:2] == ["#2 工作背景", "水是生命之源"]
    assert RichTextBlock("<p>水是<b>生命之源</b></p><ul><li>巡查</li><li>维修</li></ul>") in result.blocks
    assert TableBlock([["县", "金额"], ["青溪县", "12"], ["合计", "12"]], header=True) in result.blocks
    assert ImageBlock(0, "图1 水塔") in result.blocks
    assert QuotationBlock("饮水思源。") in result.blocks
    assert "#3 经费安排" in outline(result)


def numbered(tmp_path: Path, *levels: tuple[str, str]) -> Path:
    """A document whose paragraphs are numbered by Word itself with these (format, text) levels."""
    document = docx.Document()
    definition = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{definition}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="900"><w:abstractNumId w:val="900"/></w:num>'))
    document.add_paragraph("云江省政府信箱管理办法")
    for level, text in (
        (0, "总则"),
        (1, "为规范政府信箱管理，制定本办法。"),
        (1, "政府信箱应当每日查看。"),
        (0, "附则"),
    ):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="900"/></w:numPr>')
        )
    document.add_paragraph("本办法自发布之日起施行。")
    document.save(str(tmp_path / "n.docx"))
    return tmp_path / "n.docx"


def test_automatic_numbers_become_text(tmp_path: Path) -> None:
    path = numbered(tmp_path, ("chineseCounting", "第%1章"), ("chineseCountingThousand", "（%2）"))
    document = extract(path)
    assert outline(document)[:4] == [
        "#2 第一章　总则",
        "（一）为规范政府信箱管理，制定本办法。",
        "（二）政府信箱应当每日查看。",
        "#2 第二章　附则",
    ]
    assert warned(document, "自动编号")


def test_hidden_text_comments_and_changes_are_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TITLE)
    paragraph = document.add_paragraph(TEXT)
    paragraph.add_run("内部备注").font.hidden = True
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>旧稿</w:delText></w:r></w:del>')
    )
    document.add_comment(paragraph.runs[0], text="请核实", author="甲")
    document.save(str(tmp_path / "h.docx"))
    result = extract(tmp_path / "h.docx")
    assert outline(result) == [TEXT]
    for word in ("隐藏文字", "修订痕迹", "批注"):
        assert warned(result, word)


def test_external_targets_are_never_opened(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "e.docx", [TITLE, TEXT])
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
    )
    document = extract(rewrite_docx(path, {"word/_rels/settings.xml.rels": relations.encode()}))
    assert outline(document) == [TEXT]
    assert warned(document, "1 处外部资源")


def test_picture_metadata_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(picture(form="JPEG", comment=b"secret-place"))
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.add_picture(str(tmp_path / "p.jpg"))
    document.save(str(tmp_path / "p.docx"))
    result = extract(tmp_path / "p.docx", image_folder=tmp_path)
    assert result.images[0].content_type == "image/jpeg"
    assert b"secret" not in Path(result.images[0].path).read_bytes()
