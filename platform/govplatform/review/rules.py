"""规则包: every limit of a regulation, one readable TOML file per province (RULES.md).

A pack may build on another (``extends``); it is validated as a whole when it is loaded.
"""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.confidentiality.scanning.findings import SEVERITIES, Severity
from govplatform.confidentiality.scanning.rules import RULE_IDS
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

STEPS = ("content", "confidentiality")
#: Further content reviews; they use the first one's checklist unless the pack has one for them.
FURTHER_STEPS = ("content2", "content3")
MOST_LEVELS = 3


@dataclass(frozen=True)
class ChecklistItem:
    """One line that a reviewer confirms; ``source`` names the article it comes from."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Masking:
    """How values of one scanning rule are masked: so many characters stay at both ends, the rest is ``*``."""

    keep_first: int
    keep_last: int

    def mask(self, value: str) -> str:
        """``value`` masked character by character; a value too short to keep both ends keeps none."""
        hidden = len(value) - self.keep_first - self.keep_last
        if hidden <= 0:
            return "*" * len(value)
        return value[: self.keep_first] + "*" * hidden + value[self.keep_first + hidden :]


@dataclass(frozen=True)
class RulePack:
    """``limits``: name -> (number, unit, source); ``checklists``: step -> items.

    ``review_levels``: "column_types" and "kinds" -> code -> content reviews where they are not the default.
    ``severities``: scanning rule -> severity where it is not the rule's own, from ``[scanning.severities]``.
    ``masking``: scanning rule -> how its values are masked; a rule without an entry has nothing to mask.
    """

    code: str
    label: str
    version: str
    limits: dict[str, dict[str, Any]]
    checklists: dict[str, tuple[ChecklistItem, ...]]
    review_levels: dict[str, dict[str, int]]
    severities: dict[str, Severity] = field(default_factory=dict)
    masking: dict[str, Masking] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """Name and version as they are kept with every decision."""
        return f"{self.code} {self.version}"

    def limit(self, name: str) -> int:
        """The number of a limit. Raises KeyError for an unknown name: a fault of the code."""
        return int(self.limits[name]["value"])

    def levels_for(self, column_type: str, kind: str) -> int:
        """Content reviews (1 to 3) of content ``kind`` ("app.model") in a column of that type: the stricter rule."""
        stated = [
            self.review_levels["column_types"].get(column_type),
            self.review_levels["kinds"].get(kind),
        ]
        return max((n for n in stated if n is not None), default=self.limit("content_review_levels"))


class RulePackError(ValueError):
    """A pack that cannot be used, with the file and the entry at fault."""


@lru_cache(maxsize=32)
def load_rule_pack(code: str) -> RulePack:
    """The pack ``code``. Raises Refused when there is none, RulePackError when it is malformed."""
    raw = _read(code)
    checklists = {}
    for step in (*STEPS, *FURTHER_STEPS):
        items = raw.get("checklists", {}).get(step)
        if not items and step in FURTHER_STEPS:
            items = raw["checklists"]["content"]
        if not items:
            raise RulePackError(f"{code}: no checklist for the step {step}")
        checklists[step] = tuple(ChecklistItem(i["code"], i["text"], i.get("source", "")) for i in items)
        if len({item.code for item in checklists[step]}) != len(items):
            raise RulePackError(f"{code}: a checklist code stands twice in {step}")
    limits = raw.get("limits", {})
    for name, limit in limits.items():
        if not isinstance(limit.get("value"), int) or not limit.get("unit") or not limit.get("source"):
            raise RulePackError(f"{code}: limit {name} needs value (whole number), unit and source")
    levels = _review_levels(code, raw)
    return RulePack(
        code, raw["label"], str(raw["version"]), limits, checklists, levels, _severities(code, raw), _masking(code, raw)
    )


def _severities(code: str, raw: dict[str, Any]) -> dict[str, Severity]:
    severities: dict[str, Severity] = raw.get("scanning", {}).get("severities", {})
    for rule, severity in severities.items():
        if rule not in RULE_IDS or severity not in SEVERITIES:
            raise RulePackError(f"{code}: scanning.severities: {rule} = {severity!r} is no rule or no severity")
    return severities


def _masking(code: str, raw: dict[str, Any]) -> dict[str, Masking]:
    stated = dict(raw.get("masking", {}))
    if stated and not stated.pop("source", ""):
        raise RulePackError(f"{code}: masking needs its source")
    for rule, ends in stated.items():
        kept = [ends.get("keep_first"), ends.get("keep_last")] if isinstance(ends, dict) else []
        if rule not in RULE_IDS or len(kept) != 2 or not all(type(n) is int and n >= 0 for n in kept):
            raise RulePackError(f"{code}: masking: {rule} needs keep_first and keep_last, and must be a rule")
    return {rule: Masking(ends["keep_first"], ends["keep_last"]) for rule, ends in stated.items()}


def _review_levels(code: str, raw: dict[str, Any]) -> dict[str, dict[str, int]]:
    stated = raw.get("review_levels", {})
    if unknown := stated.keys() - {"column_types", "kinds", "source"}:
        raise RulePackError(f"{code}: review_levels knows no {', '.join(sorted(unknown))}")
    levels = {name: dict(stated.get(name, {})) for name in ("column_types", "kinds")}
    numbers = [raw.get("limits", {}).get("content_review_levels", {}).get("value"), *levels["column_types"].values()]
    for number in (*numbers, *levels["kinds"].values()):
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_LEVELS:
            raise RulePackError(f"{code}: content reviews are 1 to {MOST_LEVELS}, not {number!r}")
    if any(levels.values()) and not stated.get("source"):
        raise RulePackError(f"{code}: review_levels needs its source")
    return levels


def rule_pack_of(tenant: Tenant) -> RulePack:
    """The pack that holds for ``tenant``; the national one where none is named."""
    return load_rule_pack(tenant.rule_pack or "national")


def site_rule_pack() -> RulePack:
    """The pack of the current site."""
    return rule_pack_of(current_tenant())


def available_rule_packs() -> list[str]:
    return sorted(path.stem for path in Path(settings.RULE_PACK_DIR).glob("*.toml"))


def _read(code: str) -> dict[str, Any]:
    path = Path(settings.RULE_PACK_DIR) / f"{code}.toml"
    if not code.isidentifier() or not path.is_file():
        raise Refused(
            _("没有名为“%(code)s”的规则包。可用：%(known)s。")
            % {"code": code, "known": "、".join(available_rule_packs())}
        )
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    parent = raw.get("extends")
    return _merged(_read(parent), raw) if parent else raw


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        result[key] = _merged(base[key], value) if isinstance(value, dict) and key in base else value
    return result
