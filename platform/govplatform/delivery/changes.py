"""What citizens see has changed: whoever changes it writes that down in the same transaction.

The table of changes is the publisher's queue: a row stays until a release has what it stands for (decision 078).
"""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from govplatform.figures.counted import VISIBLE_SECONDS
from govplatform.rendering.reads import Read, ReadOf
from govplatform.tenancy.models import Tenant

from .models import Change

#: Channel on which the database tells publishers of new changes (migration 0001).
CHANNEL = "delivery_change"
_AT_ONCE = 1_000


def key_of(site: int, read: Read) -> str:
    """How ``read`` is kept for the site with that number; no two sites share a key."""
    kind, key = read
    return f"{site}/{kind}:{key}" if key else f"{site}/{kind}"


def note_change(tenant: Tenant, reads: Iterable[Read], *, page: int | None = None, down: bool = False) -> None:
    """Everything that was made of one of ``reads`` on the site is out of date with the commit.

    ``page``: id of the page of which it is told how far it is; ``down``: something came down, which goes before all
    else. One statement.
    """
    Change.objects.create(tenant=tenant, reads=_keys(tenant.pk, reads), page=page, down=down, made_at=timezone.now())


def note_changes(reads: Mapping[int, Iterable[Read]], *, down: bool = False) -> None:
    """The same for many sites, by id, in the order of their numbers. One statement, or one for each thousand sites."""
    now = timezone.now()
    rows = [Change(tenant_id=site, reads=_keys(site, reads[site]), down=down, made_at=now) for site in sorted(reads)]
    Change.objects.bulk_create(rows, batch_size=_AT_ONCE)


def note_whole(tenant: Tenant, *, down: bool = False) -> None:
    """Every file of the site is out of date with the commit: its name, its look, its state."""
    Change.objects.create(tenant=tenant, everything=True, down=down, made_at=timezone.now())


def note_visible(changes: Iterable[Change]) -> None:
    """Count how long each of ``changes`` took from its commit until now, when the files show it."""
    now = timezone.now()
    for change in changes:
        kind = "down" if change.down else "whole" if change.everything else "change"
        VISIBLE_SECONDS.labels(kind).observe(max((now - change.made_at).total_seconds(), 0.0))


def _keys(site: int, reads: Iterable[Read]) -> list[str]:
    return sorted({key_of(site, read) for read in reads})


def pages_read(*page_ids: int) -> set[Read]:
    """The reads of these pages by id."""
    return {(ReadOf.PAGE, str(page_id)) for page_id in page_ids}
