"""Putting a release together: rows and files change in one step, behind the site's row."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from govplatform.addresses.queries import public_addresses
from govplatform.locks.holding import locking
from govplatform.tenancy.models import Tenant

from .answers import Baked, entry_of, store_at
from .keys import publishers_key
from .models import DeliveredFile, SiteDelivery, SiteRelease
from .release.entries import depth_for, digits_of, write_part
from .release.signed import Release, read_signed, sign
from .release.store import Store
from .release.trees import Site

Cause = SiteRelease.Cause
_AT_ONCE, _ASKED_AT_ONCE = 500, 5_000
#: A difference of more files is no longer a page and what shows it.
_SWITCHED_BEYOND = 200


@dataclass
class Difference:
    """What a release makes different. ``closed``: rows that end; ``opened``: rows that begin; ``kept``: rows whose
    files stay, made of something else by now.
    """

    closed: list[DeliveredFile] = field(default_factory=list)
    opened: list[DeliveredFile] = field(default_factory=list)
    kept: list[DeliveredFile] = field(default_factory=list)

    @property
    def is_seen(self) -> bool:
        """Whether a citizen would notice."""
        return any(row.place for row in itertools.chain(self.closed, self.opened))


def root() -> Path:
    return Path(settings.DELIVERY_ROOT)


def delivery_of(tenant: Tenant) -> SiteDelivery:
    """The site's row, which is made when there is none."""
    return SiteDelivery.objects.get_or_create(tenant=tenant)[0]


def present_files(tenant: Tenant) -> QuerySet[DeliveredFile]:
    """The rows of what is in the newest release of the site, and of what the application answers by itself."""
    return DeliveredFile.objects.filter(tenant=tenant, until__isnull=True)


def release(
    tenant: Tenant,
    baked: Sequence[Baked],
    cause: str,
    *,
    seen: int,
    left: Iterable[str] = (),
    reason: str = "",
    whole: bool = False,
    withheld: int = 0,
) -> SiteRelease | None:
    """Put ``baked`` in place and take ``left`` (addresses) out; return the release, None when nothing differs.

    ``seen``: number of the newest release when ``baked`` was rendered: what a later one said of an address stands.
    ``whole``: the files are put in place as a new tree, also those that are as they were; much that differs is put in
    place like that anyway, so that nobody sees half of it. Everything happens in the caller's transaction or its own,
    and the files are there before it ends: when it does not end well, the next release says the same again.
    """
    with transaction.atomic():
        state = locking(SiteDelivery.objects.filter(pk=delivery_of(tenant).pk)).get()
        sequence = _next_number(tenant, state)
        difference = _difference(tenant, baked, left, seen, sequence)
        _write_rows(difference, sequence)
        host = tenant.public_host
        moved = state.host != host
        if not (difference.is_seen or whole or moved):
            return None
        whole = whole or moved or len(difference.opened) > _SWITCHED_BEYOND
        store = store_at(root())
        envelope, facts = _signed(tenant, state, difference, sequence, store, whole=whole)
        _put_in_place(tenant, state, difference, envelope, store, sequence, whole=whole)
        now = timezone.now()
        state.host, state.sequence, state.signed_at = host, sequence, now
        state.save(update_fields=["host", "sequence", "signed_at", "depth"])
        return SiteRelease.objects.create(
            tenant=tenant,
            sequence=sequence,
            cause=cause,
            reason=reason,
            files=facts.files,
            bytes=facts.bytes,
            written=sum(1 for row in difference.opened if row.place),
            withheld=withheld,
            signed_at=now,
        )


def close(tenant: Tenant, cause: str = Cause.CLOSED) -> SiteRelease | None:
    """Nothing of the site lies as a file any more: whatever is asked for there application and ledger answer.

    What is left is a signed release without files, so that nobody brings an older one back.
    """
    with transaction.atomic():
        state = locking(SiteDelivery.objects.filter(pk=delivery_of(tenant).pk)).get()
        if not state.host:
            return None
        sequence = _next_number(tenant, state)
        present_files(tenant).update(until=sequence)
        _empty(tenant, state.host, sequence)
        now = timezone.now()
        state.host, state.sequence, state.whole, state.signed_at = "", sequence, True, now
        state.save(update_fields=["host", "sequence", "whole", "signed_at"])
        return SiteRelease.objects.create(
            tenant=tenant, sequence=sequence, cause=cause, files=0, bytes=0, written=0, signed_at=now
        )


def _empty(tenant: Tenant, host: str, sequence: int) -> None:
    facts = Release(
        site=tenant.code, host=host, sequence=sequence, signed_at=_now(), files=0, bytes=0, depth=0, parts={}
    )
    Site(root(), host).switch(sign(facts, publishers_key()), [], store_at(root()), sequence)


# --- inside ------------------------------------------------------------------------------


def _next_number(tenant: Tenant, state: SiteDelivery) -> int:
    """One more than anything that was ever signed there: a release may lie there whose transaction did not end, or of a
    site that had the host before.
    """
    newest = state.sequence
    for host in {state.host, tenant.public_host} - {""}:
        if envelope := Site(root(), host).envelope():
            try:
                newest = max(newest, read_signed(envelope, publishers_key().public_key()).sequence)
            except ValueError:
                # somebody else's; the verifier says so
                continue
    return newest + 1


def _difference(tenant: Tenant, baked: Sequence[Baked], left: Iterable[str], seen: int, sequence: int) -> Difference:
    difference = Difference()
    gone = set(left)
    baked = _still_public(tenant, baked)
    present: dict[str, DeliveredFile] = {}
    for addresses in _some_at_once({one.address for one in baked} | gone):
        present.update((row.address, row) for row in present_files(tenant).filter(address__in=addresses))
    for one in baked:
        row = present.get(one.address)
        if row is None:
            difference.opened.append(one.row(tenant.pk, sequence))
        elif row.since > seen:
            # Rendered before something came down that a later release has taken out already.
            continue
        elif one.is_in(row):
            if (tuple(row.reads), row.good_until) != (one.reads, one.good_until):
                row.reads, row.good_until = list(one.reads), one.good_until
                difference.kept.append(row)
        else:
            difference.closed.append(row)
            difference.opened.append(one.row(tenant.pk, sequence))
    difference.closed += [present[address] for address in gone if address in present]
    return difference


def _still_public(tenant: Tenant, baked: Sequence[Baked]) -> list[Baked]:
    """Without answers that were public when they were rendered and are not any more."""
    public: set[str] = set()
    for addresses in _some_at_once(one.address for one in baked if one.status == 200):
        public.update(public_addresses(tenant).filter(path__in=addresses).values_list("path", flat=True))
    return [one for one in baked if one.status != 200 or one.address in public]


def _some_at_once(addresses: Iterable[str]) -> Iterator[list[str]]:
    """In handfuls: a statement takes no more than 65,535 parameters."""
    coming = iter(addresses)
    while some := list(itertools.islice(coming, _ASKED_AT_ONCE)):
        yield some


def _write_rows(difference: Difference, sequence: int) -> None:
    ended = [row.pk for row in difference.closed]
    for start in range(0, len(ended), _AT_ONCE):
        DeliveredFile.objects.filter(pk__in=ended[start : start + _AT_ONCE]).update(until=sequence)
    DeliveredFile.objects.bulk_create(difference.opened, batch_size=_AT_ONCE)
    if difference.kept:
        DeliveredFile.objects.bulk_update(difference.kept, ["reads", "good_until"], batch_size=_AT_ONCE)


def _signed(
    tenant: Tenant, state: SiteDelivery, difference: Difference, sequence: int, store: Store, *, whole: bool
) -> tuple[bytes, Release]:
    """The envelope of the release as the rows say it, and what stands in it; its parts are in the store."""
    key = publishers_key()
    files = present_files(tenant).exclude(place="")
    sums = files.aggregate(files=Count("pk"), bytes=Sum("size"))
    known: dict[str, str] = {}
    if not whole and (envelope := Site(root(), state.host).envelope()):
        try:
            known = dict(read_signed(envelope, key.public_key()).parts)
        except ValueError:
            known = {}
    if not known:
        state.depth = depth_for(sums["files"])
        parts = _parts(files.iterator(chunk_size=_AT_ONCE), state.depth, store)
    else:
        rows = itertools.chain(difference.closed, difference.opened)
        changed = {row.part[: state.depth] for row in rows if row.place}
        kept = {digits: digest for digits, digest in known.items() if digits not in changed}
        written = files.filter(part__in=_all_digits(changed, state.depth)).iterator(chunk_size=_AT_ONCE)
        parts = kept | _parts(written, state.depth, store)
    release = Release(
        site=tenant.code,
        host=tenant.public_host,
        sequence=sequence,
        signed_at=_now(),
        files=sums["files"],
        bytes=sums["bytes"] or 0,
        depth=state.depth,
        parts=dict(sorted(parts.items())),
    )
    store.bring_to_disk()
    return sign(release, key), release


def _parts(rows: Iterable[DeliveredFile], depth: int, store: Store) -> dict[str, str]:
    entries: dict[str, list[DeliveredFile]] = {}
    for row in rows:
        entries.setdefault(row.part[:depth], []).append(row)
    return {digits: store.put(write_part(map(entry_of, those))) for digits, those in entries.items()}


def _all_digits(shorter: Iterable[str], depth: int) -> list[str]:
    """Every value of ``part`` that begins with one of ``shorter``, so that the index finds them."""
    rest = len(digits_of("")) - depth
    return [f"{digits}{number:0{rest}x}" if rest else digits for digits in shorter for number in range(16**rest)]


def _put_in_place(
    tenant: Tenant,
    state: SiteDelivery,
    difference: Difference,
    envelope: bytes,
    store: Store,
    sequence: int,
    *,
    whole: bool,
) -> None:
    site = Site(root(), tenant.public_host)
    if whole or not site.envelope():
        entries = map(entry_of, present_files(tenant).exclude(place="").iterator(chunk_size=_AT_ONCE))
        site.switch(envelope, entries, store, sequence)
    else:
        opened = [entry_of(row) for row in difference.opened if row.place]
        places = {entry.place for entry in opened}
        removed = [row.place for row in difference.closed if row.place and row.place not in places]
        site.bring_in_line(envelope, opened, removed, store)
    if state.host and state.host != tenant.public_host:
        _empty(tenant, state.host, sequence)


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")
