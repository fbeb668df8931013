"""The time limits of the review, each in the unit that the site's rule pack gives it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

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


#: Of a page that waits: tenant id and page id.
Key = tuple[int, int]


@dataclass(frozen=True)
class Duty:
    """A deadline that another part puts on a page. ``label``: what it is of, '' where nothing needs to be said;
    ``article``: of the rule that sets it.
    """

    due: datetime
    label: str = ""
    article: str = ""

    @property
    def late(self) -> bool:
        return self.due < timezone.now()


#: Takes (tenant id, page id) of waiting pages and returns the further deadlines of some of them.
Duties = Callable[[Iterable[Key]], Mapping[Key, datetime | Duty]]
_duties: list[tuple[Duties, frozenset[str]]] = []


def register_duties(duties: Duties, *, models: frozenset[str] = frozenset()) -> None:
    """Register deadlines that another part puts on pages, such as a push. Called when its app is ready.

    ``models``: names of the only models whose pages have such; no others are asked about.
    """
    if (duties, models) not in _duties:
        _duties.append((duties, models))


def duties_on(pages: Mapping[Key, str]) -> dict[Key, Duty]:
    """Return the earliest registered duty on these pages, each with its model ('' where that is unknown)."""
    found: dict[Key, Duty] = {}
    for duties, models in _duties:
        wanted = [key for key, model in pages.items() if not models or model in models or not model]
        for key, given in (duties(wanted) if wanted else {}).items():
            duty = given if isinstance(given, Duty) else Duty(given)
            found[key] = min(duty, found.get(key, duty), key=lambda one: one.due)
    return found


def duty_deadlines(pages: Mapping[Key, str]) -> dict[Key, datetime]:
    """Return ``{(tenant id, page id): earliest deadline}`` of the registered duties on these pages."""
    return {key: duty.due for key, duty in duties_on(pages).items()}
