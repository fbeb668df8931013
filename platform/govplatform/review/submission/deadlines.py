"""The time limits of the review, each in the unit that the site's rule pack gives it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from govplatform.rule_packs.packs import RulePack


def step_deadline(pack: RulePack, started_at: datetime, *, emergency: bool) -> datetime:
    """Return until when the step that began at ``started_at`` ought to be done."""
    limit = pack.limit("emergency_review_deadline") if emergency else pack.limit("review_deadline")
    return limit.after(started_at)


def after_review_due(pack: RulePack, granted_at: datetime) -> datetime:
    """Return until when what was cleared in an emergency ought to have been reviewed after the fact."""
    return pack.limit("emergency_after_review").after(granted_at)


def claim_end(pack: RulePack, claimed_at: datetime) -> datetime:
    """Return when a claim ends by itself."""
    return pack.limit("claim").after(claimed_at)


def confirmation_due(pack: RulePack, withdrawn_at: datetime) -> datetime:
    """Return until when a withdrawal at once ought to have been confirmed or contested."""
    return pack.limit("withdrawal_confirmation").after(withdrawn_at)


#: A function that takes (tenant id, page id) of waiting pages and returns the further deadlines of some of them.
Duties = Callable[[Iterable[tuple[int, int]]], dict[tuple[int, int], datetime]]
_duties: list[Duties] = []


def register_duties(duties: Duties) -> None:
    """Register deadlines that another part puts on pages, such as a push. Called when its app is ready."""
    if duties not in _duties:
        _duties.append(duties)


def duty_deadlines(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """Return ``{(tenant id, page id): earliest deadline}`` of the registered duties on these pages."""
    wanted, found = list(pairs), dict[tuple[int, int], datetime]()
    for duties in _duties if wanted else ():
        for key, due in duties(wanted).items():
            found[key] = min(due, found.get(key, due))
    return found
