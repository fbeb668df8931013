"""How far a standing clearance reaches, in numbers: what it would have let through, and what it did let through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from content_library.models import Resource
from content_library.vocabularies.queries import codes_under
from govplatform.accounts.models import User
from govplatform.review.models import AfterReview
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant

from .models import PushTarget, StandingClearance
from .reposting import levels_below

#: The time that is looked back on, and the number of titles that are named: our own numbers, no regulation names any.
LOOK_BACK, NAMED = timedelta(days=365), 20


@dataclass(frozen=True)
class Reach:
    """What a scope would have covered since ``since``.

    ``published``: resources that its sources published; ``pushed``: those pushed to the site; of these ``returned``
    by its reviewers, ``withdrawn`` by their source afterwards. ``newest``: the last of those pushed, the newest first.
    """

    since: datetime
    published: int
    pushed: int
    returned: int
    withdrawn: int
    newest: tuple[Resource, ...]


def covered_resources(standing: StandingClearance) -> QuerySet[Resource]:
    """Return what is in its scope, of any time: by source or level, with its class and what lies below, its kind."""
    found = Resource.objects.filter(tenant__isnull=False)
    if standing.source_id is not None:
        found = found.filter(tenant=standing.source_id)
    elif standing.tenant.level not in levels_below(standing.level):
        # Trusted are superior sites; a level that is none covers nothing.
        return found.none()
    else:
        found = found.filter(level=standing.level)
    if standing.subject_class:
        found = found.filter(subject_class__in=codes_under("subject", standing.subject_class))
    if standing.kind:
        found = found.filter(kind=standing.kind)
    return found


def reach_of(standing: StandingClearance) -> Reach:
    """Count what ``standing``, if it had been valid all the time, would have let through in the last year."""
    since = timezone.now() - LOOK_BACK
    covered = covered_resources(standing)
    here = PushTarget.objects.filter(
        tenant=standing.tenant_id, push__resource=OuterRef("pk"), push__requested_at__gte=since
    )
    pushed = covered.filter(Exists(here))
    returned = pushed.filter(Exists(here.filter(rejected_at__isnull=False)))
    return Reach(
        since=since,
        published=covered.filter(published_at__gte=since).count(),
        pushed=pushed.count(),
        returned=returned.count(),
        withdrawn=pushed.filter(status=Resource.Status.WITHDRAWN).count(),
        newest=tuple(pushed.select_related("tenant").order_by("-published_at", "-pk")[:NAMED]),
    )


@dataclass(frozen=True)
class Sampled:
    """What was looked at afterwards of what went out under a standing clearance: open, confirmed, withdrawn."""

    waiting: int
    confirmed: int
    withdrawn: int

    @property
    def total(self) -> int:
        return self.waiting + self.confirmed + self.withdrawn


def sampled_under(standing: StandingClearance) -> Sampled:
    """Count the reviews after the fact of ``standing``; call inside its site."""
    pages = [page for page in standing.targets.values_list("page_id", flat=True) if page is not None]
    sampled = AfterReview.objects.filter(page_id__in=pages, submission__emergency=False)
    verdicts = list(sampled.values_list("verdict", flat=True))
    return Sampled(
        waiting=verdicts.count(""),
        confirmed=verdicts.count(AfterReview.Verdict.CONFIRMED),
        withdrawn=verdicts.count(AfterReview.Verdict.WITHDRAWN),
    )


def standing_to_approve(tenant: Tenant, user: User) -> list[StandingClearance]:
    """Return what waits for an approval that ``user`` could give: proposed by somebody else, not over; oldest first."""
    waiting = StandingClearance.objects.filter(tenant=tenant, approved_at__isnull=True).not_over()
    return list(waiting.exclude(proposed_by=user).select_related("source", "proposed_by").order_by("proposed_at"))


def standing_to_renew(tenant: Tenant) -> list[StandingClearance]:
    """Return the valid decisions whose last day is near and that no other one of the same scope outlives."""
    near = local_day(timezone.now()) + timedelta(days=site_rule_pack().limit("standing_renewal").days)
    valid = StandingClearance.objects.filter(tenant=tenant).valid().select_related("source").order_by("ends_on")
    lasting = {_scope(standing) for standing in valid if standing.ends_on > near}
    return [standing for standing in valid if standing.ends_on <= near and _scope(standing) not in lasting]


def _scope(standing: StandingClearance) -> tuple[object, ...]:
    return (standing.source_id, standing.level, standing.subject_class, standing.kind)
