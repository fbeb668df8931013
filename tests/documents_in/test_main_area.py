"""Pages saved from sites whose container nobody knows: the main area is found, and how sure that is, is said."""

import subprocess
import sys
from pathlib import Path

import pytest

from sites.documents_in.comparison import compare
from sites.documents_in.extraction import (
    ExtractedDocument,
    ExtractionRefused,
    HeadingBlock,
    TableBlock,
    extract_guarded,
)
from tests.documents_in.fictional import NOTICE, TITLE, outline, warned
from tests.documents_in.test_html import TEXT, all_html, page

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    "首页",
    "政务公开",
    "办事服务",
    "互动交流",
    "走进云江",
    "新闻中心",
    "专题专栏",
    "数据开放",
    "网站地图",
    "无障碍",
]
NAVIGATION = (
    "<ul class='top'>" + "".join(f"<li><a href='/{n}/'>{name}</a></li>" for n, name in enumerate(PLACES)) + "</ul>"
)
RELATED = (
    "<div class='more'><h3>相关新闻</h3><ul>"
    + "".join(f"<li><a href='/news/{n}.html'>云江省第{n}次山区供水设施管护工作推进会召开</a></li>" for n in range(8))
    + "</ul></div>"
)
FOOT = "<div class='bottom'><p>主办：云江省人民政府办公厅</p><p>地址：云江市中心路1号</p></div>"
PARAGRAPHS = [NOTICE[4], NOTICE[6], NOTICE[8], NOTICE[9], NOTICE[11]]
ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
SURE = "正文区域识别：较有把握"
UNSURE = "正文区域识别：没有把握"
NONE = "没有找到网页的正文区域"


def saved(tmp_path: Path, inner: str, *, after: str = RELATED, head: str = "") -> ExtractedDocument:
    """A page with navigation above and links and a foot below."""
    return page(tmp_path, f"{NAVIGATION}<h1>{TITLE}</h1>{inner}{after}{FOOT}", head=head)


def refused(tmp_path: Path, body: str) -> str:
    with pytest.raises(ExtractionRefused) as caught:
        page(tmp_path, body)
    return str(caught.value)


@pytest.mark.parametrize(
    "inner",
    [
        f"<div class='xq-nr'>{ARTICLE}</div>",
        f"<div><div><section>{ARTICLE}</section></div></div>",
        f"<form><input name='x'><div class='k3'>{ARTICLE}</div></form>",
        f"<table><tr><td>{RELATED}</td><td>{ARTICLE}</td></tr></table>",
        f"<table><tr><td>{RELATED}</td><td>{ARTICLE * 9}</td></tr></table>",
        "<div class='z'>" + "<br><br>".join(PARAGRAPHS) + "</div>",
        "<div class='z'>" + "".join(f"<div>{text}</div>" for text in PARAGRAPHS) + "</div>",
        f"<article>{ARTICLE}</article>",
        f"<founder-content>{ARTICLE}</founder-content>",
    ],
)
def test_the_article_is_taken_and_the_navigation_is_not(tmp_path: Path, inner: str) -> None:
    document = saved(tmp_path, inner)
    assert (document.title, outline(document)) == (TITLE, PARAGRAPHS * inner.count(PARAGRAPHS[0]))
    assert warned(document, SURE) and warned(document, "网页正文区域以外的")


def test_tables_lists_and_marks_of_the_area_are_kept(tmp_path: Path) -> None:
    table = "<table><tr><th>村名<th>设施<tr><td>上坝<td>3<tr><td>下坝<td>12</table>"
    rest = (
        "<h2>一、管护台账</h2>"
        + table
        + "<ol start='3'><li>核查线索。</li><li>公开电话。</li></ol><p>含量<b>5</b> mg/m<sup>3</sup></p>"
    )
    document = saved(tmp_path, f"<div class='xq'>{ARTICLE}{rest}</div>")
    assert [block.rows for block in document.blocks if isinstance(block, TableBlock)] == [
        [["村名", "设施"], ["上坝", "3"], ["下坝", "12"]]
    ]
    assert [block.text for block in document.blocks if isinstance(block, HeadingBlock)] == ["一、管护台账"]
    assert "<p>3. 核查线索。</p>" in all_html(document)
    assert "<b>5</b> mg/m<sup>3</sup>" in all_html(document)


def test_links_to_other_pages_within_the_text_are_left_out_and_attachments_are_not(tmp_path: Path) -> None:
    files = (
        "<ul><li><a href='/f/1.doc'>附件1：管护台账样表</a></li><li><a href='/f/2.pdf'>附件2：水质检测表</a></li></ul>"
    )
    document = saved(tmp_path, f"<div class='xq'>{ARTICLE}{files}{RELATED}</div>", after="")
    assert "附件1：管护台账样表" in "".join(outline(document))
    assert "推进会召开" not in "".join(outline(document))
    assert warned(document, "网页正文区域以外的")


def test_comments_are_beside_the_text(tmp_path: Path) -> None:
    said = "<div id='comments'><h3>网友评论</h3>" + "<p>山区供水设施的管护经费什么时候能够到位？</p>" * 3 + "</div>"
    document = saved(tmp_path, f"<div class='xq'>{ARTICLE}{said}</div>")
    assert outline(document) == PARAGRAPHS


def test_a_short_notice_is_found_among_links(tmp_path: Path) -> None:
    sentence = "因设备检修，本中心定于五月十二日停止办公一天，敬请谅解。"
    document = page(tmp_path, f"{NAVIGATION}<div class='t'><p>{sentence}</p></div>{RELATED}")
    assert outline(document) == [sentence]


def test_a_table_is_a_main_area(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>第{n}村</td><td>{n * 3}处</td></tr>" for n in range(1, 30))
    document = saved(tmp_path, f"<div class='bg'><table>{rows}</table></div>")
    assert [len(block.rows) for block in document.blocks if isinstance(block, TableBlock)] == [29]
    assert "推进会召开" not in "".join(outline(document))


def test_two_articles_side_by_side_are_both_taken(tmp_path: Path) -> None:
    first = "".join(f"<p>甲：{text}</p>" for text in PARAGRAPHS)
    second = "".join(f"<p>乙：{text}</p>" for text in PARAGRAPHS)
    document = saved(tmp_path, f"<div><div class='a1'>{first}</div><div class='a2'>{second}</div></div>")
    text = "".join(outline(document))
    assert "甲：" + PARAGRAPHS[0] in text and "乙：" + PARAGRAPHS[-1] in text


def test_a_document_in_two_known_containers_is_taken_whole(tmp_path: Path) -> None:
    first, second = ("".join(f"<p>{text}</p>" for text in part) for part in (PARAGRAPHS[:3], PARAGRAPHS[3:]))
    inner = f"<div class='TRS_Editor'>{first}</div><div class='fj'><div class='TRS_Editor'>{second}</div></div>"
    document = saved(tmp_path, f"<div>{inner}</div><div class='TRS_Editor'></div>")
    assert outline(document) == PARAGRAPHS and warned(document, SURE)


def test_text_that_is_not_taken_is_named_when_it_is_much(tmp_path: Path) -> None:
    other = "".join(
        f"<div class='comment'><p>网友{n}：山区供水设施的管护经费什么时候能够到位？</p></div>" for n in range(40)
    )
    document = saved(tmp_path, f"<div class='xq'>{ARTICLE}</div>", after=f"<div class='sidebar'>{other}</div>")
    assert outline(document) == PARAGRAPHS
    assert warned(document, UNSURE, "%") and warned(document, "未取的文字中最长的一段", "网友")
    assert not warned(document, SURE)


def test_a_page_without_navigation_is_read_whole(tmp_path: Path) -> None:
    word = '<meta name="Generator" content="Microsoft Word 15">'
    document = page(
        tmp_path, f"<div class='WordSection1'><h1>{TITLE}</h1>{ARTICLE}<p>附注。</p></div><p>另页。</p>", head=word
    )
    assert outline(document) == [*PARAGRAPHS, "附注。", "另页。"]
    assert not warned(document, "正文区域")


@pytest.mark.parametrize("program", ["Microsoft Word 15", "WPS Office", "LibreOffice 7.4.7.2 (Linux)"])
def test_what_a_word_processor_saved_is_read_whole_however_many_links_it_has(tmp_path: Path, program: str) -> None:
    links = "".join(f"<p><a href='https://gov.example/{n}'>第{n}村供水设施名册</a></p>" for n in range(1, 12))
    document = page(
        tmp_path, f"<h1>{TITLE}</h1>{links}<p>{TEXT}</p>", head=f'<meta name="generator" content="{program}">'
    )
    assert len(outline(document)) == 12 and not warned(document, "正文区域")


def test_links_within_a_page_are_no_navigation(tmp_path: Path) -> None:
    contents = "".join(f"<p><a href='#m{n}'>第{n}章　山区供水设施的管护</a></p>" for n in range(1, 12))
    document = page(tmp_path, f"<h1>{TITLE}</h1>{contents}<div>{ARTICLE}</div>")
    assert len(outline(document)) == 16 and not warned(document, "正文区域")


def test_a_page_of_navigation_is_refused(tmp_path: Path) -> None:
    assert NONE in refused(tmp_path, NAVIGATION + RELATED)
    dated = "".join(
        f"<li><a href='/{n}'>关于做好第{n}批山区供水设施管护工作的通知</a><i>05-1{n}</i></li>" for n in range(9)
    )
    assert "另存后上传" in refused(tmp_path, f"{NAVIGATION}<ul>{dated}</ul>")


def test_where_nothing_is_found_links_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    lines = [f"第{n}站：水" for n in range(20)]
    document = page(
        tmp_path, f"<h1>{TITLE}</h1>" + NAVIGATION + "".join(f"<div>{line}</div>" for line in lines) + RELATED
    )
    assert outline(document) == lines
    assert warned(document, NONE, "其余文字全部取入")
    assert not warned(document, SURE)


def test_a_page_that_frames_another_says_so(tmp_path: Path) -> None:
    assert "内嵌框架" in refused(tmp_path, "<iframe src='content.html'></iframe>")
    path = tmp_path / "框架.html"
    path.write_text("<html><frameset cols='20%,80%'><frame src='a.html'><frame src='b.html'></frameset></html>")
    with pytest.raises(ExtractionRefused, match="内嵌框架"):
        extract_guarded(path, path.name)


@pytest.mark.parametrize("start", ["<form><button type='button' /></form>", "<nav>", "<div><aside>"])
def test_a_page_within_an_element_that_was_not_closed_is_read(tmp_path: Path, start: str) -> None:
    document = page(
        tmp_path, f"<div class='head'>{start}</div>{NAVIGATION}<h1>{TITLE}</h1><div class='xq'>{ARTICLE}</div>{RELATED}"
    )
    assert (document.title, outline(document)) == (TITLE, PARAGRAPHS)


@pytest.mark.parametrize("end", ["</body></html>", "</html>", "</body>", "</html><html><body>"])
def test_what_follows_the_end_of_a_page_belongs_to_it(tmp_path: Path, end: str) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>{end}<div><p>{PARAGRAPHS[1]}</p></div>后记。")
    assert outline(document) == [*PARAGRAPHS[:2], "后记。"]


def test_navigation_that_is_closed_is_not_read(tmp_path: Path) -> None:
    document = page(tmp_path, f"<nav><p>{NOTICE[8]}</p></nav><h1>{TITLE}</h1>{ARTICLE}<button>打印</button>")
    assert outline(document) == PARAGRAPHS


def test_tables_that_place_others_are_frames(tmp_path: Path) -> None:
    data = "<table><tr><th>村名</th><th>设施</th></tr><tr><td>上坝</td><td>3</td></tr></table>"
    inner = f"<table><tr><td>{ARTICLE}</td></tr><tr><td>{data}</td></tr></table>"
    document = page(tmp_path, f"<h1>{TITLE}</h1><table><tr><td><img src='a.png'></td><td>{inner}</td></tr></table>")
    assert outline(document)[:5] == PARAGRAPHS
    assert [block.rows for block in document.blocks if isinstance(block, TableBlock)] == [
        [["村名", "设施"], ["上坝", "3"]]
    ]


def test_articles_side_by_side_are_told(tmp_path: Path) -> None:
    one, two = ("".join(f"<p>{sign}：{text}</p>" for text in PARAGRAPHS) for sign in "甲乙")
    document = saved(tmp_path, f"<div class='list'><article>{one}</article><article>{two}</article></div>")
    assert "乙：" + PARAGRAPHS[0] in "".join(outline(document))
    assert warned(document, UNSURE, "2 篇") and not warned(document, SURE)


def test_unseen_text_stays_unseen_within_the_area(tmp_path: Path) -> None:
    document = saved(tmp_path, f"<div class='xq'>{ARTICLE}<p style='display:none'>密</p></div>")
    assert outline(document) == PARAGRAPHS
    assert warned(document, "隐藏内容 1 处", "“密”")


def test_the_title_of_the_article_is_found_before_the_area(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        f"<h1>云江省水务厅</h1>{NAVIGATION}<h3>山区供水工作启动</h3><div class='xq'>{ARTICLE}</div>{RELATED}",
        head="<title>山区供水工作启动-云江省水务厅</title>",
    )
    assert document.title == "山区供水工作启动"


@pytest.mark.parametrize(
    "body",
    [
        f"{NAVIGATION}<h1>{TITLE}</h1><div class='xq'>{ARTICLE}{RELATED}</div>{FOOT}",
        f"{NAVIGATION}<h1>{TITLE}</h1><div>{ARTICLE}<ol start=3><li>核查线索。</ol><p hidden>密</p></div>{RELATED}",
        f"<h1>{TITLE}</h1>{ARTICLE}</body></html><p>附注。</p>",
        f"<form><button /></form>{NAVIGATION}<h1>{TITLE}</h1><table><tr><td>{ARTICLE}</td></tr></table>{RELATED}",
    ],
)
def test_the_second_reading_is_of_the_same_area(tmp_path: Path, body: str) -> None:
    document = page(tmp_path, body)
    found = compare(
        document.second, [document.title, *outline(document)], left_out=document.left_out, put_in=document.put_in
    )
    assert found.differences == [] and found.characters > 200


def test_the_guarded_process_finds_it_as_well(tmp_path: Path) -> None:
    path = tmp_path / "网页.html"
    path.write_text(
        f"<body>{NAVIGATION}<h1>{TITLE}</h1><div class='xq'>{ARTICLE}</div>{RELATED}</body>", encoding="utf-8"
    )
    assert outline(extract_guarded(path, path.name)) == PARAGRAPHS


@pytest.mark.parametrize(
    "body",
    [
        "<p>&#1;&#11;甲\ufffe</p>" + NAVIGATION + ARTICLE,
        "<o:p>甲</o:p><x-y z='1'>乙</x-y>" + NAVIGATION + ARTICLE,
        "<div>" * 150 + NAVIGATION + ARTICLE,
        "<b>甲</b>" * 21_000 + NAVIGATION + ARTICLE,
    ],
)
def test_odd_trees_do_not_stop_the_search(tmp_path: Path, body: str) -> None:
    assert PARAGRAPHS[0] in "".join(outline(page(tmp_path, f"<h1>{TITLE}</h1>{body}")))


def test_the_library_is_loaded_for_pages_alone() -> None:
    code = (
        "import sys, sites.documents_in.extraction.extract; print('bs4' in sys.modules, 'readability' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["True", "False"]
