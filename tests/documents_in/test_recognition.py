"""Title, number, issuing body, dates and structure, as a careful clerk would enter them."""

from datetime import date
from pathlib import Path

import pytest

from sites.documents_in.extraction import HeadingBlock, RichTextBlock
from tests.documents_in.fictional import (
    FURNITURE_ABOVE,
    FURNITURE_BELOW,
    NOTICE,
    NUMBER,
    TITLE,
    from_lines,
    outline,
    warned,
)

pytestmark = pytest.mark.unit

BODY = "各单位要按照本通知要求，结合实际制定具体方案，于年底前完成全部工作并书面报告。"
ORG = "云江省财政厅"
LONG_TITLE = "云江省" + "供水设施巡查" * 25 + "关于年末盘点工作的通知"


def test_a_notice_is_recognised_whole(tmp_path: Path) -> None:
    document = from_lines(tmp_path, NOTICE)
    assert document.title == TITLE
    assert document.document_number == NUMBER
    assert document.issued_by == document.signature == "云江省人民政府办公厅"
    assert document.issued_on == date(2023, 5, 9)
    assert document.addressee == "各市、县人民政府，省政府各部门、各直属机构"
    assert document.language_variant == "hans"
    headings = [(b.level, b.text) for b in document.blocks if isinstance(b, HeadingBlock)]
    assert headings == [(2, "一、总体目标"), (2, "二、主要任务"), (2, "三、工作要求")]
    assert outline(document) == [
        line if line not in ("一、总体目标", "二、主要任务", "三、工作要求") else f"#2 {line}" for line in NOTICE[3:]
    ]
    assert warned(document, "标题由 2 行合并")


def test_consecutive_paragraphs_are_one_block(tmp_path: Path) -> None:
    document = from_lines(tmp_path, NOTICE)
    assert [block.kind for block in document.blocks] == ["rich_text", *["heading", "rich_text"] * 3]


def test_quoted_number_is_not_the_documents_own(tmp_path: Path) -> None:
    assert from_lines(tmp_path, NOTICE[1:]).document_number == ""


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("云政办发〔2023〕18号", "云政办发〔2023〕18号"),
        ("云政办发[2023]18号", "云政办发〔2023〕18号"),
        ("云政办发【2023】 18 号", "云政办发〔2023〕18号"),
        ("云办函（２０２３）１８号", "云办函〔2023〕18号"),
        ("（云办函〔2023〕第18号）", "云办函〔2023〕第18号"),
        ("雲政辦發〔2023〕18號", "雲政辦發〔2023〕18號"),
        ("发文字号：云政办发〔2023〕18号", "云政办发〔2023〕18号"),
        ("云政发〔2023〕3号　　签发人：何小溪", "云政发〔2023〕3号"),
        ("云江省人民政府令 第 312 号", "云江省人民政府令第312号"),
    ],
)
def test_forms_of_the_number(tmp_path: Path, line: str, number: str) -> None:
    document = from_lines(tmp_path, [line, TITLE, BODY])
    assert (document.title, document.document_number) == (TITLE, number)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2023年5月9日", date(2023, 5, 9)),
        ("２０２３年５月９日", date(2023, 5, 9)),
        ("二〇二三年五月九日", date(2023, 5, 9)),
        ("二○一一年十月二十一日", date(2011, 10, 21)),
        ("二零二三年十二月三十日", date(2023, 12, 30)),
        ("2023-05-09", date(2023, 5, 9)),
        ("2023 年 5 月 9 日", date(2023, 5, 9)),
        ("2023年2月30日", None),
    ],
)
def test_forms_of_the_date(tmp_path: Path, line: str, day: date | None) -> None:
    document = from_lines(tmp_path, ["关于年末盘点工作的通知", BODY, ORG, line])
    assert document.issued_on == day
    assert (document.issued_by, document.signature) == (ORG, ORG)
    assert warned(document, "不是存在的日期") == (day is None)


def test_signature_and_date_on_one_line(tmp_path: Path) -> None:
    document = from_lines(tmp_path, ["关于年末盘点工作的通知", BODY, f"{ORG}　2023年5月9日"])
    assert (document.signature, document.issued_on) == (ORG, date(2023, 5, 9))


def test_joint_document_names_all_bodies(tmp_path: Path) -> None:
    lines = ["关于年末盘点工作的通知", BODY, ORG, "云江省民政厅", "2023年5月9日"]
    assert from_lines(tmp_path, lines).issued_by == "云江省财政厅、云江省民政厅"


def test_abbreviated_office_in_the_title_yields_to_the_signature(tmp_path: Path) -> None:
    lines = ["省政府办公厅关于开展年末盘点的通知", BODY, "云江省人民政府办公厅", "2023年5月9日"]
    assert from_lines(tmp_path, lines).issued_by == "云江省人民政府办公厅"


def test_a_regulation_without_issuer_stays_without(tmp_path: Path) -> None:
    document = from_lines(tmp_path, ["云江省政府信箱管理办法", "第一条 本办法适用于全省各级政府信箱的管理。"])
    assert document.issued_by == ""
    assert warned(document, "没有识别出发文机关")


def test_issuer_is_never_inferred_from_the_number(tmp_path: Path) -> None:
    document = from_lines(tmp_path, ["粤府办〔2020〕1号", "关于年末盘点工作的通知", BODY])
    assert (document.document_number, document.issued_by) == ("粤府办〔2020〕1号", "")
    assert warned(document, "没有识别出发文机关")


def test_forwarding_notice_keeps_its_own_number_and_signature(tmp_path: Path) -> None:
    lines = [
        "转发水务总局关于加强农村供水工作的通知",
        "云办函〔2022〕30号",
        "各市、县人民政府：",
        "现将《水务总局关于加强农村供水工作的通知》（水发〔2022〕7号）转发给你们，请认真执行。",
        "云江省人民政府办公厅",
        "2022年8月1日",
        "水务总局关于加强农村供水工作的通知",
        "水发〔2022〕7号",
        "各省、自治区、直辖市水务厅：",
        "农村供水关系千家万户，各地要把水源保护和水质检测放在首位，层层落实责任。",
        "中华人民共和国水务总局",
        "2022年7月1日",
    ]
    document = from_lines(tmp_path, lines)
    assert document.document_number == "云办函〔2022〕30号"
    assert document.issued_by == "云江省人民政府办公厅"
    assert document.issued_on == date(2022, 8, 1)
    assert "#2 水务总局关于加强农村供水工作的通知" in outline(document)
    assert "水发〔2022〕7号" in outline(document)


def test_paragraphs_run_together_are_taken_apart_at_sure_seams(tmp_path: Path) -> None:
    title = "转发水务总局关于加强农村供水工作的通知"
    glued = (
        f"{title}发布日期:2022-08-05云办函〔2022〕30号{title}各市、县人民政府，省政府各部门："
        "现将《水务总局关于加强农村供水工作的通知》（水发〔2022〕7号）转发给你们。"
    )
    tail = (
        "请各地于年底前报告。云江省人民政府办公厅二〇二二年八月一日水务总局关于加强农村供水工作的通知"
        "水发〔2022〕7号各省、自治区水务厅：供水关系千家万户，现通知如下：一、保护水源。二、检测水质。"
    )
    document = from_lines(tmp_path, [glued + glued, tail])
    assert document.title == title
    assert document.document_number == "云办函〔2022〕30号"
    assert document.published_on == date(2022, 8, 5)
    assert document.issued_on == date(2022, 8, 1)
    assert document.issued_by == "云江省人民政府办公厅"
    assert document.addressee == "各市、县人民政府，省政府各部门"
    assert outline(document)[-3:] == ["供水关系千家万户，现通知如下：", "一、保护水源。", "二、检测水质。"]
    assert warned(document, "粘连")


def test_chapters_and_articles(tmp_path: Path) -> None:
    document = from_lines(
        tmp_path,
        [
            "云江省政府信箱管理办法",
            "云江省政府信箱管理办法",
            "第一章 总 则",
            "第一条 为规范政府信箱管理，制定本办法。",
            "第二条　政府信箱应当每日查看。第二章 附 则",
            "第三条 第二条规定的查看时限，遇节假日顺延。",
        ],
    )
    assert outline(document) == [
        "#2 第一章　总则",
        "第一条　为规范政府信箱管理，制定本办法。",
        "第二条　政府信箱应当每日查看。",
        "#2 第二章　附则",
        "第三条　第二条规定的查看时限，遇节假日顺延。",
    ]
    first = document.blocks[1]
    assert isinstance(first, RichTextBlock) and first.html.startswith("<p><b>第一条</b>　为")


def test_short_numbered_lines_are_headings_only_with_text_below(tmp_path: Path) -> None:
    document = from_lines(
        tmp_path,
        [
            "关于申报材料的通知",
            "一、申报条件",
            "（一）基本条件",
            BODY,
            "1. 财务状况",
            BODY.replace("年底", "月底"),
            "二、申报材料",
            "（一）申请书；",
            "（二）营业执照",
            "（三）承诺书",
            "联系电话：0000-0000000",
        ],
    )
    headings = [(b.level, b.text) for b in document.blocks if isinstance(b, HeadingBlock)]
    assert headings[:4] == [
        (2, "一、申报条件"),
        (3, "（一）基本条件"),
        (4, "1.财务状况"),
        (2, "二、申报材料"),
    ]
    assert "（二）营业执照" in outline(document)


def test_page_furniture_goes_and_is_listed(tmp_path: Path) -> None:
    document = from_lines(
        tmp_path,
        [
            *FURNITURE_ABOVE,
            TITLE,
            "发布日期：2023-05-10 09:30　来源：云江日报　浏览次数：88",
            *NOTICE[3:],
            *FURNITURE_BELOW,
        ],
    )
    assert (document.title, document.source) == (TITLE, "云江日报")
    assert document.published_on == date(2023, 5, 10)
    assert outline(document)[-1] == "（此件公开发布）"
    assert warned(document, "打印本页", "责任编辑：何小溪", "上一篇", "ICP")


def test_words_of_furniture_inside_the_text_stay(tmp_path: Path) -> None:
    lines = [
        "关于网站改版的通知",
        BODY,
        "打印",
        BODY.replace("年底", "月底"),
        "来源：群众来信和电话。" + BODY,
    ]
    assert {"打印", lines[4]} <= set(outline(from_lines(tmp_path, lines)))


def test_label_lines_fill_the_fields(tmp_path: Path) -> None:
    lines = ["索引号：000-1/2023-7　主题分类：水利", "发文机关：云江省水务厅", "成文日期：2023年5月9日"]
    document = from_lines(tmp_path, [*lines, "关于年末盘点工作的通知", BODY])
    assert document.labels == {"索引号": "000-1/2023-7", "主题分类": "水利"}
    assert (document.issued_by, document.issued_on) == ("云江省水务厅", date(2023, 5, 9))


def test_doubled_paragraphs_stay_and_are_named(tmp_path: Path) -> None:
    first, second = NOTICE[4], NOTICE[6]
    lines = [first + second, first, second, second, BODY, first]
    document = from_lines(tmp_path, [TITLE, *lines])
    assert outline(document) == lines
    assert warned(document, "2 段与前面的重复，未删除", first[:10])


def test_a_whole_second_copy_stays(tmp_path: Path) -> None:
    text = NOTICE[3:]
    document = from_lines(tmp_path, [TITLE, *text, *text])
    assert sum(line == NOTICE[4] for line in outline(document)) == 2
    assert warned(document, f"{len(text)} 段与前面的重复，未删除")


def test_a_paragraph_that_says_itself_twice_stays_whole(tmp_path: Path) -> None:
    assert outline(from_lines(tmp_path, [TITLE, BODY + BODY])) == [BODY + BODY]


@pytest.mark.parametrize("opening, closing", ["〔〕", "〖〗", "﹝﹞", "{}", "()", "[]", "【】", "❲❳", "（）", "［］"])
def test_brackets_of_the_number(tmp_path: Path, opening: str, closing: str) -> None:
    document = from_lines(tmp_path, [f"云政办发{opening}2023{closing}18号", TITLE, BODY])
    assert (document.title, document.document_number) == (TITLE, NUMBER)


@pytest.mark.parametrize(
    "number", ["云政办发〔二〇二三〕十八号", "云政办发〔2023〕18-2号", "云政办发〔2023〕A18号", "YJ〔2023〕18号"]
)
def test_numbers_in_words_parts_and_letters(tmp_path: Path, number: str) -> None:
    assert from_lines(tmp_path, [number, TITLE, BODY]).document_number == number


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["云江省人民政府", "关于印发《云江省山区供水设施管护办法", "（试行）》的", "通知"],
         "云江省人民政府关于印发《云江省山区供水设施管护办法（试行）》的通知"),
        (["云江省山区供水设施管护办法", "（2023年修订）"], "云江省山区供水设施管护办法（2023年修订）"),
        (["云江省二〇二三年山区供水", "设施管护工作方案"], "云江省二〇二三年山区供水设施管护工作方案"),
        (["关于年末盘点工作的通知'>"], "关于年末盘点工作的通知"),
        (["关于年末盘点工作的通知", "年末盘点工作方案"], "关于年末盘点工作的通知"),
        ([LONG_TITLE], LONG_TITLE),
    ],
)  # fmt: skip
def test_titles_over_lines(tmp_path: Path, lines: list[str], title: str) -> None:
    assert from_lines(tmp_path, [*lines, BODY, ORG, "2023年5月9日"]).title == title


def test_no_title_from_the_middle_of_the_text(tmp_path: Path) -> None:
    lines = ["为做好今年的年末盘点工作，", "关于年末盘点工作的通知", BODY]
    document = from_lines(tmp_path, lines)
    assert document.title == "文件"
    assert outline(document) == lines


def test_author_and_dates_in_words_stay_in_the_text(tmp_path: Path) -> None:
    lines = ["作者：何小溪", "生成日期：由各县自行确定", BODY]
    assert outline(from_lines(tmp_path, ["关于年末盘点工作的通知", *lines])) == lines


def test_labels_of_the_page_are_named_when_they_go(tmp_path: Path) -> None:
    document = from_lines(tmp_path, [TITLE, "来源：云江日报　字号：大　浏览次数：88", BODY])
    assert warned(document, "浏览次数：88")


def test_the_tail_of_a_document_stays_as_it_is(tmp_path: Path) -> None:
    tail = [
        "附件：1. 盘点表",
        "2. 联系表",
        ORG,
        "2023年5月9日",
        "（此件公开发布）",
        "（联系人：何小溪，电话：0000-0000000）",
        "抄送：省委办公厅，省人大常委会办公厅，省政协办公厅。",
        "云江省财政厅办公室　2023年5月10日印发",
    ]
    document = from_lines(tmp_path, ["关于年末盘点工作的通知", BODY, *tail])
    assert outline(document)[1:] == tail
    assert (document.signature, document.issued_on) == (ORG, date(2023, 5, 9))


def test_repeated_form_labels_are_not_duplicates(tmp_path: Path) -> None:
    lines = ["关于报名的通知", BODY, "联系人：", "电话：", "第二组：", "联系人：", "电话："]
    assert outline(from_lines(tmp_path, lines)).count("联系人：") == 2


def test_shuffled_sections_are_told_not_moved(tmp_path: Path) -> None:
    sections = [f"{n}、{BODY[:-1]}{n}次。" for n in ("一", "三", "二")]
    document = from_lines(tmp_path, ["关于年末盘点工作的通知", *sections])
    assert outline(document) == sections
    assert warned(document, "编号次序可疑", "三、", "一、")
    assert warned(document, "编号次序可疑", "二、", "三、")
    assert not warned(from_lines(tmp_path, NOTICE), "编号次序")


def test_traditional_text_stays_traditional(tmp_path: Path) -> None:
    lines = [
        "雲江省政府信箱管理辦法",
        "第一條 為規範政府信箱管理,制定本辦法。",
        "第二條 政府信箱應當每日查看。",
    ]
    document = from_lines(tmp_path, lines)
    assert document.language_variant == "hant"
    assert outline(document)[0] == "第一條　為規範政府信箱管理,制定本辦法。"


def test_enclosures_get_headings(tmp_path: Path) -> None:
    lines = [*NOTICE, "附件1", "云江省供水设施管护评分办法", BODY]
    assert outline(from_lines(tmp_path, lines))[-3:] == ["#2 附件1", "#2 云江省供水设施管护评分办法", BODY]


def test_text_without_title_takes_the_file_name_and_says_so(tmp_path: Path) -> None:
    document = from_lines(tmp_path, [BODY, BODY.replace("年底", "月底")])
    assert document.title == "文件"
    assert warned(document, "没有识别出标题")


def test_text_wrapped_at_a_width_is_joined(tmp_path: Path) -> None:
    text = "　　" + NOTICE[4] + NOTICE[6] + NOTICE[8] + NOTICE[9]
    wrapped = [text[start : start + 24] for start in range(0, len(text), 24)]
    document = from_lines(tmp_path, [TITLE[:20], *wrapped])
    assert outline(document)[-1] == text.strip("　")


def test_the_signer_on_the_line_of_the_number_is_told_and_the_number_kept(tmp_path: Path) -> None:
    lines = ["云政发〔2025〕3号　　签发人：王大力", "关于年末盘点工作的通知", "各市人民政府：", BODY, BODY[::-1]]
    document = from_lines(tmp_path, lines)
    assert (document.title, document.document_number) == ("关于年末盘点工作的通知", "云政发〔2025〕3号")
    assert warned(document, "签发人：王大力")


def test_a_quotation_at_the_end_of_a_title_keeps_its_marks(tmp_path: Path) -> None:
    title = '"十四五"应急体系规划的通知'
    assert from_lines(tmp_path, [title, "各市人民政府：", BODY, BODY[::-1]]).title == title


def test_a_day_that_no_field_says_is_not_excused(tmp_path: Path) -> None:
    head = ["关于年末盘点工作的通知", "发布日期：2025-03-02", "2025-03-05 10:00"]
    document = from_lines(tmp_path, [*head, "各市人民政府：", BODY, BODY[::-1]])
    assert document.published_on == date(2025, 3, 2)
    assert "2025-03-02" in document.left_out and not any("03-05" in text for text in document.left_out)


def test_what_a_dated_label_says_besides_is_not_excused(tmp_path: Path) -> None:
    head = ["关于年末盘点工作的通知", "成文日期：2025年3月1日（2026年1月1日废止）"]
    document = from_lines(tmp_path, [*head, "各市人民政府：", BODY, BODY[::-1]])
    assert not any("废止" in text for text in document.left_out)


def test_a_second_source_below_the_text_stays_where_it_stands(tmp_path: Path) -> None:
    head = ["关于年末盘点工作的通知", "来源：云江日报"]
    document = from_lines(tmp_path, [*head, "各市人民政府：", BODY, BODY[::-1], "来源：云江省应急厅"])
    assert document.source == "云江日报"
    assert "来源：云江省应急厅" in outline(document)
