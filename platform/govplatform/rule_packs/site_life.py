"""What a rule pack says of the life of sites: gates before opening, papers, and the grounds that are accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from .files import PackFile

#: What a site applies for.
ACTS = ("open", "change", "offline", "retire")
#: Facts of a site's record that a gate may ask for.
GATE_FACTS = ("identity_code", "icp_number", "police_record_number", "responsible_person", "contact")
#: Section -> keys of its entries besides code, text, article and verified.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "gates": (),
    "papers": ("kinds",),
    "grounds": ("kinds", "counted", "reported"),
}


@dataclass(frozen=True)
class LifeRule:
    """One gate, paper or ground. ``code``: as verbs and forms write it; ``kinds``: kinds of site that it holds for.

    Of grounds: ``counted``, whether what rests on it counts against the yearly limit; ``reported``, whether it is
    reported and takes effect at once, since nobody is asked before (an order, force majeure).
    """

    code: str
    text: str
    article: str
    verified: bool = True
    kinds: tuple[str, ...] = ()
    counted: bool = True
    reported: bool = False

    def holds_for(self, kind: str) -> bool:
        """Whether it holds for a site of this kind; without kinds it holds for all."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class SiteLife:
    """Act -> its gates, papers and grounds, each as the pack lists them; an act without an entry has none."""

    gates: dict[str, tuple[LifeRule, ...]]
    papers: dict[str, tuple[LifeRule, ...]]
    grounds: dict[str, tuple[LifeRule, ...]]

    def gates_of(self, act: str) -> tuple[LifeRule, ...]:
        return self.gates.get(act, ())

    def papers_of(self, act: str, kind: str) -> tuple[LifeRule, ...]:
        """The papers that an application for ``act`` of a site of this kind needs."""
        return tuple(rule for rule in self.papers.get(act, ()) if rule.holds_for(kind))

    def grounds_of(self, act: str, kind: str) -> tuple[LifeRule, ...]:
        """The grounds on which a site of this kind may apply for ``act``; empty where none has to be given."""
        return tuple(rule for rule in self.grounds.get(act, ()) if rule.holds_for(kind))


def read_site_life(merged: Mapping[str, Any]) -> SiteLife:
    """Make the rules of the checked entries ``merged``."""
    read = {
        name: {
            act: tuple(LifeRule(**{**item, "kinds": tuple(item.get("kinds", ()))}) for item in items)
            for act, items in merged.get(name, {}).items()
        }
        for name in SECTIONS
    }
    return SiteLife(**read)


def faults_of_entry(file: PackFile, section: str, place: str, item: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the keys that only entries of site life have."""
    kinds = item.get("kinds", [])
    known = [kind for kind in Tenant.Kind.values if kind != Tenant.Kind.CONSOLE]
    if not isinstance(kinds, list) or not set(map(str, kinds)) <= set(known):
        yield file.fault(f"{place}.kinds", _("请写站点类别的代号，可用：%(known)s。") % {"known": "、".join(known)})
    for name in ("counted", "reported"):
        if not isinstance(item.get(name, True), bool):
            yield file.fault(f"{place}.{name}", _("写 true 或 false，不加引号。"))
    if section == "gates" and item.get("code") not in GATE_FACTS:
        sentence = _("没有这一登记项。可用：%(known)s。") % {"known": "、".join(GATE_FACTS)}
        yield file.fault(f"{place}.code", sentence)
