"""The check of a value against a JSON Schema, as far as our schemas use it, with faults in sentences."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from govplatform.untrusted_files.links import read_link

_ADDRESS = re.compile(r"https?://[^\s\"'<>/\\?#][^\s\"'<>]*", re.IGNORECASE)
#: Number of faults after which the check stops.
_MOST = 20
_TYPES: dict[str, type | tuple[type, ...]] = {"object": dict, "array": list, "string": str, "boolean": bool,
                                              "number": (int, float)}  # fmt: skip


def faults_of(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """Return a sentence with its place for each fault, at most twenty; empty when everything fits."""
    found = []
    for fault in _faults(value, schema, ""):
        found.append(fault)
        if len(found) >= _MOST:
            break
    return found


def _faults(value: Any, schema: Mapping[str, Any], place: str) -> Iterator[str]:
    where = place or _("文件")
    if "const" in schema and (value != schema["const"] or isinstance(value, bool)):
        yield _("“%(where)s”须是“%(wanted)s”。") % {"where": where, "wanted": schema["const"]}
        return
    if "enum" in schema:
        if not isinstance(value, str) or value not in schema["enum"]:
            yield _("“%(where)s”的值不在可用范围内：%(wanted)s。") % {
                "where": where,
                "wanted": "、".join(schema["enum"]),
            }
        return
    kind = schema.get("type")
    if kind == "integer":
        yield from _number_faults(value, schema, where)
        return
    if kind is not None and not isinstance(value, _TYPES[kind]):
        yield _("“%(where)s”的类型应为 %(wanted)s。") % {"where": where, "wanted": kind}
        return
    if kind == "string":
        yield from _text_faults(value, schema, where)
    elif kind == "object":
        yield from _object_faults(value, schema, place)
    elif kind == "array":
        if len(value) > schema.get("maxItems", len(value)):
            yield _("“%(where)s”超过 %(most)s 项。") % {"where": where, "most": schema["maxItems"]}
            return
        for number, item in enumerate(value, 1):
            yield from _faults(item, schema["items"], f"{place}[{number}]")


def _number_faults(value: Any, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _("“%(where)s”应为整数。") % {"where": where}
    elif not schema["minimum"] <= value <= schema["maximum"]:
        yield _("“%(where)s”应在 %(least)s 与 %(most)s 之间。") % {
            "where": where,
            "least": schema["minimum"],
            "most": schema["maximum"],
        }


def _text_faults(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        yield _("“%(where)s”含有不能存储的字符。") % {"where": where}
    if len(value) > schema.get("maxLength", len(value)):
        yield _("“%(where)s”超过 %(most)s 个字符。") % {"where": where, "most": schema["maxLength"]}
    if len(value.strip()) < schema.get("minLength", 0):
        yield _("“%(where)s”不能为空。") % {"where": where}
    if "pattern" in schema and re.search(schema["pattern"].removesuffix("$") + r"\Z", value) is None:
        yield _("“%(where)s”的写法不合规定。") % {"where": where}
    if "format" in schema and not _has_format(value, schema["format"]):
        yield _("“%(where)s”不是有效的%(wanted)s。") % {
            "where": where,
            "wanted": {"date": _("日期"), "date-time": _("带时区的时间"), "uri": _("网址")}[schema["format"]],
        }


def _object_faults(value: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield _("缺少“%(where)s”。") % {"where": _join(place, name)}
    for name, item in value.items():
        if name not in known and isinstance(others, Mapping):
            yield from _faults(item, others, _join(place, str(name)[:60]))
        elif name not in known:
            yield _("不认识“%(where)s”。") % {"where": _join(place, str(name)[:60])}
        else:
            yield from _faults(item, known[name], _join(place, name))


def _has_format(value: str, wanted: str) -> bool:
    try:
        if wanted == "date":
            date.fromisoformat(value)
        elif wanted == "date-time":
            return datetime.fromisoformat(value).tzinfo is not None
        else:
            return _ADDRESS.fullmatch(value) is not None and read_link(value).kind == "host"
    except ValueError:
        return False
    return True


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
