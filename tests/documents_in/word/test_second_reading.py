"""The plain second reading of a Word file, and what the first one excuses: together they leave no difference."""

from pathlib import Path

import pytest

from sites.documents_in.comparison import compare
from sites.documents_in.extraction import RichTextBlock, TableBlock
from tests.documents_in.word.writing import BEFORE, field, p, read, text, text_box

pytestmark = pytest.mark.unit

FIRST = "各镇按月报送河道巡护情况，逾期不报的予以通报。"
LAST = "巡护经费由县财政按标准拨付，年底前完成清算。"


def differences(tmp_path: Path, body: str) -> list[tuple[str, str]]:
    document = read(tmp_path, p(FIRST) + body + p(LAST))
    texts = [document.title]
    for block in document.blocks:
        if isinstance(block, RichTextBlock):
            texts.append(block.html.replace("</p>", "\n").replace("<p>", ""))
        elif isinstance(block, TableBlock):
            texts += [cell for row in block.rows for cell in row]
        else:
            texts.append(getattr(block, "text", ""))
    found = compare(document.second, texts, left_out=document.left_out, put_in=document.put_in)
    return [(one.kind, one.text) for one in found.differences]


BODIES = {
    "hidden run": p(text("看得见的一句话。") + text("看不见的一句话。", "<w:vanish/>")),
    "struck run": p(text("留下的一句话。") + text("删除线下的一句话。", "<w:strike/>")),
    "deletion": p(text("原来的。") + "<w:del w:id='1'><w:r><w:delText>删掉的一句话。</w:delText></w:r></w:del>"),
    "moved away": p(f"<w:moveFrom w:id='1'>{text('移走的一句话。')}</w:moveFrom>" + text("留在原处。")),
    "prompt": "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    f"{p('单击此处输入文字。')}</w:sdtContent></w:sdt>",
    "check box": "<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='1'/></w14:checkbox></w:sdtPr>"
    f"<w:sdtContent>{text('R')}</w:sdtContent></w:sdt>{text('同意公开')}</w:p>",
    "symbol": p(text("面积") + "<w:r><w:sym w:font='Symbol' w:char='F0B1'/></w:r>" + text("5公顷")),
    "text box": p(text_box(p('框里的一句话。'))),
    "field": p(field("EQ \\f(1,2)") + text("的比例")),
    "equation": "<w:p><m:oMath><m:f><m:num><m:r><m:t>甲</m:t></m:r></m:num><m:den><m:r><m:t>乙</m:t></m:r></m:den>"
    "</m:f></m:oMath></w:p>",
    "ruby": "<w:p><w:r><w:ruby><w:rt><w:r><w:t>hé</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>河</w:t></w:r></w:rubyBase>"
    "</w:ruby></w:r></w:p>",
    "table": f"<w:tbl><w:tr><w:tc>{p('项目')}</w:tc><w:tc>{p('金额')}</w:tc></w:tr><w:tr><w:tc>{p('清淤')}</w:tc>"
    f"<w:tc>{p('1200.50元')}</w:tc></w:tr></w:tbl>",
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_a_document_shows_and_what_the_import_makes_of_it_agree(tmp_path: Path, name: str) -> None:
    assert differences(tmp_path, BODIES[name]) == []


def test_the_second_reading_finds_what_the_first_loses(tmp_path: Path) -> None:
    document = read(tmp_path, p(FIRST) + p(LAST))
    found = compare(document.second, [BEFORE, FIRST])
    assert [(one.kind, one.number, one.text) for one in found.differences] == [("missing", 3, LAST)]
