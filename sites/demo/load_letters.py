"""Letters of the demo's citizens, each brought to its stage by the people of the province, inside ``recorded_times``.

What is done with them comes between what is done with the pages, for the record of a site is in the order of time. Each
step is one transaction and is known again by what has become of the letter, so a load that is run again goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.accounts.roles import CLERK, CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR
from govplatform.audit.models import Entry
from govplatform.cases.actions import accept_case
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, LetterToLeader
from govplatform.locks.holding import holding
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.rule_packs.working_days import nth_working_day
from govplatform.tenancy.models import Tenant
from sites.columns.mailboxes import find_addressee
from sites.demo.content import CONTENT_FOLDER, Province, Role, read_toml
from sites.demo.load_errors import correct_page, corrected_page, send_error
from sites.demo.load_letters_besides import Besides, case_of, nonce_of
from sites.demo.load_requests import send_request
from sites.demo.recorded_time import at
from sites.interaction.answering import answer_case, reply_to
from sites.interaction.assigning import assign
from sites.interaction.writing import letter_to

#: What a letter is before each of its steps; the last is what it is in the end.
_STAGES = ("", "submitted", "accepted", "assigned", "in_review", "replied")
_FILES = ("letters.toml", "errors.toml", "requests.toml")
_MORNING = dt.time(9, 20)
#: Working days from the intake to each further step.
_ACCEPTED, _ANSWERED = 1, 3
_A_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class _Step:
    """``number``: place in ``_STAGES`` of what the letter is before it; ``site``: code of the site in whose record it
    stands. ``besides``: what is done that is no stage (``load_letters_besides``).
    """

    planned: dt.datetime
    number: int
    letter: Mapping[str, Any]
    site: str
    besides: str = ""


class Letters:
    """The letters of ``content/letters.toml``. ``people``: accounts by user name; ``tenants``: by code."""

    def __init__(
        self, province: Province, people: Mapping[str, User], tenants: Mapping[str, Tenant], say: Callable[[str], None]
    ) -> None:
        self.province, self.people, self.tenants, self.say = province, people, tenants, say
        read = [one for name in _FILES for one in read_toml(CONTENT_FOLDER / name)["letter"]]
        acts: tuple[Callable[[_Step, dt.datetime, Any], None], ...]
        acts = (self._send, self._accept, self._assign, self._answer, self._decide)
        self._acts = acts
        self._besides = Besides(self.people, tenants, self._holder)
        self._left = sorted((step for letter in read for step in _steps(letter)), key=attrgetter("planned", "number"))

    @property
    def begin(self) -> dt.datetime:
        """When the first of them came."""
        return min(step.planned for step in self._left)

    def run(self, until: dt.datetime | None = None) -> None:
        """Do what was done before ``until`` (None: all) and is missing. Raises Refused when an action refuses."""
        while self._left and (until is None or self._left[0].planned < until):
            step = self._left.pop(0)
            self.say(_("公众来信"))
            schemas = {self.tenants[step.letter[name]].schema_name for name in ("site", "to") if step.letter.get(name)}
            with transaction.atomic(), holding(*schemas):
                case = case_of(step.letter)
                if step.besides:
                    if case is not None:
                        self._besides.do(step.besides, step.letter, case, self._moment(step), step.site)
                elif (_STAGES.index(case.state) if case is not None and case.state in _STAGES else 0) == step.number:
                    self._acts[step.number](step, self._moment(step), case)

    def _moment(self, step: _Step) -> dt.datetime:
        """As planned, but never before what stands in the record already."""
        last = Entry.objects.filter(chain=self.tenants[step.site].schema_name).order_by("-number").first()
        return max(step.planned, last.at + _A_MINUTE) if last is not None else step.planned

    def _send(self, step: _Step, moment: dt.datetime, _case: Case | None) -> None:
        letter = step.letter
        if "page" in letter:
            with at(moment):
                send_error(letter, self.tenants, nonce=nonce_of(letter))
            return
        if "applicant" in letter:
            with at(moment):
                send_request(letter, self.tenants, nonce=nonce_of(letter))
            return
        read = read_letter(
            letter["kind"],
            letter["title"],
            letter["text"],
            may_publish=letter["public"],
            name=letter.get("name", ""),
            phone=letter.get("phone", ""),
            email=letter.get("email", ""),
        )
        with at(moment):
            submit_case(read, self.tenants[letter["site"]], nonce=nonce_of(letter), to_leader=self._leader(letter))

    def _leader(self, letter: Mapping[str, Any]) -> LetterToLeader | None:
        if "leader" not in letter:
            return None
        with tenant_context(self.tenants[letter["site"]]):
            page = Page.objects.get(slug=letter["leader"], leader__isnull=False)
            return letter_to(find_addressee(str(page.pk)))

    def _accept(self, step: _Step, moment: dt.datetime, case: Case) -> None:
        if "page" in step.letter:
            # A report of an error is accepted by being passed on.
            self._assign(step, moment, case)
            return
        with at(moment):
            accept_case(case, acting_user=self._holder(step.site, CLERK.code))

    def _assign(self, step: _Step, moment: dt.datetime, case: Case) -> None:
        with at(moment):
            assign(case, self.tenants[step.letter["to"]], acting_user=self._holder(step.site, CLERK.code))

    def _answer(self, step: _Step, moment: dt.datetime, case: Case) -> None:
        editor = self._holder(step.site, EDITOR.code)
        with at(moment):
            decision = step.letter.get("decision", "")
            page = (
                correct_page(case, step.letter, editor)
                if "correction" in step.letter
                else answer_case(case, step.letter["answer"], acting_user=editor, decision=decision)
            )
            with tenant_context(self.tenants[step.site]):
                scan_now(page, acting_user=editor)

    def _decide(self, step: _Step, moment: dt.datetime, case: Case) -> None:
        with tenant_context(self.tenants[step.site]):
            page = reply_to(case) or corrected_page(case)
            for hours, role, opinion in (
                (0, CONTENT_REVIEWER.code, _("答复准确，同意。")),
                (1, CONFIDENTIALITY_REVIEWER.code, _("个人信息已经遮盖，同意公开。")),
            ):
                with at(moment + dt.timedelta(hours=hours)):
                    decide_from_the_shell(
                        page, acting_user=self._holder(step.site, role), approve=True, opinion=opinion
                    )

    def _holder(self, site: str, role: Role | str) -> User:
        return next(self.people[p.username] for p in self.province.people if p.holds(site, role))  # type: ignore[arg-type]


# --- inside ------------------------------------------------------------------------------


def _steps(letter: Mapping[str, Any]) -> Iterator[_Step]:
    """What is done with a letter up to its stage, in order."""
    came = timezone.localdate() - dt.timedelta(days=letter["before"])
    accepted, answered = nth_working_day(came, _ACCEPTED), nth_working_day(came, _ANSWERED)
    desk, to = letter["site"], letter.get("to", letter["site"])
    planned = ((came, 0, desk), (accepted, 1, desk), (accepted, 2, desk), (answered, 3, to), (answered, 4, to))
    for number, (day, hours, site) in enumerate(planned[: _STAGES.index(letter["stage"])]):
        if "page" in letter and number == _STAGES.index("accepted"):
            # A report of an error is accepted by being passed on: one step.
            continue
        yield _Step(_moment(day, hours=hours), number, letter, site)
    for name, day, hours, site in (
        ("added", came, 1, desk),
        ("abuse", accepted, 3, desk),
        ("into", answered, 2, desk),
        ("unit", accepted, 4, desk),
        ("asks", accepted, 4, desk),
        ("opinion", accepted, 5, desk),
        ("grade", answered, 8, desk),
        # In the evening: what is loaded later begins in the morning.
        ("entry", answered, 9, to),
        ("completion", accepted, 3, to),
        ("third_party", accepted, 3, to),
    ):
        if name in letter:
            yield _Step(_moment(day, hours=hours), len(_STAGES), letter, site, name)


def _moment(day: dt.date, *, hours: int) -> dt.datetime:
    """``hours`` after the beginning of work on ``day``."""
    return timezone.make_aware(dt.datetime.combine(day, _MORNING)) + dt.timedelta(hours=hours)
