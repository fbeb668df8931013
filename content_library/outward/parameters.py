"""The parameters of the API's addresses, each described once, both for reading it and for the OpenAPI document."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.tenancy.models import Tenant

from ..models import Resource
from ..resources.queries import LARGEST_PAGE, PAGE_SIZE
from .errors import ApiError
from .exposure import PUBLIC_STATUSES

_LONGEST = 200
LARGEST_CHANGES, CHANGES = 500, 100


@dataclass(frozen=True)
class Parameter:
    """One query parameter. ``about``: what it means, in words; ``schema``: JSON Schema of its value.

    ``read``: turns the text into a value, ValueError or OverflowError for a wrong one; ``wanted``: what it should be,
    in words; ``default``: its value when it is not given.
    """

    name: str
    about: str | Promise
    wanted: str | Promise
    schema: dict[str, Any]
    read: Callable[[str], Any]
    default: Any = None


def read_parameters(query: QueryDict, known: Sequence[Parameter]) -> dict[str, Any]:
    """Return the values by name.

    Raises ApiError (400), saying what is wrong with which parameter and what would be right.
    """
    names = {parameter.name: parameter for parameter in known}
    for name in query:
        if name not in names:
            allowed = "、".join(names) or _("无")
            raise _wrong(name, _("不认识参数“%(name)s”。可用参数：%(known)s。") % {"name": name[:40], "known": allowed})
        if len(query.getlist(name)) > 1:
            raise _wrong(name, _("参数“%(name)s”只能出现一次。") % {"name": name})
    values = {}
    for name, parameter in names.items():
        text = query.get(name, "").strip()
        if not text:
            values[name] = parameter.default
            continue
        try:
            # A wide blank, which Chinese keyboards type, is a blank, though Python does not print it.
            if len(text) > _LONGEST or "\x00" in text or not text.replace("\u3000", " ").isprintable():
                raise ValueError(name)
            values[name] = parameter.read(text)
        except (ValueError, OverflowError):
            shown = "".join(letter for letter in text[:60] if letter.isprintable())
            raise _wrong(
                name,
                _("参数“%(name)s”的值“%(value)s”不可用：应为%(wanted)s。")
                % {
                    "name": name,
                    "value": shown,
                    "wanted": parameter.wanted,
                },
            ) from None
    return values


def _wrong(name: str, message: str) -> ApiError:
    return ApiError(400, "bad_parameter", message, parameter=name[:40])


def one_of(values: Sequence[str]) -> Callable[[str], str]:
    """Return a reader that takes these values alone."""

    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(text)
        return text

    return read


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from ``least`` to ``most``."""

    def read(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,6}", text) is None or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _site(text: str) -> Tenant:
    open_sites = Tenant.objects.exclude(status=Tenant.Status.PREPARING).exclude(kind=Tenant.Kind.CONSOLE)
    found = open_sites.filter(code=text).first()
    if found is None:
        raise ValueError(text)
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


def _moment(text: str) -> datetime:
    if (day := _day(text)) is not None:
        return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
    found = datetime.fromisoformat(text.replace(" ", "+"))
    return found.astimezone(UTC) if found.tzinfo else timezone.make_aware(found)


def _end(text: str) -> datetime:
    """Return the exclusive end of a period: a day counts to its end."""
    return _moment(text) + (timedelta(days=1) if _day(text) is not None else timedelta())


_MOMENT = {"type": "string", "description": _l("YYYY-MM-DD 或带时区的 ISO 8601 时间")}
_KINDS = tuple(str(value) for value in Resource.Kind.values)
_CURSOR = r"[A-Za-z0-9_\-]{1,80}"

SITE = Parameter("site", _l("来源站点的代码"), _l("本平台已开通站点的代码"), {"type": "string"}, _site)
CLASS = Parameter(
    "class",
    _l("主题分类代码；两位为整个大类，四位为其下一类"),
    _l("分类代码，例如 02 或 0201"),
    {"type": "string", "pattern": "^[0-9A-Za-z]{2,8}$"},
    _matching(r"[0-9A-Za-z]{2,8}"),
    "",
)
KIND = Parameter("kind", _l("类型"), "、".join(_KINDS), {"enum": list(_KINDS)}, one_of(_KINDS), "")
STATUS = Parameter(
    "status", _l("状态"), "、".join(PUBLIC_STATUSES), {"enum": list(PUBLIC_STATUSES)}, one_of(PUBLIC_STATUSES), ""
)
MONTH = Parameter(
    "month",
    _l("发布月份"),
    _l("2026-11 这样的月份"),
    {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    _matching(r"[12][0-9]{3}-(0[1-9]|1[0-2])"),
    "",
)
SINCE = Parameter("since", _l("此时起发布的"), _l("2026-11-01 这样的日期，或带时区的时间"), _MOMENT, _moment)
UNTIL = Parameter(
    "until", _l("到此时（日期含当日）止发布的"), _l("2026-11-30 这样的日期，或带时区的时间"), _MOMENT, _end
)
QUERY = Parameter(
    "query",
    _l("标题、索引号、发文字号中的词"),
    _l("不超过 200 字的文字"),
    {"type": "string", "maxLength": 200},
    str,
    "",
)
AFTER = Parameter(
    "after", _l("翻页位置，取自上一页的 next"), _l("上一页给出的翻页位置"), {"type": "string"}, _matching(_CURSOR), ""
)
SIZE = Parameter(
    "size",
    _l("每页条数"),
    _l("1 到 %(most)s 的整数") % {"most": LARGEST_PAGE},
    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
    whole_number(1, LARGEST_PAGE),
    PAGE_SIZE,
)
CHANGES_SINCE = Parameter(
    "since",
    _l("上次得到的 cursor；不给则从头开始"),
    _l("上次得到的 cursor"),
    {"type": "string", "pattern": "^[0-9]{1,18}-[0-9]{1,18}$"},
    _matching(r"[0-9]{1,18}-[0-9]{1,18}"),
    "",
)
CHANGES_SIZE = Parameter(
    "size",
    _l("最多条数"),
    _l("1 到 %(most)s 的整数") % {"most": LARGEST_CHANGES},
    {"type": "integer", "minimum": 1, "maximum": LARGEST_CHANGES, "default": CHANGES},
    whole_number(1, LARGEST_CHANGES),
    CHANGES,
)
DOCUMENTS = Parameter(
    "documents", _l("为 1 时附上可导入的完整文件"), _l("0 或 1"), {"enum": ["0", "1"]}, one_of(("0", "1")), "0"
)
LIST_PARAMETERS = (SITE, CLASS, KIND, STATUS, MONTH, SINCE, UNTIL, QUERY, AFTER, SIZE)
CHANGES_PARAMETERS = (CHANGES_SINCE, CHANGES_SIZE, DOCUMENTS)
