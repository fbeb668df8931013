"""What a site's own people decide of its home page: order and form of its sections, rows of words and pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from govplatform.days import end_of_day, parse_day
from govplatform.rendering.reads import note_until
from govplatform.untrusted_files.links import read_link

Row = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A section of the home page. ``forms``: code -> name of each form that it may have, the usual one first."""

    code: str
    label: str | Promise
    forms: Mapping[str, str | Promise]


@dataclass(frozen=True)
class RowsOf:
    """A list of rows. ``parts``: what a row consists of; ``needed``: those that may not be empty; ``most``: of rows."""

    label: str | Promise
    parts: tuple[str, ...]
    needed: tuple[str, ...]
    most: int


def _section(code: str, label: str | Promise, **forms: str | Promise) -> Section:
    return Section(code, label, MappingProxyType(forms))


#: In the order in which a home page has them where nobody has said otherwise.
SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        section.code: section
        for section in (
            _section("carousel", _("轮播图"), pictures=_("图片")),
            _section("headline", _("头条、要闻与通知公告"), usual=_("头条与两列")),
            _section("policies", _("政策与解读"), pairs=_("政策与解读对照"), titles=_("标题列表")),
            _section("services", _("办事服务"), icons=_("图标"), titles=_("文字")),
            _section("leaders", _("领导之窗"), portraits=_("照片、姓名和职务"), names=_("姓名和职务")),
            _section("institutions", _("机构职能"), contacts=_("名称和电话"), names=_("名称")),
            _section(
                "columns",
                _("各栏目最新信息"),
                pictures=_("每行两栏，最新的配图"),
                two=_("每行两栏，只有标题"),
                one=_("每行一栏，只有标题"),
            ),
            _section("topics", _("专题专栏"), cards=_("图片卡片"), titles=_("标题列表")),
            _section("links", _("友情链接"), groups=_("分组列出"), folded=_("分组折叠")),
        )
    }
)
ROWS: Mapping[str, RowsOf] = MappingProxyType(
    {
        "logo": RowsOf(_("标识"), ("image", "alt"), ("image", "alt"), 1),
        "banner": RowsOf(_("横幅"), ("image", "alt"), ("image", "alt"), 1),
        "carousel": RowsOf(_("轮播图"), ("image", "title", "url"), ("image", "title"), 8),
        "notices": RowsOf(_("首页提示"), ("title", "url", "until"), ("title", "until"), 5),
        "floating": RowsOf(_("浮动提示"), ("title", "url", "until"), ("title", "until"), 1),
        "links": RowsOf(_("友情链接"), ("group", "title", "url"), ("group", "title", "url"), 100),
    }
)
PARTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "image": _("图片"),
        "alt": _("替代文字"),
        "title": pgettext_lazy("of a row", "文字"),
        "url": _("链接地址"),
        "until": _("显示到哪一天"),
        "group": _("分组"),
    }
)
#: Which picture a row shows: its number among the site's, and the SM3 of the bytes that were looked at.
PICTURE, BYTES = "image", "sm3"
_LONGEST = MappingProxyType({"alt": 100, "title": 60, "url": 300, "group": 20})


def sections_of(stored: Sequence[str]) -> list[tuple[Section, str]]:
    """Return the sections to show with the form of each, in order; of an empty list all of them as they usually are."""
    chosen = [entry.partition(":") for entry in stored]
    if not chosen:
        return [(section, next(iter(section.forms))) for section in SECTIONS.values()]
    return [
        (SECTIONS[code], form if form in SECTIONS[code].forms else next(iter(SECTIONS[code].forms)))
        for code, _colon, form in chosen
        if code in SECTIONS
    ]


def reasons_against_sections(wanted: Sequence[str]) -> list[str]:
    """Why a home page may not have these sections, as they are stored."""
    known = "、".join(f"{section.code}（{section.label}）" for section in SECTIONS.values())
    if not wanted:
        return []
    reasons, seen = [], set()
    for entry in wanted:
        code, _colon, form = entry.partition(":")
        if code not in SECTIONS:
            reasons.append(_t("首页没有“%(code)s”这一版块。可用：%(known)s。") % {"code": code[:40], "known": known})
            continue
        if code in seen:
            reasons.append(_t("版块“%(label)s”只能出现一次。") % {"label": SECTIONS[code].label})
        if form and form not in SECTIONS[code].forms:
            forms = "、".join(f"{code}（{label}）" for code, label in SECTIONS[code].forms.items())
            named = {"label": SECTIONS[code].label, "form": form[:40], "known": forms}
            reasons.append(_t("版块“%(label)s”没有“%(form)s”这种样式。可用：%(known)s。") % named)
        seen.add(code)
    return reasons


def shown_rows(rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose last day has not passed."""
    today = timezone.localdate().isoformat()
    shown = [row for row in rows if not row.get("until") or row["until"] >= today]
    if ends := [day for row in shown if (day := parse_day(row.get("until") or ""))]:
        note_until(end_of_day(min(ends)))
    return shown


def grouped(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """``[{"group", "links"}]``: links by their group, in the order in which each group is first named."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return [{"group": group, "links": links} for group, links in groups.items()]


def reasons_against_rows(name: str, rows: Any, stored: Sequence[Row]) -> Iterator[str]:
    """Yield, by field, row and part, why the list ``name`` may not be these rows. Rows that stand already (``stored``)
    are not asked again: a notice whose day has passed is no reason against another one.
    """
    spec = ROWS[name]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        parts = "、".join(spec.parts)
        yield _t("“%(field)s”应当是若干行，每行写明：%(parts)s。") % {"field": spec.label, "parts": parts}
        return
    if len(rows) > spec.most:
        yield _t("“%(field)s”最多 %(most)d 行，现在有 %(count)d 行；请删去一些。") % {
            "field": spec.label, "most": spec.most, "count": len(rows),
        }  # fmt: skip
    for number, row in enumerate(rows, 1):
        if row not in stored:
            at = {"field": spec.label, "row": number}
            for reason in _reasons_against_row(spec, row):
                yield _t("“%(field)s”第 %(row)d 行：%(reason)s") % {**at, "reason": reason}


def _reasons_against_row(spec: RowsOf, row: Row) -> Iterator[str]:
    if unknown := sorted(set(row) - {*spec.parts, BYTES}):
        yield _t("没有“%(part)s”这一项。可用：%(known)s。") % {"part": unknown[0], "known": "、".join(spec.parts)}
        return
    for part in spec.parts:
        value = row.get(part, "")
        if not value:
            if part in spec.needed:
                yield _t("请填写%(part)s。") % {"part": PARTS[part]}
            continue
        if part == PICTURE:
            continue
        if not isinstance(value, str) or len(value) > _LONGEST.get(part, 300):
            yield _t("%(part)s最长 %(most)d 个字。") % {"part": PARTS[part], "most": _LONGEST.get(part, 300)}
        elif part == "url" and not _leads_somewhere(value):
            yield _t(
                "链接地址“%(url)s”不能用：站内的写路径，例如 /news/；站外的写完整网址，以 https:// 或 http:// 开头。"
            ) % {"url": value}
        elif part == "until" and (reason := _reason_against_day(value)):
            yield reason


def _leads_somewhere(url: str) -> bool:
    link = read_link(url)
    if link.kind == "here":
        return url.startswith("/")
    # Written whole: without a scheme it would be the page's own.
    return link.kind == "host" and url.startswith(("https://", "http://"))


def _reason_against_day(value: str) -> str:
    if (day := parse_day(value)) is None:
        return _t("“%(day)s”不是日期，请写作 2026-03-01。") % {"day": value[:40]}
    if day < timezone.localdate():
        return _t("%(day)s 已经过去，公众不会看到；请写今天或以后的日期。") % {"day": value}
    return ""
