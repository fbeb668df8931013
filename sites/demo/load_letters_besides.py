"""What is done with letters of the demo besides their stages: added to, judged, joined, ended as abuse, asked about,
kept in the question base.

Each is known again by what it left, so a load that is run again goes on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from govplatform.accounts.models import User
from govplatform.accounts.roles import CLERK, EDITOR
from govplatform.cases.abuse import mark_abuse
from govplatform.cases.codes import kept_hash
from govplatform.cases.joining import join_case
from govplatform.cases.models import Case, Judgement, Opinion, Supplement, Unit
from govplatform.cases.opinions import ask_opinion, give_opinion_by_link
from govplatform.cases.sender_acts import add_to_case, judge_answer
from govplatform.cases.units import add_unit
from govplatform.tenancy.models import Tenant
from sites.demo.load_entries import keep_question
from sites.demo.load_requests import stop_clock
from sites.demo.recorded_time import at


def nonce_of(letter: Mapping[str, Any]) -> str:
    return hashlib.sha256(f"demo letter {letter['slug']}".encode()).hexdigest()[:32]


def case_of(letter: Mapping[str, Any]) -> Case | None:
    """The case that ``letter`` has become, None before it was sent in."""
    token = kept_hash("form", nonce_of(letter))
    return Case.objects.select_related("desk", "organisation", "handler").filter(token=token).first()


class Besides:
    """``holder``: (code of a site, role) -> the account that holds it there."""

    def __init__(
        self, people: Mapping[str, User], tenants: Mapping[str, Tenant], holder: Callable[[str, str], User]
    ) -> None:
        self.people, self.tenants, self.holder = people, tenants, holder
        self._links: dict[int, str] = {}

    def do(self, name: str, letter: Mapping[str, Any], case: Case, moment: dt.datetime, site: str) -> None:
        """Do what ``name`` says, where it was not done before. Raises Refused when an act refuses."""
        if name == "entry":
            # Several people one after another, each at a moment of their own.
            keep_question(letter, case, moment, self.holder)
            return
        acts = {
            "added": self._add, "abuse": self._abuse, "into": self._join, "unit": self._ask_unit,
            "asks": self._ask_site, "opinion": self._say, "grade": self._judge,
            "completion": self._stop, "third_party": self._stop,
        }  # fmt: skip
        with at(moment):
            acts[name](letter, case, site)

    def _add(self, letter: Mapping[str, Any], case: Case, _site: str) -> None:
        if not Supplement.objects.filter(case=case).exists():
            add_to_case(case, letter["added"])

    def _judge(self, letter: Mapping[str, Any], case: Case, _site: str) -> None:
        if case.state == Case.State.REPLIED and not Judgement.objects.filter(case=case).exists():
            judge_answer(case, letter["grade"], letter.get("words", ""))

    def _abuse(self, letter: Mapping[str, Any], case: Case, site: str) -> None:
        if not case.is_abuse:
            mark_abuse(case, acting_user=self.holder(site, CLERK.code), reason=letter["abuse"])

    def _join(self, letter: Mapping[str, Any], case: Case, _site: str) -> None:
        into = case_of({"slug": letter["into"]})
        if case.joined_to_id is None and into is not None:
            join_case(case, into, acting_user=self.holder(case.desk.code, CLERK.code))

    def _ask_unit(self, letter: Mapping[str, Any], case: Case, site: str) -> None:
        clerk = self.holder(site, CLERK.code)
        unit = Unit.objects.select_related("desk").filter(desk=case.desk, name=letter["unit"]).first()
        unit = unit or add_unit(case.desk, letter["unit"], acting_user=clerk)
        if case.state == Case.State.ASSIGNED and not Opinion.objects.filter(case=case).exists():
            self._links[case.pk] = ask_opinion(case, unit, acting_user=clerk)[1]

    def _ask_site(self, letter: Mapping[str, Any], case: Case, site: str) -> None:
        if case.state == Case.State.ASSIGNED and not Opinion.objects.filter(case=case).exists():
            ask_opinion(case, self.tenants[letter["asks"]], acting_user=self.holder(site, CLERK.code))

    def _stop(self, letter: Mapping[str, Any], case: Case, site: str) -> None:
        stop_clock(letter, case, self.holder(site, EDITOR.code))

    def _say(self, letter: Mapping[str, Any], case: Case, _site: str) -> None:
        if link := self._links.get(case.pk):
            give_opinion_by_link(link.rstrip("/").rsplit("/", 1)[-1], letter["opinion"])
