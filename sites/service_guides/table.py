"""A table of services as a department keeps it: its headings, and what its cells mean."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django.utils.html import format_html_join

from .blocks import FORMS
from .choices import EnterpriseEvent, ForWhom, Level, LifeEvent

SHEET = "办事指南"
#: Field -> heading of its column.
HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "title": "事项名称",
        "item_code": "事项编码",
        "organisation": "实施机构",
        "level": "行使层级",
        "for_whom": "办理对象",
        "life_event": "个人办事主题",
        "enterprise_event": "企业办事主题",
        "summary": "摘要",
        "conditions": "受理条件",
        "materials": "申请材料",
        "steps": "办理流程",
        "statutory_limit": "法定办结时限",
        "promised_limit": "承诺办结时限",
        "fees": "收费标准",
        "place": "办理地点",
        "office_hours": "办理时间",
        "phone": "咨询电话",
        "complaint_phone": "监督投诉电话",
        "online_address": "网上办理地址",
        "basis": "设定依据",
    }
)
RICH = ("conditions", "basis")
#: Field -> its choices; a cell holds the word, as people write it.
CHOICES: Mapping[str, Any] = MappingProxyType(
    {"level": Level, "for_whom": ForWhom, "life_event": LifeEvent, "enterprise_event": EnterpriseEvent}
)
#: Other words for a choice that are met in such tables.
OTHER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "自然人": "person", "法人": "enterprise", "企业": "enterprise", "企业法人": "enterprise",
        "自然人、法人": "both", "个人、企业": "both", "个人和企业": "both", "自然人和法人": "both",
        "省": "province", "市": "city", "县": "county", "乡镇级": "township", "村级": "village",
    }
)  # fmt: skip
NO_MATERIALS = frozenset({"无", "无需", "不需要", "不需要提交材料", "无需提交材料"})
NOT_ALWAYS = frozenset({"非必要", "视情况", "容缺"})
_BRACKETS = re.compile(r"[（(]([^（()）]{1,200})[)）]")
_COPIES = re.compile(r"(\d{1,2}) ?份")
_NUMBERED = re.compile(r"(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）]|[①-⑳]) ?")
_FORM_OF: Mapping[str, str] = MappingProxyType({str(word): code for code, word in FORMS})


def code_of(field: str, word: str) -> str | None:
    """Return the code that ``word`` means in a field of choices; None when it means none."""
    codes = {str(label): str(code) for code, label in CHOICES[field].choices}
    found = codes.get(word) or OTHER_WORDS.get(word)
    return found if found in codes.values() else None


def rich_of(text: str) -> str:
    """Return plain text as stored rich text, a line a paragraph."""
    return str(format_html_join("", "<p>{}</p>", ((line,) for line in lines_of(text))))


def lines_of(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := part.strip())]


def material_of(line: str) -> dict[str, Any]:
    """Return the block of one paper: ``1. 身份证（原件，1份，必要）``; what else is in brackets is a note."""
    line = _NUMBERED.sub("", line, count=1) if _NUMBERED.match(line) else line
    value: dict[str, Any] = {"form": "original", "copies": 1, "needed": True}
    notes = []
    for inside in _BRACKETS.findall(line):
        for part in filter(None, (piece.strip() for piece in re.split("[，,；;]", inside))):
            if part in _FORM_OF:
                value["form"] = _FORM_OF[part]
            elif found := _COPIES.fullmatch(part):
                value["copies"] = max(1, int(found[1]))
            elif part in NOT_ALWAYS:
                value["needed"] = False
            elif part not in ("必要", "必须提交"):
                notes.append(part)
    value |= {"name": _BRACKETS.sub("", line).strip("；;。 ")[:200], "note": "，".join(notes)[:300]}
    return {"type": "material", "value": value, "id": str(uuid4())}


def step_of(line: str) -> dict[str, Any]:
    """Return the block of one step: ``受理（1个工作日）：窗口核对材料。``."""
    line = _NUMBERED.sub("", line, count=1) if _NUMBERED.match(line) else line
    head, _colon, text = re.sub("[:：]", "：", line, count=1).partition("：")
    limit = ", ".join(_BRACKETS.findall(head))[:60]
    name = _BRACKETS.sub("", head).strip()
    if len(name) > 60:
        name, text = name[:60], line
    return {"type": "step", "value": {"name": name, "limit": limit, "text": text.strip()}, "id": str(uuid4())}


def fields_of_row(row: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the fields of a guide for the cells of a row, by field; choices are looked up elsewhere."""
    values: dict[str, Any] = {name: text for name, text in row.items() if name not in CHOICES}
    for name in RICH:
        values[name] = rich_of(row.get(name, ""))
    materials = row.get("materials", "").strip()
    values["without_materials"] = materials.rstrip("。") in NO_MATERIALS
    values["materials"] = [] if values["without_materials"] else [material_of(line) for line in lines_of(materials)]
    values["steps"] = [step_of(line) for line in lines_of(row.get("steps", ""))]
    return values


#: The row that the empty table shows how to fill in.
EXAMPLE: Mapping[str, str] = MappingProxyType(
    {
        "title": "（示例，导入前删去本行）食品经营许可",
        "item_code": "000100000000",
        "organisation": "县市场监督管理局",
        "level": "县级",
        "for_whom": "企业和其他组织",
        "enterprise_event": "准营准办",
        "summary": "从事食品销售和餐饮服务，先办许可再经营。",
        "conditions": "有与经营的食品品种、数量相适应的场所。\n有食品安全管理人员和制度。",
        "materials": "食品经营许可申请书（原件，1份，必要）\n经营场所平面图（复印件，1份，非必要，租用的另附租约）",
        "steps": "申请：网上或窗口提交。\n受理（1个工作日）：核对材料。\n决定（5个工作日）：审查，必要时看现场。",
        "statutory_limit": "20个工作日",
        "promised_limit": "6个工作日",
        "fees": "不收费",
        "place": "县政务服务中心二楼 12 号窗口",
        "office_hours": "工作日 8:30—12:00，13:30—17:30",
        "phone": "0000-0000000",
        "complaint_phone": "0000-0000001",
        "online_address": "https://example.gov.cn/",
        "basis": "食品安全法第三十五条",
    }
)
