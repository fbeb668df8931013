"""The columns that a site of each kind must have from its first moment (RULES.md, columns)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultColumn:
    slug: str
    title: str
    column_type: str
    update_duty: str = "adhoc"
    update_limit_days: int | None = None


# In the order of what people come for: the first seven stand in the row of channels.
_FIRST = (
    DefaultColumn("news", "工作动态", "news", "periodic", 14),
    DefaultColumn("notices", "通知公告", "news", "adhoc", 183),
    DefaultColumn("policies", "政策文件", "policies", "adhoc", 183),
    DefaultColumn("interpretations", "政策解读", "interpretations", "adhoc", 183),
)
_PORTAL = (
    DefaultColumn("services", "办事服务", "services"),
    DefaultColumn("responses", "回应关切", "responses"),
    DefaultColumn("data", "数据发布", "data", "periodic", 92),
)
_REFERENCE = (
    DefaultColumn("about", "概况信息", "overview"),
    DefaultColumn("institutions", "机构职能", "institutions"),
    DefaultColumn("leaders", "负责人信息", "leaders"),
    DefaultColumn("guide", "信息公开指南", "guide"),
    DefaultColumn("annual", "信息公开年报", "annual", "periodic", 366),
)


def default_columns(kind: str) -> tuple[DefaultColumn, ...]:
    """For ``portal`` or ``department``."""
    return (*_FIRST, *(_PORTAL if kind == "portal" else ()), *_REFERENCE)
