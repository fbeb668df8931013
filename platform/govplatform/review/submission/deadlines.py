"""Until when: every time limit of the review, in the unit that the site's rule pack gives it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from govplatform.rule_packs.packs import RulePack


def step_deadline(pack: RulePack, started_at: datetime, *, emergency: bool) -> datetime:
    """When the step that began then ought to be done."""
    limit = pack.limit("emergency_review_deadline") if emergency else pack.limit("review_deadline")
    return limit.after(started_at)


def after_review_due(pack: RulePack, granted_at: datetime) -> datetime:
    """When what went out in an emergency ought to have been looked at again."""
    return pack.limit("emergency_after_review").after(granted_at)


def claim_end(pack: RulePack, claimed_at: datetime) -> datetime:
    """When a claim ends by itself."""
    return pack.limit("claim").after(claimed_at)


def confirmation_due(pack: RulePack, withdrawn_at: datetime) -> datetime:
    """When a withdrawal at once ought to have been confirmed or contested."""
    return pack.limit("withdrawal_confirmation").after(withdrawn_at)


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
