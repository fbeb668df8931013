"""PDF files made after public reports of faults, and others of their kind: each comes out as a person reads it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sites.documents_in.extraction import TableBlock
from tests.documents_in.fictional import NOTICE, TITLE, extract, outline, picture, warned
from tests.documents_in.pdf_drawing import FONT, body, drawn

pytestmark = pytest.mark.unit

CASES = Path(__file__).parent / "cases"


def test_columns_are_read_one_after_the_other() -> None:
    document = extract(CASES / "60-two-columns.pdf")
    assert document.title == "试验县河道巡护简报"
    assert outline(document) == [
        "城关镇组织巡护队伍三支，每支队伍配备人员十二名，全年累计巡河四百余次，"
        "清理垃圾二十三吨，投入资金十八万元，群众满意率达到百分之九十六。",
        "丙镇新设巡护岗位十五个，聘用低收入家庭人员九名，人均年增收六千元；"
        "并在重点河段安装监控设备四十二套，实现全天候远程巡查与自动预警。",
    ]
    assert warned(document, "第 1 页分栏")


def test_sideways_text_is_turned() -> None:
    document = extract(CASES / "62-sideways-text.pdf")
    assert outline(document) == [
        "各镇巡护任务见下表，请遵照执行并按时报送情况。",
        "附件：城关镇清淤任务十二公里，责任人为镇长。",
        "丙镇加固任务八公里，责任人为副镇长。",
        "丁镇绿化任务五公里，责任人为水务站长。",
    ]
    assert warned(document, "第 2 页", "已转正")


def test_a_divided_word_is_one_again() -> None:
    document = extract(CASES / "66-hyphen.pdf")
    assert outline(document) == [
        "本次会议由 International River Conservation Forum 与试验县共同主办，网址为 "
        "https://river.example.gov.cn/forum/2025/index.html ，欢迎社会各界参加并提出意见建议，共同推进治理。"
    ]


def test_radicals_are_the_characters_that_they_look_like() -> None:
    document = extract(CASES / "63-kangxi.pdf")
    assert document.title == "试验县人民政府关于加强水利工作的通知"
    assert body(document) == (
        "各镇人民政府：请一并做好水利工程管护、立项申报和用水方案的编制工作，至六月底前完成。内部文件"
        "试验县人民政府2025年5月12日"
    )
    assert not warned(document, "另一程序")


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_in_each_direction(tmp_path: Path, angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 300)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "巡护任务由各镇负责。")
        canvas.drawString(0, -20, "Water Station 值班。")

    assert outline(drawn(tmp_path, draw))[1:] == ["巡护任务由各镇负责。", "Water Station 值班。"]


def test_columns_on_lines_of_their_own_below_a_paragraph(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for line, text in enumerate(("左一巡护工作安排完成，", "左二巡护工作安排完成，", "左三巡护工作安排完成。")):
            canvas.drawString(80, 600 - line * 20, text)
        for line, text in enumerate(("右一巡护工作安排完成，", "右二巡护工作安排完成，", "右三巡护工作安排完成。")):
            canvas.drawString(330, 592 - line * 20, text)
        canvas.drawString(80, 500, "以上情况由各县于年底前书面报告，并在本级政府网站上公开，接受社会各界的监督。")

    text = body(drawn(tmp_path, draw))
    places = [text.index(part) for part in ("左一", "左二", "左三", "右一", "右二", "右三", "以上情况")]
    assert places == sorted(places)


def test_a_table_without_rules_is_not_read_as_columns(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for line, row in enumerate((("县", "金额"), ("青溪县", "12"), ("白石县", "15"), ("合计", "27"))):
            canvas.drawString(80, 600 - line * 20, row[0])
            canvas.drawString(280, 600 - line * 20, row[1])

    document = drawn(tmp_path, draw)
    assert [line for line in outline(document) if "县 " in line] == ["县 金额", "青溪县 12", "白石县 15"]
    assert not warned(document, "分栏")


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: (canvas.setFillGray(1), canvas.drawString(80, 600, "密")),
        lambda canvas: (canvas.setFillColorRGB(1, 1, 1), canvas.drawString(80, 600, "密")),
        lambda canvas: (canvas.setFillColorCMYK(0, 0, 0, 0), canvas.drawString(80, 600, "密")),
        lambda canvas: canvas.drawString(80, 600, "密", mode=3),
        lambda canvas: canvas.drawString(-200, 600, "密"),
        lambda canvas: canvas.drawString(80, 2000, "密"),
        lambda canvas: (canvas.setFont(FONT, 0.5), canvas.drawString(80, 600, "密")),
    ],
    ids=["gray", "rgb", "cmyk", "unpainted", "left", "above", "tiny"],
)
def test_unseen_text_is_left_out(tmp_path: Path, draw: Callable[[Canvas], object]) -> None:
    document = drawn(tmp_path, draw)
    assert "密" not in body(document)
    assert warned(document, "1 个看不见的字", "“密”")


def test_white_text_on_a_ground_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0.2, 0.4)
        canvas.rect(70, 590, 200, 30, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(80, 600, "一目了然。")

    document = drawn(tmp_path, draw)
    assert "一目了然。" in body(document)
    assert not warned(document, "看不见")


def test_text_recognised_on_a_scan_is_read_and_told(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "s.pdf"))
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 590, 840)
    canvas.setFont(FONT, 12)
    canvas.drawString(80, 700, "关于年末盘点工作的通知", mode=3)
    canvas.drawString(80, 670, "物资由各县清点并登记在册，逐级报送省财政厅。", mode=3)
    canvas.save()
    document = extract(tmp_path / "s.pdf")
    assert outline(document)[0] == "物资由各县清点并登记在册，逐级报送省财政厅。"
    assert warned(document, "第 1 页是扫描页", "逐字核对")


def test_a_page_with_hardly_any_text_is_named(tmp_path: Path) -> None:
    scan = ImageReader(io.BytesIO(picture()))

    def draw(canvas: Canvas) -> None:
        if canvas.getPageNumber() == 1:
            canvas.showPage()
            canvas.drawImage(scan, 0, 0, 590, 840)

    assert warned(drawn(tmp_path, draw), "第 2 页几乎没有文字")


def test_fake_bold_is_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.6):
            canvas.drawString(80 + shift, 600, "一一对应，天天巡查。")

    assert body(drawn(tmp_path, draw)).endswith("财政厅。一一对应，天天巡查。")


def test_cells_hold_what_is_seen_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([80, 180, 280], [500, 530, 560])
        for place, text in (((90, 540), "县"), ((190, 540), "金额"), ((90, 510), "青溪县"), ((190, 510), "12")):
            for shift in (0, 0.4):
                canvas.drawString(place[0] + shift, place[1], text)
        canvas.drawString(140, 510, "密", mode=3)

    document = drawn(tmp_path, draw)
    assert [block.rows for block in document.blocks if isinstance(block, TableBlock)] == [
        [["县", "金额"], ["青溪县", "12"]]
    ]


def test_spaces_of_latin_words_without_space_characters(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        place = 80.0
        for word in ("Water", "Station", "Ltd."):
            canvas.drawString(place, 600, word)
            place += canvas.stringWidth(word) + 12 * 0.25

    assert body(drawn(tmp_path, draw)).endswith("财政厅。Water Station Ltd.")


def test_running_heads_go_only_where_they_repeat(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 815, "云江省公文汇编")
        canvas.drawString(300, 30, str(canvas.getPageNumber()))
        if canvas.getPageNumber() == 2:
            canvas.drawString(80, 790, "2025")
            canvas.drawString(80, 50, "注：以上为试验数据。")

    document = drawn(tmp_path, draw, pages=4)
    assert "2025" in body(document) and "注：以上为试验数据。" in body(document)
    assert "公文汇编" not in body(document)
    assert warned(document, "8 行", "云江省公文汇编")


def test_a_title_that_is_the_running_head_as_well_is_kept(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "t.pdf"))
    for number in range(3):
        canvas.setFont(FONT, 12)
        canvas.drawString(80, 800, "云江省供水设施管护办法")
        canvas.drawString(80, 670, f"第{number + 1}批物资由各县清点并登记在册，逐级报送。")
        canvas.showPage()
    canvas.save()
    document = extract(tmp_path / "t.pdf")
    assert document.title == "云江省供水设施管护办法"
    assert body(document).count("管护办法") == 0


def test_a_sentence_goes_on_over_the_page(tmp_path: Path) -> None:
    text = NOTICE[4]

    def draw(canvas: Canvas) -> None:
        if canvas.getPageNumber() == 1:
            canvas.drawString(80, 100, text[:30])
        else:
            canvas.drawString(80, 780, text[30:60])

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "p.pdf"))
    for _ in range(2):
        canvas.setFont(FONT, 12)
        if canvas.getPageNumber() == 1:
            canvas.drawString(80, 700, TITLE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    assert outline(extract(tmp_path / "p.pdf")) == [text[:60]]
