"""Pages of every kind with every kind of block, published the whole way. Call inside a site's schema."""

import io
from typing import Any

from pypdf import PdfWriter

from sites.articles.models import TopicPage
from sites.policies.models import Interpretation, PolicyDocument
from tests import factories

LONG_TITLE = "澄州市人民政府办公室关于进一步优化营商环境更好服务经营主体高质量发展若干措施的通知"
EVERY_BLOCK = (
    "heading", "rich_text", "table", "image", "gallery", "attachment", "media", "chart", "quotation",
)  # fmt: skip


def every_block(
    editor: str = "alpha_editor", outside: str = "https://www.example.org/report?a=1&amp;b=2"
) -> list[dict[str, Any]]:
    """One block of each kind; ``outside``: address of a link that leaves government sites."""
    picture = factories.image("澄州河岸", "steelblue", uploader=editor).pk
    other = factories.image("河岸步道", "seagreen", uploader=editor).pk
    sheet = factories.document(b"name,count\n", "岗位信息表.csv", uploader=editor).pk
    film = factories.document(b"\x00\x00\x00\x18ftypmp42", "meeting.mp4", uploader=editor).pk
    text = "会议指出，就业是最基本的民生。今年以来，各地各部门把稳就业摆在突出位置，完成全年目标任务的91.4%。"
    return [
        {"type": "rich_text", "value": f'<p>{text}</p><p>另见<a href="{outside}">某机构年度报告</a>和'
         f'<a href="https://www.gov.cn/zhengce/">国家政策文件库</a>。</p><ul><li>{text}</li><li>{text}</li></ul>'},
        {"type": "heading", "value": {"level": "2", "text": "一、总体情况"}},
        {"type": "table", "value": {"caption": "前三季度城镇新增就业情况", "header_row": True, "rows": [
            ["市州", "新增就业（人）", "完成进度", "同比", "牵头单位"],
            ["甲市", "86,400", "92.1%", "+3.4%", "甲市人力资源和社会保障局"],
            ["乙市", "54,210", "88.7%", "+2.9%", "乙市人力资源和社会保障局"]]}},
        {"type": "heading", "value": {"level": "3", "text": "（一）重点工作"}},
        {"type": "rich_text", "value": f"<p>{text}</p><p>{text}</p>"},
        {"type": "image", "value": {"image": picture, "caption": "会议现场", "alt": "会场全景", "decorative": False}},
        {"type": "quotation", "value": {"text": "让每一个愿意劳动的人都有活干、有奔头。", "attribution": "与会代表"}},
        {"type": "gallery", "value": {"items": [
            {"image": picture, "alt": "招聘会全景", "caption": "招聘会现场"},
            {"image": other, "alt": "技能培训课堂", "caption": ""}]}},
        {"type": "chart", "value": {"image": other, "caption": "近两年新增就业", "alt": "柱状图：逐年上升",
                                    "data_table": [["年份", "万人"], ["2024", "38.2"], ["2025", "40.6"]]}},
        {"type": "media", "value": {"kind": "video", "file": film, "title": "会议报道",
                                    "transcript": "今天上午，推进会召开。", "poster": picture}},
        {"type": "attachment", "value": {"document": sheet, "title": "重点企业岗位信息表"}},
    ]  # fmt: skip


def rich_article(site: str = "alpha", **fields: Any) -> Any:
    """A live article with every block, a picture and all its metadata."""
    editor = f"{site}_editor"
    values = {
        "title": "全市稳就业保民生工作推进会召开 部署四季度重点任务",
        "slug": "employment-meeting",
        "summary": "会议强调，要把稳就业摆在“突出”位置 <重点>。",
        "author": "甲编辑",
        "keywords": "就业 民生",
        "subject_class": "15",
        "picture": factories.image("推进会会场", "indianred", uploader=editor),
        "body": every_block(editor),
        **fields,
    }
    return factories.publish(factories.draft_article(editor, **values), site)


def live_policy(site: str = "alpha", **fields: Any) -> PolicyDocument:
    values = {
        "title": LONG_TITLE,
        "slug": "business-environment",
        "addressee": "各县、区人民政府，市政府各部门：",
        "signature": "澄州市人民政府办公室",
        "keywords": "营商环境 就业",
        "document_kind": "notice",
        "subject_class": "03",
        "audience": "企业",
        **fields,
    }
    return factories.publish(factories.draft_policy(f"{site}_editor", **values), site)


def live_interpretation(policy: PolicyDocument, site: str = "alpha", **fields: Any) -> Interpretation:
    text = "<p>近年来，各地在优化营商环境方面积累了许多做法，也遇到一些共性问题。</p>"
    values = {
        "title": "《若干措施》政策解读：办事更快、成本更低",
        "slug": "business-environment-read",
        **dict.fromkeys(Interpretation.SECTIONS, text * 2),
        **fields,
    }
    return factories.publish(factories.draft_interpretation(policy, f"{site}_editor", **values), site)


def live_topic(site: str = "alpha", **fields: Any) -> TopicPage:
    editor = f"{site}_editor"
    values = {
        "title": "稳就业 惠民生",
        "slug": "employment",
        "summary": "集中展示稳就业的政策、动态与做法。",
        "keywords": "就业",
        "picture": factories.image("就业专题", "goldenrod", uploader=editor),
        **fields,
    }
    return factories.publish(factories.draft_page(TopicPage, "news", editor, **values), site)


def whole_site(site: str = "alpha") -> dict[str, Any]:
    """One page of each kind on ``site``, linked as they are in life."""
    article = rich_article(site)
    policy = live_policy(site)
    interpretation = live_interpretation(policy, site)
    topic = live_topic(site)
    return {"article": article, "policy": policy, "interpretation": interpretation, "topic": topic}


def small_pdf() -> bytes:
    """One empty page."""
    stream = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(210, 297)
    writer.write(stream)
    return stream.getvalue()
