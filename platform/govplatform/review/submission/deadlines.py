"""Until when: every time limit of the review, from the rule pack of the site."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from ..rules import RulePack


def step_deadline(pack: RulePack, started_at: datetime, *, emergency: bool) -> datetime:
    """When the step that began then ought to be done."""
    name = "emergency_review_deadline_hours" if emergency else "review_deadline_hours"
    return started_at + timedelta(hours=pack.limit(name))


def after_review_due(pack: RulePack, granted_at: datetime) -> datetime:
    """When what went out in an emergency ought to have been looked at again."""
    return granted_at + timedelta(hours=pack.limit("emergency_after_review_hours"))


def claim_end(pack: RulePack, claimed_at: datetime) -> datetime:
    """When a claim ends by itself."""
    return claimed_at + timedelta(hours=pack.limit("claim_hours"))


def confirmation_due(pack: RulePack, withdrawn_at: datetime) -> datetime:
    """When a withdrawal at once ought to have been confirmed or contested."""
    return withdrawn_at + timedelta(hours=pack.limit("break_glass_confirm_hours"))


#: (tenant id, page id) of what waits -> the deadlines that lie on them besides.
Duties = Callable[[Iterable[tuple[int, int]]], dict[tuple[int, int], datetime]]
_duties: list[Duties] = []


def register_duties(duties: Duties) -> None:
    """Other parts put deadlines on pages: a push that must be reposted by a time. Called when their app is ready."""
    if duties not in _duties:
        _duties.append(duties)


def duty_deadlines(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """(tenant id, page id) -> the earliest of them."""
    wanted, found = list(pairs), dict[tuple[int, int], datetime]()
    for duties in _duties if wanted else ():
        for key, due in duties(wanted).items():
            found[key] = min(due, found.get(key, due))
    return found
