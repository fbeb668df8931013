"""HTML: reduced to the allow-list, nothing fetched, the document found inside the page."""

import base64
from pathlib import Path

import pytest

from govplatform.untrusted_files.html import DOCUMENT
from sites.documents_in.extraction import ExtractedDocument, ImageBlock, RichTextBlock, TableBlock
from tests.documents_in.fictional import NOTICE, TITLE, extract, outline, picture, warned

pytestmark = pytest.mark.unit

TEXT = NOTICE[4]


def page(tmp_path: Path, body: str, head: str = "") -> ExtractedDocument:
    path = tmp_path / "网页.html"
    path.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return extract(path, image_folder=tmp_path)


def all_html(document: ExtractedDocument) -> str:
    return "".join(block.html for block in document.blocks if isinstance(block, RichTextBlock))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)'>文字</p>",
        "<p><a href='javascript:alert(1)'>链接</a></p>",
        "<p><a href=' java\tscript:alert(1)'>链接</a></p>",
        "<p><a href='data:text/html,<script>alert(1)</script>'>链接</a></p>",
        "<p><a href='//evil.example/x'>链接</a></p>",
        "<iframe src='https://evil.example'></iframe>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<form action=x><input name=alert><button>go</button></form>",
        "<p style='background:url(javascript:alert(1))'>文字</p>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<ul><li onclick=alert(1)><script>alert(1)</script>项目</li></ul>",
        "<object data=alert></object><embed src=alert>",
        "<p>&lt;script&gt;</p><noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<!--<script>alert(1)</script>-->",
    ],
)
def test_nothing_active_survives(tmp_path: Path, hostile: str) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p>{hostile}<p>结尾。</p>")
    markup = repr(document.to_json()["blocks"])
    assert "alert" not in markup and "evil" not in markup
    assert "<script" not in markup and "style" not in markup and "onclick" not in markup
    assert TEXT in markup and "结尾。" in markup


def test_allowed_marks_and_links_survive() -> None:
    kept = '<p><b>甲</b><i>乙</i><sup>2</sup><a href="https://gov.example/a">丙</a></p><ul><li>丁</li></ul>'
    assert DOCUMENT.clean(kept) == kept
    assert DOCUMENT.clean('<p class="x" id="y"><span>甲</span></p>') == "<p>甲</p>"


def test_strong_and_em_become_the_marks_in_use(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        f"<h1>{TITLE}</h1><p>甲<strong>乙</strong><em>丙</em>丁<br>戊</p><ol><li>己<ul><li>庚</li></ul></li></ol>",
    )
    assert all_html(document) == "<p>甲<b>乙</b><i>丙</i>丁</p><p>戊</p><ol><li>己<ul><li>庚</li></ul></li></ol>"


def test_marks_over_a_break_stay_closed(tmp_path: Path) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p><b>甲<br>乙</b>丙</p>")
    assert all_html(document) == "<p><b>甲</b></p><p><b>乙</b>丙</p>"


def test_line_breaks_of_the_source_are_no_spaces(tmp_path: Path) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>山区\n  供水<b>设施</b>\n管护 Plan\nA</p>")
    assert outline(document) == ["山区供水设施管护 Plan A"]


def test_data_picture_is_taken_and_remote_one_is_not(tmp_path: Path) -> None:
    data = base64.b64encode(picture()).decode()
    document = page(
        tmp_path,
        f"<h1>{TITLE}</h1><p>{TEXT}</p><p><img src='data:image/png;base64,{data}' alt='水塔'></p><p>图1　水塔</p>"
        "<p>以上。</p><img src='http://evil.example/a.png'><img src='file:///etc/passwd'>",
    )
    assert [(i.content_type, i.width, i.height, i.alt) for i in document.images] == [("image/png", 40, 30, "水塔")]
    assert Path(document.images[0].path).read_bytes().startswith(b"\x89PNG")
    assert ImageBlock(image=0, caption="图1　水塔") in document.blocks
    assert warned(document, "1 张图片引用外部地址")
    assert warned(document, "1 张图片只在写稿的电脑上")


def test_table_with_merged_cells_and_an_inner_table(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        f"<h1>{TITLE}</h1><p>{TEXT}</p><p>表1　管护经费</p><table>"
        "<tr><th>县</th><th>项目</th><th>金额</th></tr>"
        "<tr><td rowspan=2>青溪县</td><td>维修</td><td>12</td></tr>"
        "<tr><td>巡查</td><td><table><tr><td>3</td><td>万元</td></tr></table></td></tr>"
        "<tr><td colspan=2>合计</td><td>15</td></tr></table>",
    )
    assert [block for block in document.blocks if isinstance(block, TableBlock)] == [
        TableBlock(
            rows=[
                ["县", "项目", "金额"],
                ["青溪县", "维修", "12"],
                ["青溪县", "巡查", "3 万元"],
                ["合计", "", "15"],
            ],
            header=True,
            caption="表1　管护经费",
            repeats=[[2, 0]],
        )
    ]
    assert warned(document, "合并单元格")


def test_label_table_fills_the_fields(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        "<table><tr><td>索 引 号：</td><td>000-1</td><td>发文机关：</td><td>云江省水务厅</td></tr>"
        "<tr><td>发文字号：</td><td>云水〔2023〕4号</td><td>发布日期：</td><td>2023年6月1日</td></tr></table>"
        f"<h1>关于年末盘点工作的通知</h1><p>{TEXT}</p>",
    )
    assert (document.document_number, document.issued_by) == ("云水〔2023〕4号", "云江省水务厅")
    assert str(document.published_on) == "2023-06-01"
    assert document.labels == {"索引号": "000-1"}
    assert outline(document) == [TEXT]


def test_the_document_is_found_inside_a_page(tmp_path: Path) -> None:
    links = "".join(f"<li><a href='/a{n}'>其他信息{n}</a></li>" for n in range(9))
    document = page(
        tmp_path,
        f"<div><ul>{links}</ul></div><h1>{TITLE}</h1><div>来源：云江日报　发布时间：2023-05-10 08:00</div>"
        f"<div id='zoom'><p>{TEXT}</p><p>{NOTICE[6]}</p></div><div><p>相关新闻</p><ul>{links}</ul></div>",
        head="<meta name='PubDate' content='2023-05-11 08:00'>",
    )
    assert (document.title, document.source, str(document.published_on)) == (TITLE, "云江日报", "2023-05-10")
    assert outline(document) == [TEXT, NOTICE[6]]
    assert warned(document, "正文区域以外")


def test_meta_tags_fill_what_the_text_leaves_open(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        f"<p>{TEXT}</p>",
        head="<meta name='ArticleTitle' content='山区供水工作启动'><meta name='ContentSource' content='云江日报'>",
    )
    assert (document.title, document.source) == ("山区供水工作启动", "云江日报")


def test_hidden_text_is_left_out_and_told(tmp_path: Path) -> None:
    document = page(tmp_path, f"<h1>{TITLE}</h1><p>{TEXT}</p><p style='display: none'>内部备注</p>")
    assert "内部备注" not in repr(document.blocks)
    assert warned(document, "隐藏内容 1 处")
