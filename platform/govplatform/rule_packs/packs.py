"""规则包: every limit of a regulation, checklist and severity that differs between provinces, with its article.

A pack is validated as a whole when it is loaded; ``RulePackError`` lists everything wrong with it. It stays in
memory as it was loaded: a pack that was changed counts after a restart, and has a new version then.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from .checking import FURTHER_STEPS, STEPS, faults_in_file, faults_in_whole
from .files import PackFile, RulePackError, find_pack, read_chain
from .limits import Limit, Unit
from .severity import Severity
from .site_life import SECTIONS, SiteLife, read_site_life
from .working_days import WorkingTime, read_day_end

#: The pack of a site that names none.
NATIONAL = "national"


@dataclass(frozen=True)
class ChecklistItem:
    """One line that a reviewer confirms; ``article``: where it comes from."""

    code: str
    text: str
    article: str
    verified: bool = True


@dataclass(frozen=True)
class Masking:
    """How the values of one scanning rule are masked: so many characters stay at both ends, the rest is ``*``."""

    keep_first: int
    keep_last: int
    article: str = field(default="", compare=False)
    verified: bool = field(default=True, compare=False)

    def mask(self, value: str) -> str:
        """``value`` masked character by character; a value too short to keep both ends keeps none."""
        hidden = len(value) - self.keep_first - self.keep_last
        if hidden <= 0:
            return "*" * len(value)
        return value[: self.keep_first] + "*" * hidden + value[self.keep_first + hidden :]


@dataclass(frozen=True)
class ReviewLevels:
    """Numbers of content reviews that differ from the pack's usual one, by type of column and by kind of page."""

    column_types: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    article: str = ""
    verified: bool = True


@dataclass(frozen=True)
class Severities:
    """Severities of scanning rules where the pack differs from the rule's own; ``by_rule``: rule id -> severity."""

    by_rule: dict[str, Severity] = field(default_factory=dict)
    article: str = ""
    verified: bool = True


@dataclass(frozen=True)
class RulePack:
    """The rules of one province. ``extends``: codes of the packs whose entries it takes over, the nearest first.

    ``checklists``: step -> items; ``masking``: scanning rule -> how its values are masked. Values of a rule without an
    entry are not masked.
    """

    code: str
    label: str
    version: str
    extends: tuple[str, ...]
    limits: dict[str, Limit]
    checklists: dict[str, tuple[ChecklistItem, ...]]
    review_levels: ReviewLevels
    scanning: Severities
    masking: dict[str, Masking]
    working_time: WorkingTime
    site_life: SiteLife

    @property
    def stamp(self) -> str:
        """Code and version, separated by a blank, as they are kept with every decision and scan."""
        return f"{self.code} {self.version}"

    @property
    def severities(self) -> dict[str, Severity]:
        """Scanning rule -> severity, where the pack differs from the rule's own."""
        return self.scanning.by_rule

    def limit(self, name: str) -> Limit:
        """The limit of that name. Raises KeyError for an unknown one: a fault of the code."""
        return self.limits[name]

    def levels_for(self, column_type: str, kind: str) -> int:
        """The number of content reviews (1 to 3) of a page of ``kind`` ("app.model") in a column of that type.

        Where the pack has a number for both, the higher one counts; where it has neither, its usual one.
        """
        stated = [self.review_levels.column_types.get(column_type), self.review_levels.kinds.get(kind)]
        return max((n for n in stated if n is not None), default=self.limit("content_review_levels").count)


def load_rule_pack(code: str) -> RulePack:
    """Load the pack ``code``. Raises Refused when there is none, RulePackError when it has faults."""
    return load_pack_file(find_pack(code))


@lru_cache(maxsize=64)
def load_pack_file(path: Path) -> RulePack:
    """Load the pack in the file ``path`` with what it extends; kept in memory until the process ends.

    Raises RulePackError with everything that is wrong with it.
    """
    chain = read_chain(path)
    merged = _merged(chain)
    faults = [fault for file in chain for fault in faults_in_file(file)]
    if faults := faults or faults_in_whole(chain[-1], merged):
        raise RulePackError(faults)
    return _build(chain, merged)


def rule_pack_of(tenant: Tenant) -> RulePack:
    """The pack that holds for ``tenant``; NATIONAL where the site names none. Raises as ``load_rule_pack``."""
    return load_rule_pack(tenant.rule_pack or NATIONAL)


def site_rule_pack() -> RulePack:
    """The pack that holds for the current site. Raises as ``load_rule_pack``, and LookupError outside a site."""
    return rule_pack_of(current_tenant())


# --- inside ------------------------------------------------------------------------------


def _merged(chain: list[PackFile]) -> dict[str, Any]:
    """What holds in the end.

    Each limit, checklist, mask, and list of gates, papers and grounds of one act is taken over whole or stated anew, as
    are the sections ``review_levels`` and ``working_time``: a number of one province never stands under the article of
    another.
    """
    merged: dict[str, Any] = {}
    for file in chain:
        for name, section in file.raw.items():
            if name in ("limits", "checklists", *SECTIONS) and isinstance(section, dict):
                merged[name] = {**merged.get(name, {}), **section}
            elif name == "masking" and isinstance(section, dict):
                cited = {key: section[key] for key in ("article", "verified") if key in section}
                entries = {rule: cited | ends for rule, ends in section.items() if isinstance(ends, dict)}
                merged[name] = {**merged.get(name, {}), **entries}
            else:
                merged[name] = section
    return merged


def _build(chain: list[PackFile], merged: dict[str, Any]) -> RulePack:
    file = chain[-1]
    stated_by = {name: file.code for file in chain for name in file.raw.get("limits", {})}
    working = merged["working_time"]
    working_time = WorkingTime(
        read_day_end(working["day_ends"]) or 0, working["article"], working.get("verified", True)
    )
    limits = {
        name: Limit(
            name=name,
            value=stated["value"],
            unit=Unit(stated["unit"]),
            article=stated["article"],
            note=stated.get("note", ""),
            verified=stated.get("verified", True),
            stated_by=stated_by[name],
            working_time=working_time,
        )
        for name, stated in merged["limits"].items()
    }
    checklists = merged["checklists"]
    return RulePack(
        code=file.code,
        label=file.raw["label"],
        version=file.raw["version"],
        extends=tuple(ancestor.code for ancestor in reversed(chain[:-1])),
        limits=limits,
        checklists={
            step: tuple(ChecklistItem(**item) for item in checklists.get(step) or checklists["content"])
            for step in (*STEPS, *FURTHER_STEPS)
        },
        review_levels=ReviewLevels(**merged.get("review_levels", {})),
        scanning=_severities(merged.get("scanning", {})),
        masking={rule: Masking(**stated) for rule, stated in merged.get("masking", {}).items()},
        working_time=working_time,
        site_life=read_site_life(merged),
    )


def _severities(section: dict[str, Any]) -> Severities:
    stated = dict(section)
    return Severities(by_rule=stated.pop("severities", {}), **stated)
