"""Which lists become lists of HTML: those that say the same as the document, also after somebody edited the page."""

from pathlib import Path

import pytest

from sites.documents_in.extraction import RichTextBlock
from tests.documents_in.word.writing import BEFORE, abstract, level, num, numbered, p, read

pytestmark = pytest.mark.unit

DECIMAL = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%2.")) + num(1, 0)
BULLETS = '<w:lvl w:ilvl="{0}"><w:numFmt w:val="bullet"/><w:lvlText w:val="{1}"/>{2}</w:lvl>'
MORE = "以上各项由县直单位负责。"


def html(tmp_path: Path, body: str, numbering: str) -> str:
    document = read(tmp_path, body, numbering=numbering)
    return "".join(block.html for block in document.blocks if isinstance(block, RichTextBlock)).removeprefix(
        f"<p>{BEFORE}</p>"
    )


def test_a_whole_list_is_a_list(tmp_path: Path) -> None:
    assert html(tmp_path, numbered("甲") + numbered("乙"), DECIMAL) == "<ol><li>甲</li><li>乙</li></ol>"


def test_an_inner_list_is_an_inner_list(tmp_path: Path) -> None:
    body = numbered("甲") + numbered("子", 1, 1) + numbered("丑", 1, 1) + numbered("乙")
    assert html(tmp_path, body, DECIMAL) == "<ol><li>甲<ol><li>子</li><li>丑</li></ol></li><li>乙</li></ol>"


def test_a_list_that_is_taken_up_again_is_text(tmp_path: Path) -> None:
    body = numbered("甲。") + p(MORE) + numbered("乙。")
    assert html(tmp_path, body, DECIMAL) == f"<p>1. 甲。</p><p>{MORE}</p><p>2. 乙。</p>"


def test_a_list_that_begins_later_is_text(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "decimal", "%1.", start=3)) + num(1, 0)
    assert html(tmp_path, numbered("甲"), numbering) == "<p>3. 甲</p>"


def test_neighbouring_lists_never_merge(tmp_path: Path) -> None:
    numbering = (
        abstract(0, level(0, "decimal", "%1.")) + abstract(5, level(0, "decimal", "%1.")) + num(1, 0) + num(2, 5)
    )
    body = numbered("甲") + numbered("乙") + numbered("丙", 2)
    assert html(tmp_path, body, numbering) == "<p>1. 甲</p><p>2. 乙</p><p>1. 丙</p>"


def test_a_list_that_skips_a_level_is_text(tmp_path: Path) -> None:
    numbering = abstract(0, *(level(n, "decimal", f"%{n + 1}.") for n in range(3))) + num(1, 0)
    assert html(tmp_path, numbered("甲") + numbered("子", 1, 2), numbering) == "<p>1. 甲</p><p>1. 子</p>"


def test_bullets_are_a_list(tmp_path: Path) -> None:
    numbering = abstract(0, BULLETS.format(0, "●", ""), BULLETS.format(1, "○", "")) + num(1, 0)
    body = numbered("甲") + numbered("子", 1, 1) + numbered("乙")
    assert html(tmp_path, body, numbering) == "<ul><li>甲<ul><li>子</li></ul></li><li>乙</li></ul>"


def test_bullets_between_numbers_of_a_stopped_list(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "chineseCounting", "%1、"), BULLETS.format(1, "●", "")) + num(1, 0)
    body = numbered("甲。") + numbered("子", 1, 1) + numbered("乙。")
    assert html(tmp_path, body, numbering) == "<p>一、甲。</p><ul><li>子</li></ul><p>二、乙。</p>"


def test_a_box_to_tick_is_no_bullet(tmp_path: Path) -> None:
    font = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'
    numbering = abstract(0, BULLETS.format(0, "\uf0a8", font)) + num(1, 0)
    assert html(tmp_path, numbered("同意") + numbered("不同意"), numbering) == "<p>□ 同意</p><p>□ 不同意</p>"


def test_many_items_of_a_stopped_list_take_no_longer_each(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "chineseCountingThousand", "（%1）")) + num(1, 0)
    found = html(tmp_path, numbered("甲") * 3000, numbering)
    assert found.endswith("<p>（三千）甲</p>")
