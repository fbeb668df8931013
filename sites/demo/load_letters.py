"""Letters of the demo's citizens, each brought to its stage by the people of the province, inside ``recorded_times``.

A letter is one transaction and is known again by its form, so a load that is run again adds what is missing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.roles import CLERK, CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR
from govplatform.cases.actions import accept_case
from govplatform.cases.intake import TakenIn, submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.queries import find_case
from govplatform.locks.holding import holding
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.rule_packs.working_days import nth_working_day
from govplatform.tenancy.models import Tenant
from sites.demo.content import CONTENT_FOLDER, Province, Role, read_toml
from sites.demo.recorded_time import at
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign

_STAGES = ("submitted", "accepted", "assigned", "in_review", "replied")
_MORNING = dt.time(9, 20)
#: Working days from the intake to each further step.
_ACCEPTED, _ANSWERED = 1, 3


class Letters:
    """The letters of ``content/letters.toml``. ``people``: accounts by user name; ``tenants``: by code."""

    def __init__(
        self, province: Province, people: Mapping[str, User], tenants: Mapping[str, Tenant], say: Callable[[str], None]
    ) -> None:
        self.province, self.people, self.tenants, self.say = province, people, tenants, say

    def run(self) -> None:
        """Write what is missing. Raises Refused when an action of the platform refuses."""
        self.say(_("公众来信"))
        # The oldest first: numbers follow the days on which letters came.
        for letter in sorted(read_toml(CONTENT_FOLDER / "letters.toml")["letter"], key=lambda one: -one["before"]):
            schemas = {self.tenants[letter[name]].schema_name for name in ("site", "to") if letter.get(name)}
            with transaction.atomic(), holding(*schemas):
                self._play(letter)

    def _play(self, letter: Mapping[str, Any]) -> None:
        came = timezone.localdate() - dt.timedelta(days=letter["before"])
        with at(_moment(came, hours=0)):
            taken = self._sent(letter)
        if taken.again:
            return
        number, stage = taken.case.number, _STAGES.index(letter["stage"])
        clerk = self._holder(letter["site"], CLERK.code)
        if stage >= _STAGES.index("accepted"):
            with at(_moment(nth_working_day(came, _ACCEPTED), hours=1)):
                accept_case(find_case(number), acting_user=clerk)
        if stage >= _STAGES.index("assigned"):
            with at(_moment(nth_working_day(came, _ACCEPTED), hours=2)):
                assign(find_case(number), self.tenants[letter["to"]], acting_user=clerk)
        if stage >= _STAGES.index("in_review"):
            self._answer(number, letter, nth_working_day(came, _ANSWERED))

    def _answer(self, number: str, letter: Mapping[str, Any], day: dt.date) -> None:
        site = letter["to"]
        editor = self._holder(site, EDITOR.code)
        with at(_moment(day, hours=3)):
            page = answer_case(find_case(number), letter["answer"], acting_user=editor)
            with tenant_context(self.tenants[site]):
                scan_now(page, acting_user=editor)
        if letter["stage"] != "replied":
            return
        for hours, role, opinion in (
            (4, CONTENT_REVIEWER.code, _("答复准确，同意。")),
            (5, CONFIDENTIALITY_REVIEWER.code, _("个人信息已经遮盖，同意公开。")),
        ):
            with at(_moment(day, hours=hours)), tenant_context(self.tenants[site]):
                decide_from_the_shell(page, acting_user=self._holder(site, role), approve=True, opinion=opinion)

    def _sent(self, letter: Mapping[str, Any]) -> TakenIn:
        read = read_letter(
            letter["kind"],
            letter["title"],
            letter["text"],
            may_publish=letter["public"],
            name=letter.get("name", ""),
            phone=letter.get("phone", ""),
            email=letter.get("email", ""),
        )
        nonce = hashlib.sha256(f"demo letter {letter['slug']}".encode()).hexdigest()[:32]
        return submit_case(read, self.tenants[letter["site"]], nonce=nonce)

    def _holder(self, site: str, role: Role | str) -> User:
        return next(self.people[p.username] for p in self.province.people if p.holds(site, role))  # type: ignore[arg-type]


def _moment(day: dt.date, *, hours: int) -> dt.datetime:
    """``hours`` after the beginning of work on ``day``."""
    return timezone.make_aware(dt.datetime.combine(day, _MORNING)) + dt.timedelta(hours=hours)
