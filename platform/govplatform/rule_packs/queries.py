"""Queries over rule packs, for people: what a pack says in words, which sites use it, what is wrong with a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from .files import RulePackError, find_pack, pack_paths
from .known_limits import KNOWN_LIMITS
from .limits import Limit
from .names import COLUMN_TYPES, SCANNING_RULES, names_of
from .packs import NATIONAL, RulePack, load_pack_file, load_rule_pack
from .site_life import SECTIONS
from .working_days import KNOWN_YEARS, calendar_warning

SEVERITY_WORDS = {"block": _l("必须处理"), "warn": _l("需要判断"), "info": _l("提示")}
STEP_WORDS = MappingProxyType(
    {
        "content": _l("内容审核"),
        "content2": _l("内容复审"),
        "content3": _l("内容终审"),
        "confidentiality": _l("保密审查"),
    }
)
SITE_LIFE_WORDS = MappingProxyType(
    {
        ("gates", "open"): _l("开设网站须登记的事项"),
        ("papers", "open"): _l("开设网站的材料"),
        ("papers", "change"): _l("变更的材料"),
        ("papers", "offline"): _l("临时下线的材料"),
        ("papers", "retire"): _l("关停的材料"),
        ("grounds", "offline"): _l("临时下线的理由"),
        ("grounds", "retire"): _l("关停的理由"),
    }
)


@dataclass(frozen=True)
class PackState:
    """The file of a pack and its faults (sentences); ``pack`` is None when there are any."""

    code: str
    path: Path
    pack: RulePack | None
    faults: list[str]


def pack_states(files: Iterable[Path] = ()) -> list[PackState]:
    """Read every pack of this installation, then ``files``; each with its faults."""
    return [_state(path) for path in (*pack_paths(), *files)]


def usable_rule_packs() -> list[RulePack]:
    """The packs without faults, which a site can be given."""
    return [state.pack for state in pack_states() if state.pack is not None]


def sites_of_packs() -> dict[str, list[Tenant]]:
    """Code of a pack -> the sites that it holds for, by code; without the console."""
    found: dict[str, list[Tenant]] = {}
    for tenant in public_sites():
        found.setdefault(tenant.rule_pack or NATIONAL, []).append(tenant)
    return found


def site_life_in_words(rows: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """``describe_pack``'s rules of site life under their headings: ``[(heading, rows)]``."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["of"], row["act"]), []).append(row)
    return [(str(SITE_LIFE_WORDS.get(key, " ".join(key))), found[key]) for key in found]


def unverified_of(pack: RulePack) -> list[str]:
    """Names of the entries whose article or number nobody has compared with the text of the regulation yet."""
    return [name for name, verified in _citations(pack) if not verified]


def describe_calendar(today: date | None = None) -> dict[str, Any]:
    """The span of the working-day calendar: ``{"from", "until", "warning"}``, days as YYYY-MM-DD.

    ``warning``: '' while the calendar reaches far enough.
    """
    return {
        "from": f"{KNOWN_YEARS[0]}-01-01",
        "until": f"{KNOWN_YEARS[1]}-12-31",
        "warning": calendar_warning(today or timezone.localdate()),
    }


def describe_pack(code: str) -> dict[str, Any]:
    """The pack as ``rule_pack show`` prints it and the console shows it, JSON-able.

    Raises Refused for an unknown pack, RulePackError for a faulty one.
    """
    pack = load_rule_pack(code)
    rules = names_of(SCANNING_RULES)
    return {
        "name": pack.code,
        "label": pack.label,
        "version": pack.version,
        "stamp": pack.stamp,
        "extends": list(pack.extends),
        "file": find_pack(code).name,
        "sites": [tenant.code for tenant in sites_of_packs().get(pack.code, [])],
        "unverified": unverified_of(pack),
        "working_time": {
            "day_ends": pack.working_time.day_ends_words,
            "article": pack.working_time.article,
            "verified": pack.working_time.verified,
        },
        "calendar": describe_calendar(),
        "limits": [_limit(pack.limit(name)) for name in KNOWN_LIMITS],
        "checklists": {
            step: [
                {"code": item.code, "text": item.text, "article": item.article, "verified": item.verified}
                for item in items
            ]
            for step, items in pack.checklists.items()
        },
        "site_life": [
            {
                "of": section,
                "act": act,
                "code": rule.code,
                "text": rule.text,
                "kinds": list(rule.kinds),
                "article": rule.article,
                "verified": rule.verified,
            }
            for section in SECTIONS
            for act, rules in getattr(pack.site_life, section).items()
            for rule in rules
        ],
        "review_levels": _review_levels(pack),
        "severities": [
            {
                "rule": rule,
                "label": rules.get(rule, rule),
                "severity": severity,
                "words": str(SEVERITY_WORDS[severity]),
                "article": pack.scanning.article,
            }
            for rule, severity in pack.severities.items()
        ],
        "masking": [
            {
                "rule": rule,
                "label": rules.get(rule, rule),
                "keep_first": mask.keep_first,
                "keep_last": mask.keep_last,
                "article": mask.article,
            }
            for rule, mask in pack.masking.items()
        ],
    }


# --- inside ------------------------------------------------------------------------------


def _state(path: Path) -> PackState:
    try:
        return PackState(path.stem, path, load_pack_file(path), [])
    except RulePackError as error:
        return PackState(path.stem, path, None, error.reasons)


def _citations(pack: RulePack) -> Iterator[tuple[str, bool]]:
    for limit in pack.limits.values():
        yield f"limits.{limit.name}", limit.verified
    for step in dict.fromkeys(("content", "confidentiality", *pack.checklists)):
        items = pack.checklists[step]
        if step == "content" or items is not pack.checklists["content"]:
            yield from ((f"checklists.{step}.{item.code}", item.verified) for item in items)
    for section in SECTIONS:
        for act, rules in getattr(pack.site_life, section).items():
            yield from ((f"{section}.{act}.{rule.code}", rule.verified) for rule in rules)
    yield "review_levels", pack.review_levels.verified
    yield "scanning", pack.scanning.verified
    yield from ((f"masking.{rule}", mask.verified) for rule, mask in pack.masking.items())
    yield "working_time", pack.working_time.verified


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "name": limit.name,
        "label": str(KNOWN_LIMITS[limit.name].label),
        "value": limit.value,
        "unit": limit.unit.value,
        "words": str(limit),
        "article": limit.article,
        "note": limit.note,
        "verified": limit.verified,
        "stated_by": limit.stated_by,
    }


def _review_levels(pack: RulePack) -> list[dict[str, Any]]:
    stated, types = pack.review_levels, names_of(COLUMN_TYPES)
    rows = [("column_type", code, types.get(code, code), levels) for code, levels in stated.column_types.items()]
    rows += [
        ("kind", code, str(apps.get_model(code)._meta.verbose_name), levels) for code, levels in stated.kinds.items()
    ]
    words = {"column_type": _("栏目类别"), "kind": _("信息类型")}
    return [
        {"of": of, "of_label": words[of], "code": code, "label": label, "levels": levels, "article": stated.article}
        for of, code, label, levels in rows
    ]


def stamp_words(stamp: str) -> str:
    """Return 国家规则 2026.5 for ``national 2026.5``; a pack that is gone keeps the words of the record."""
    code, _space, version = stamp.partition(" ")
    try:
        label = load_rule_pack(code).label
    except Refused:
        return stamp
    return f"{label} {version}".strip()
