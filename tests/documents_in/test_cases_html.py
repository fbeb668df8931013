"""HTML files made after public reports of faults, and others of their kind: each comes out as a person reads it."""

from datetime import date
from pathlib import Path

import pytest

from sites.documents_in.extraction import ExtractedDocument, RichTextBlock, TableBlock
from sites.documents_in.extraction.html.reader import read_html
from sites.documents_in.extraction.limits import ExtractionLimits
from tests.documents_in.fictional import NOTICE, TITLE, extract, outline, warned
from tests.documents_in.test_html import TEXT, all_html, page

pytestmark = pytest.mark.unit

CASES = Path(__file__).parent / "cases"
BODY = "各镇人民政府，县直各单位：请认真落实河道巡护责任，按时报送情况，逾期不报的予以通报。"
SIGNED = ["试验县人民政府", "2025年5月12日"]


def case(name: str) -> ExtractedDocument:
    return extract(CASES / f"{name}.html")


def test_an_article_of_wechat_that_a_script_shows() -> None:
    document = case("40-wechat")
    assert (document.title, document.source) == ("试验县开展河道巡护行动", "试验发布")
    assert document.published_on == date(2025, 5, 12)
    assert outline(document) == [
        "五月十二日，试验县水务局组织各镇开展河道巡护行动，出动巡护人员一百二十人次。",
        "下一步，将按月通报巡护情况。",
    ]
    assert warned(document, "1 张图片", "一百二十人次。”之后")


def test_lists_keep_their_numbers() -> None:
    # A reversed list without `start` begins with the number of its items (HTML Standard, 4.4.5 "The ol element",
    # starting value, step 3: "If the element has a reversed attribute, then return the number of owned li elements"),
    # and each next item has one less: two items read 2, 1, in every browser. Words in the items that suggest 3, 2
    # ("第三", "第二") are the author's, and are kept as they are.
    assert outline(case("45-list-start")) == [
        "各镇应当做好以下工作，并按时报送台账。",
        "a. 建立台账。",
        "b. 公开电话。",
        "5. 核查线索。",
        "2. 第三。",
        "1. 第二。",
        "9. 第九项工作。",
        "10. 第十项工作。",
        BODY,
        *SIGNED,
    ]


def test_struck_and_unseen_text_is_left_out_and_named() -> None:
    document = case("46-details-del")
    assert outline(document) == [
        "补助标准为每人每月500元，，。",
        "面积为104平方米，含量5 mg/m3，，，，图标。",
        BODY,
        *SIGNED,
    ]
    assert "10<sup>4</sup>" in all_html(document) and "m<sup>3</sup>" in all_html(document)
    assert warned(document, "删除线", "3 处", "300元", "原标准800元废止", "旧电话65100000")
    assert warned(document, "4 处", "看不见的字", "白色的字", "移出屏幕的字", "透明的字")


def test_a_long_title_is_kept() -> None:
    document = case("52-cjk-title")
    assert len(document.title) == 166
    assert document.title.startswith("试验县人民政府办公室关于") and document.title.endswith("整治工作的通知")
    assert document.document_number == "试县政办发〔2025〕9号"
    assert outline(document) == [BODY, *SIGNED]


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="display:none">密</p>',
        '<p style="DISPLAY : NONE !important">密</p>',
        "<p hidden>密</p>",
        '<p style="visibility:hidden">密</p>',
        '<p style="visibility:collapse"><span>密</span></p>',
        '<p style="opacity:0">密</p>',
        '<p style="opacity:0%">密</p>',
        '<p style="font-size:0px">密</p>',
        '<p style="color:#fff">密</p>',
        '<p style="color:#FEFEFE">密</p>',
        '<p style="color:rgb(255, 255, 255)">密</p>',
        '<p style="color:transparent">密</p>',
        '<p style="color:rgba(0,0,0,0)">密</p>',
        '<p><font color="white">密</font></p>',
        '<div style="background:#003366;color:#003366">密</div>',
        '<p style="position:fixed;top:-2000px">密</p>',
        '<p style="text-indent:-9999px">密</p>',
        '<p style="position:absolute;clip:rect(0 0 0 0)">密</p>',
        '<p style="clip-path:inset(50%)">密</p>',
        '<p style="height:0;overflow:hidden">密</p>',
        '<p style="transform:scale(0)">密</p>',
        '<p style="mso-hide:all">密</p>',
        "<style>.note{display:none}</style><p class='note'>密</p>",
        "<style>#note{opacity:0}</style><p id='note'>密</p>",
        "<ul><li>甲</li><li style='display:none'>密</li></ul>",
        "<table><tr><td>甲<td>乙<tr><td>丙<span style='display:none'>密</span><td>丁</table>",
        "<h2>标题<span style='opacity:0'>密</span></h2><p>文。</p>",
    ],
)
def test_unseen_text_is_left_out(tmp_path: Path, markup: str) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{markup}")
    assert "密" not in "".join(outline(document))
    assert warned(document, "隐藏内容 1 处", "“密”")


@pytest.mark.parametrize(
    "markup",
    [
        '<div style="visibility:hidden">密<p style="visibility:visible">明</p></div>',
        '<div style="font-size:0">密<p style="font-size:14px">明</p></div>',
        '<div style="background:#003366"><p style="color:#fff">明</p></div>',
        '<table bgcolor="#003366"><tr><td>甲</td><td><font color="white">明</font></td></tr></table>',
        '<div style="background-image:url(a.png);color:#fff"><p>明</p></div>',
        '<div style="opacity:0.6"><p style="position:absolute;left:-2px;color:#ccc">明</p></div>',
        "<style>@media print{.note{display:none}}</style><p class='note'>明</p>",
        "<style>.tab{display:none}.tab.on{display:block}</style><p class='tab on'>明</p>",
        '<details><summary>甲</summary><p>明</p></details><span aria-hidden="true">甲</span>',
    ],
)
def test_seen_text_stays(tmp_path: Path, markup: str) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{markup}")
    assert "明" in "".join(outline(document)) and "密" not in "".join(outline(document))


def test_a_page_that_a_script_shows_is_read_and_told(tmp_path: Path) -> None:
    document = page(tmp_path, f"<div style='display:none'><h1>{TITLE}</h1><p>{TEXT}</p><p>{NOTICE[6]}</p></div>")
    assert (document.title, outline(document)) == (TITLE, [TEXT, NOTICE[6]])
    assert warned(document, "由脚本显示")


def test_ruby_keeps_its_base_and_its_reading_in_brackets(tmp_path: Path) -> None:
    markup = "<p>第<ruby>圩<rp>(</rp><rt>wéi</rt><rp>)</rp></ruby>号<ruby>垸<rt>yuàn</rt></ruby></p>"
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{markup}")
    assert outline(document)[-1] == "第圩（wéi）号垸（yuàn）"


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ol type=I><li>甲<li>乙</ol>", ["I. 甲", "II. 乙"]),
        ("<ol style='list-style-type:lower-alpha' start=27><li>甲</ol>", ["aa. 甲"]),
        ("<ol style='list-style:cjk-ideographic inside' start=11><li>甲</ol>", ["十一、甲"]),
        ("<ol start=-1><li>甲<li>乙<li>丙</ol>", ["-1. 甲", "0. 乙", "1. 丙"]),
        ("<ol type=i start=999999999><li>甲</ol>", ["999999999. 甲"]),
        ("<ol reversed start=5><li>甲<li value=2>乙<li>丙</ol>", ["5. 甲", "2. 乙", "1. 丙"]),
        ("<ol><li>甲。<ol type=a><li>乙</ol><li>丙</ol>", ["1. 甲。", "a. 乙", "2. 丙"]),
        ("<ol><li><p>甲。</p><p>乙</p><li>丙</ol>", ["1. 甲。", "乙", "2. 丙"]),
        ("<ol><li>甲</ol><ol><li>乙</ol>", ["甲", "1. 乙"]),
        ("<ol style='list-style:none'><li>甲</ol>", ["甲"]),
        ("<style>ol{list-style-type:upper-alpha}</style><ol><li>甲</ol>", ["A. 甲"]),
        ("<ol><li style='display:none'>密<li>甲</ol>", ["甲"]),
    ],
)
def test_numbers_of_lists(tmp_path: Path, markup: str, lines: list[str]) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{markup}")
    assert outline(document)[1:] == lines


def test_a_plain_list_stays_a_list(tmp_path: Path) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p><ol><li><p>甲</p></li><li>乙</li></ol>")
    assert document.blocks[-1] == RichTextBlock(html=f"<p>{TEXT}</p><ol><li>甲</li><li>乙</li></ol>")


def test_a_list_in_a_cell_keeps_its_numbers(tmp_path: Path) -> None:
    cell = "<ol><li>甲<li>乙</ol><script>x()</script><!-- 注 -->"
    document = page(tmp_path, f"<h1>{TITLE}</h1><table><tr><td>项<td>目<tr><td>丙<td>{cell}</table>")
    assert [block.rows for block in document.blocks if isinstance(block, TableBlock)] == [
        [["项", "目"], ["丙", "1. 甲\n2. 乙"]]
    ]


@pytest.mark.parametrize("name", ["data-src", "data-original", "data-lazy-src"])
def test_pictures_that_load_late_are_named(tmp_path: Path, name: str) -> None:
    blank = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    image = f"<img src='{blank}' {name}='https://img.example.cn/1.jpg' alt='水塔'>"
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{image}")
    assert document.images == []
    assert warned(document, "1 张图片", "“水塔”")


def test_the_name_of_the_site_is_no_title(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        f"<h1>云江省人民政府</h1><h1>山区供水工作启动</h1><div id='zoom'><p>{TEXT}</p></div>",
        head="<title>山区供水工作启动_云江省人民政府</title>",
    )
    assert document.title == "山区供水工作启动"


def test_the_title_of_the_page_counts_before_the_file_name(tmp_path: Path) -> None:
    document = page(tmp_path, f"<p>{TEXT}</p>", head="<title>山区供水工作启动 - 云江省水务厅</title>")
    assert document.title == "山区供水工作启动"


def test_a_page_in_one_form_is_read(tmp_path: Path) -> None:
    document = page(tmp_path, f"<form><input name=x><h1>{TITLE}</h1><p>{TEXT}</p></form>")
    assert (document.title, outline(document)) == (TITLE, [TEXT])


def test_containers_in_each_other_count_as_one(tmp_path: Path) -> None:
    inner = f"<div class='TRS_Editor'><p>{TEXT}</p></div><p>{NOTICE[6]}</p>"
    document = page(tmp_path, f"<p>首页</p><h1>{TITLE}</h1><div class='TRS_Editor'>{inner}</div><p>相关新闻</p>")
    assert outline(document) == [TEXT, NOTICE[6]]


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        (
            "<ul><a>甲项安排</a><div>乙项安排</div><li>丙项安排</li></ul>",
            "<ul><li><a>甲项安排</a></li><li>乙项安排</li><li>丙项安排</li></ul>",
        ),
        ("<ol><li>甲项</li>补充说明<li>乙项</li></ol>", "<ol><li>甲项 补充说明</li><li>乙项</li></ol>"),
        ("<ul>没有标签<ul><li>里层</li></ul></ul>", "<ul><li>没有标签<ul><li>里层</li></ul></li></ul>"),
    ],
)
def test_what_stands_in_a_list_outside_of_its_items_is_kept(markup: str, kept: str) -> None:
    read = read_html(f"<body><p>前文。</p>{markup}</body>".encode(), ExtractionLimits())
    assert [element.html for element in read.elements if element.kind == "list"] == [kept]


def test_the_words_of_what_is_left_out_are_named() -> None:
    form = "<form><select><option>张家沟村</option></select><button>提交填报</button></form><script>var a = 1;</script>"
    read = read_html(f"<body><p>{BODY}</p>{form}<p>{BODY}</p></body>".encode(), ExtractionLimits())
    named = next(warning for warning in read.warnings if "已去除" in warning)
    assert "张家沟村" in named and "提交填报" in named and "var a" not in named


def first_table(markup: str) -> list[list[str]]:
    read = read_html(f"<body><p>{BODY}</p>{markup}</body>".encode(), ExtractionLimits())
    return next(element.rows for element in read.elements if element.kind == "table")


def test_numbers_of_different_blocks_of_a_cell_stay_apart() -> None:
    cell = "<section>12</section><section>34</section><h4>56</h4>"
    assert first_table(f"<table><tr><td>项目</td><td>数量</td></tr><tr><td>甲</td><td>{cell}</td></tr></table>") == [
        ["项目", "数量"],
        ["甲", "12\n34\n56"],
    ]


def test_powers_stay_powers_in_cells_and_headings() -> None:
    assert first_table(
        "<table><tr><td>甲</td><td>10<sup>8</sup></td></tr><tr><td>乙</td><td>CO<sub>2</sub></td></tr></table>"
    ) == [
        ["甲", "10⁸"],
        ["乙", "CO₂"],
    ]
    read = read_html(f"<body><p>{BODY}</p><h2>共10<sup>8</sup>吨</h2><p>{BODY}</p></body>".encode(), ExtractionLimits())
    assert [element.text for element in read.elements if element.kind == "heading"] == ["共10⁸吨"]


def test_a_table_in_an_item_of_a_list_keeps_its_numbers_apart() -> None:
    table = "<table><tr><td>12</td><td>34</td></tr><tr><td>56</td><td>78</td></tr></table>"
    read = read_html(f"<body><p>{BODY}</p><ul><li>数据表{table}</li></ul></body>".encode(), ExtractionLimits())
    html = next(element.html for element in read.elements if element.kind == "list")
    assert "12 34 56 78" in html


def test_a_numbered_list_in_a_quotation_keeps_its_numbers() -> None:
    quote = "<blockquote><p>增长<b>1</b>2.5%</p><ol><li>甲项</li><li>乙项</li></ol></blockquote>"
    read = read_html(f"<body><p>{BODY}</p>{quote}</body>".encode(), ExtractionLimits())
    assert (
        next(element.text for element in read.elements if element.kind == "quotation") == "增长12.5%\n1. 甲项\n2. 乙项"
    )


def test_a_cell_over_several_rows_is_known_to_repeat_and_equal_cells_are_not() -> None:
    merged = (
        "<table><tr><td>镇</td><td>数</td></tr><tr><td rowspan=2>甲镇</td><td>1</td></tr><tr><td>1</td></tr></table>"
    )
    read = read_html(f"<body><p>{BODY}</p>{merged}</body>".encode(), ExtractionLimits())
    assert next(element.repeats for element in read.elements if element.kind == "table") == [(2, 0)]
