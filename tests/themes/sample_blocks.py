"""One value for each stream block, and a body that holds them all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from sites.pages.table_block import TableBlock

from .engine import render_template
from .sample_objects import SampleImage


def document(title: str) -> SimpleNamespace:
    return SimpleNamespace(url="/documents/1/form.xlsx", title=title, file_extension="xlsx", file_size=48_640)


def block_values() -> dict[str, Any]:
    """One value for each stream block, by the name of its template."""
    image = SampleImage("/media/picture-5.jpg", 800, 450)
    rows = [
        ["市州", "新增就业（人）", "完成进度", "同比", "牵头单位"],
        ["临川市", "86,400", "92.1%", "+3.4%", "临川市人力资源和社会保障局"],
        ["安澜市", "54,210", "88.7%", "+2.9%", "安澜市人力资源和社会保障局"],
        ["清河州", "31,905", "90.3%", "+5.1%", "清河州人力资源和社会保障局"],
    ]
    return {
        "heading": {"level": 2, "text": "一、总体情况"},
        "rich_text": "<p>会议指出，就业是最基本的民生。今年以来，各地各部门把稳就业摆在突出位置，"
        "出台援企稳岗、技能培训、创业扶持等一系列措施，前三季度城镇新增就业32万人，"
        "完成全年目标任务的91.4%。</p><p>会议要求，要突出抓好高校毕业生、农民工、退役军人等群体就业，"
        '用好<a href="/policies/1/">优化营商环境若干措施</a>，支持中小微企业吸纳就业；要加强岗位归集和'
        "精准对接，健全公共就业服务体系。</p><ul><li>加大稳岗返还和一次性扩岗补助力度，"
        "资金直达企业，免申即享；</li><li>组织“百日千场”招聘活动，送岗位进校园、进社区、进乡村。</li></ul>",
        "table": TableBlock().normalize(
            {"caption": "前三季度各市州城镇新增就业情况", "header_row": True, "rows": rows}
        ),
        "image": {"image": image, "caption": "会议现场", "alt": "会场全景", "decorative": False},
        "gallery": {
            "items": [
                {
                    "image": SampleImage(f"/media/picture-{number}.jpg", 560, 420),
                    "caption": caption,
                    "alt": f"{caption}全景",
                }
                for number, caption in ((6, "招聘会现场"), (7, "技能培训课堂"))
            ]
        },
        "attachment": {"document": document("岗位信息表"), "title": "重点企业岗位信息表"},
        "media": {
            "kind": "video",
            "file": SimpleNamespace(url="/media/meeting.mp4"),
            "title": "会议报道",
            "transcript": "今天上午，全省稳就业保民生工作推进会召开。\n\n会议总结了前三季度工作。",
            "poster": image,
        },
        "chart": {
            "image": image,
            "caption": "近五年城镇新增就业人数",
            "alt": "柱状图：五年来逐年上升",
            "data_table": [["年份", "万人"], ["2024", "38.2"], ["2025", "40.6"]],
        },
        "quotation": {
            "text": "让每一个愿意劳动的人都有活干、有奔头，是我们必须办好的实事。",
            "attribution": "与会代表",
        },
    }


def sample_body() -> SafeString:
    values = block_values()
    order = (
        "rich_text",
        "heading",
        "table",
        "rich_text",
        "image",
        "quotation",
        "gallery",
        "chart",
        "media",
        "attachment",
    )
    return mark_safe(
        "\n".join(render_template("base", f"blocks/{name}.html", {"value": values[name]}) for name in order)
    )
