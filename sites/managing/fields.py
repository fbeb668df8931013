"""The sheet of what can be changed of a site: each field with its way, and values as a verb gives them.

The ways are those of deploy/decisions/067-changing-a-site.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from govplatform.lifecycle.site_facts import FACTS, fact_labels
from govplatform.lifecycle.site_record import SITE_RECORD
from govplatform.refusals import Refused
from sites.columns.actions import CHANGEABLE, find_column_type
from sites.columns.models import Column
from sites.home.layout import ROWS

HOME, COLUMN, ORDER, SECTIONS = "home", "column", "order", "sections"
_YES = frozenset({"1", "true", "yes", "是", "显示"})
_NO = frozenset({"0", "false", "no", "否", "隐藏"})


@dataclass
class Asked:
    """What is to be changed, sorted by the act that does it.

    ``record``: words of the site's record; ``facts``: codes; ``home``: lists of the home page, ``sections`` among them;
    ``columns``: slug -> fields; ``orders``: slug of the column above ('' for the home page) -> slugs in order.
    """

    record: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    home: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.record, self.facts, self.home, self.columns, self.orders))


def known_fields() -> dict[str, str]:
    """``{field as a verb names it: its name for people}``."""
    column = {f"{COLUMN}.SLUG.{name}": _label(name) for name in sorted(CHANGEABLE)}
    return {
        **SITE_RECORD.labels(),
        **fact_labels(),
        f"{HOME}.{SECTIONS}": _("首页版块"),
        **{f"{HOME}.{name}": str(spec.label) for name, spec in ROWS.items()},
        f"{COLUMN}.{ORDER}": _("栏目顺序"),
        **column,
    }


def _label(name: str) -> str:
    column_field: Any = Column._meta.get_field(name)
    return str(column_field.verbose_name)


def sort_out(given: Mapping[str, str]) -> Asked:
    """Sort fields with values as a verb gives them. Raises Refused naming every field and value that cannot be read.

    A list of rows is JSON; sections and orders are codes with commas between; whether a column is shown is 是 or 否.
    """
    asked, reasons = Asked(), []
    for name, value in given.items():
        try:
            _place(asked, name, value)
        except Refused as refusal:
            reasons += refusal.reasons
    if reasons:
        raise Refused(reasons)
    return asked


def _place(asked: Asked, name: str, value: str) -> None:
    group, _dot, rest = name.partition(".")
    slug, _dot, column_field = rest.rpartition(".")
    if name in SITE_RECORD.texts:
        asked.record[name] = value
    elif name in FACTS:
        asked.facts[name] = value
    elif group == HOME and rest == SECTIONS:
        asked.home[SECTIONS] = _codes(value)
    elif group == HOME and rest in ROWS:
        asked.home[rest] = _rows(name, value)
    elif group == COLUMN and rest == ORDER:
        asked.orders[""] = _codes(value)
    elif group == COLUMN and slug and column_field == ORDER:
        asked.orders[slug] = _codes(value)
    elif group == COLUMN and slug and column_field in CHANGEABLE:
        asked.columns.setdefault(slug, {})[column_field] = _column_value(column_field, value)
    else:
        known = "、".join(f"{code}（{label}）" for code, label in known_fields().items())
        raise Refused(_("没有“%(name)s”这一项。可用：%(known)s。") % {"name": name[:60], "known": known})


def _codes(value: str) -> list[str]:
    return [code for code in (part.strip() for part in value.replace("，", ",").split(",")) if code]


def _rows(name: str, value: str) -> Any:
    try:
        return json.loads(value) if value.strip() else []
    except ValueError as error:
        asked = _("“%(name)s”应当写成 JSON 列表，例如 %(example)s。")
        example = '[{"title": "…", "until": "2026-12-31"}]'
        raise Refused(asked % {"name": name, "example": example}) from error


def _column_value(name: str, value: str) -> Any:
    column_field: Any = Column._meta.get_field(name)
    label = str(column_field.verbose_name)
    if name == "column_type":
        return find_column_type(value)
    if isinstance(column_field, models.BooleanField):
        if value.strip().lower() in _YES | _NO:
            return value.strip().lower() in _YES
        raise Refused(_("“%(field)s”请写“是”或“否”。") % {"field": label})
    if isinstance(column_field, models.PositiveIntegerField):
        if not value.strip():
            return None
        if value.strip().isascii() and value.strip().isdecimal() and len(value.strip()) < 6:
            return int(value)
        raise Refused(_("“%(field)s”请写天数，只用数字；没有期限的留空。") % {"field": label})
    if column_field.choices:
        return _choice(column_field, label, value)
    if len(value) > column_field.max_length:
        raise Refused(_("“%(field)s”最长 %(most)d 个字。") % {"field": label, "most": column_field.max_length})
    return value.strip()


def _choice(column_field: Any, label: str, value: str) -> str:
    for code, words in column_field.flatchoices:
        if value.strip() in (code, str(words)):
            return str(code)
    known = "、".join(f"{code}（{words}）" if code else str(words) for code, words in column_field.flatchoices)
    raise Refused(
        _("%(field)s没有“%(value)s”这一种。可用：%(known)s。") % {"field": label, "value": value, "known": known}
    )
