"""Rule packs as operators read them: all of them, and one with its limits, checklists, masks and sites."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.accounts.screens.screen import Screen

from .permissions import may_read_rule_packs
from .queries import (
    STEP_WORDS,
    describe_calendar,
    describe_pack,
    pack_states,
    site_life_in_words,
    sites_of_packs,
    unverified_of,
)

#: More than one screen reads; the verb lists all of them. No regulation's number.
SHOWN_SITES = 100


def _labels() -> dict[str, str]:
    """Return ``{code of a usable pack: its name}``."""
    return {state.code: state.pack.label for state in pack_states() if state.pack}


class _PackScreen(Screen):
    header_icon = "list-ol"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def may_open(self) -> bool:
        return may_read_rule_packs(self.request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("rule_packs"), _t("规则包"))]


class RulePacksView(_PackScreen):
    """Every pack of the installation, with its faults."""

    template_name = "rule_packs/packs.html"
    page_title = _("规则包")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sites, states, labels = sites_of_packs(), pack_states(), _labels()
        rows = [
            {
                "state": state,
                "sites": len(sites.get(state.code, [])),
                "extends": "、".join(labels.get(code, code) for code in (state.pack.extends if state.pack else ())),
                "unverified": len(unverified_of(state.pack)) if state.pack else 0,
            }
            for state in states
        ]
        usable = {state.code for state in states if state.pack}
        stranded = [site for code, found in sites.items() if code not in usable for site in found]
        return super().get_context_data(
            rows=rows, stranded=stranded[:SHOWN_SITES], calendar=describe_calendar(), **kwargs
        )


class RulePackView(_PackScreen):
    """One pack with its limits, checklists, masks and sites, or with its faults."""

    template_name = "rule_packs/pack.html"

    def find(self, **named: Any) -> None:
        states = {state.code: state for state in pack_states()}
        if named["code"] not in states:
            raise Http404
        self.state = states[named["code"]]

    def get_page_title(self) -> str:
        return self.state.pack.label if self.state.pack else self.state.code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.state.code
        pack = describe_pack(code) if self.state.pack else None
        checklists = pack["checklists"] if pack else {}
        labels = _labels()
        if pack:
            pack["extends"] = [(other, labels.get(other, other)) for other in pack["extends"]]
            pack["limits"] = [{**row, "stated_by": labels.get(row["stated_by"], "")} for row in pack["limits"]]
        sites = sites_of_packs().get(code, [])
        return super().get_context_data(
            pack=pack,
            faults=self.state.faults,
            sites=sites[:SHOWN_SITES],
            all_sites=len(sites),
            site_life=site_life_in_words(pack["site_life"]) if pack else [],
            # A further content review without a list of its own uses the first one's: shown once.
            checklists=[
                (STEP_WORDS[step], items)
                for step, items in checklists.items()
                if step == "content" or items != checklists["content"]
            ],
            **kwargs,
        )
