"""Putting a release together: rows and files change in one step, behind the site's row."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from govplatform.addresses.queries import public_addresses
from govplatform.figures.counted import RELEASES
from govplatform.locks.holding import locking
from govplatform.tenancy.models import Tenant
from govplatform.traditional.addresses import plain_of

from .answers import Baked, entry_of, store_at
from .keys import publishers_key, sign_release
from .models import DeliveredFile, SiteDelivery, SiteRelease
from .release.entries import DEPTHS, Entry, depth_for, write_part
from .release.signed import Release, read_signed
from .release.store import Store
from .release.trees import Site

Cause = SiteRelease.Cause
_AT_ONCE, _ASKED_AT_ONCE = 500, 5_000
#: A difference of more files is no longer a page and what shows it.
_SWITCHED_BEYOND = 200


@dataclass
class Difference:
    """What a release makes different. ``closed``: rows that end, or ended when their files were taken out before it;
    ``opened``: rows that begin; ``kept``: rows whose files stay, made of something else by now.
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


def is_served(tenant: Tenant) -> bool:
    """Whether citizens get pages of the site: only then do any lie as files."""
    return bool(tenant.public_host) and tenant.answers_citizens and not tenant.answers_from_ledger


def in_place(host: str, key: Ed25519PrivateKey) -> Release | None:
    """The release that lies there; somebody else's is none, as the verifier says."""
    envelope = Site(root(), host).envelope()
    with suppress(ValueError):
        return read_signed(envelope, key.public_key()) if envelope else None
    return None


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

    ``seen``: the newest number of the site when ``baked`` was rendered: what a later one said of an address stands.
    ``whole``: the files are put in place as a new tree, also those that are as they were; much that differs is put in
    place like that anyway, so that nobody sees half of it. Everything happens in the caller's transaction or its own,
    and the files are there before it ends: when it does not end well, the next release says the same again.
    """
    with transaction.atomic():
        work = _begun(tenant)
        state, host = work.state, tenant.public_host
        difference = _difference(tenant, baked, left, seen, work.sequence)
        # Taken out before there was a release without them; they stand in the newest one still.
        difference.closed += DeliveredFile.objects.filter(tenant=tenant, until__gt=state.sequence)
        _write_rows(difference, work.sequence)
        moved = state.host != host
        if not (difference.is_seen or whole or moved):
            return None
        whole = whole or moved or len(difference.opened) > _SWITCHED_BEYOND
        signed = _signed(work, difference, whole=whole)
        _put_in_place(work, difference, signed, whole=whole)
        if moved and state.host:
            _empty(work, state.host)
        state.host = host
        written = sum(1 for row in difference.opened if row.place)
        return _recorded(work, signed, cause=cause, reason=reason, written=written, withheld=withheld)


def close(tenant: Tenant, cause: str = Cause.CLOSED) -> SiteRelease | None:
    """Nothing of the site lies as a file any more: whatever is asked for there application and ledger answer.

    What is left is a signed release without files, so that nobody brings an older one back.
    """
    with transaction.atomic():
        work = _begun(tenant)
        if not work.state.host:
            return None
        present_files(tenant).update(until=work.sequence)
        signed = _empty(work, work.state.host)
        work.state.host, work.state.whole = "", True
        return _recorded(work, signed, cause=cause, written=0)


# --- inside ------------------------------------------------------------------------------


@dataclass
class _Work:
    """A release that is being made. ``state``: the site's row, locked; ``in_place``: host -> what lies there now."""

    tenant: Tenant
    state: SiteDelivery
    key: Ed25519PrivateKey
    store: Store
    in_place: dict[str, Release]

    @property
    def sequence(self) -> int:
        """One more than any number that was ever given there: a release may lie there whose transaction did not end, or
        of a site that had the host before.
        """
        return max([self.state.number, *(release.sequence for release in self.in_place.values())]) + 1


def _begun(tenant: Tenant) -> _Work:
    row = locking(SiteDelivery.objects.filter(pk=tenant.pk))
    state = row.first() or row.get(pk=delivery_of(tenant).pk)
    key = publishers_key()
    found = {host: in_place(host, key) for host in {state.host, tenant.public_host} - {""}}
    there = {host: one for host, one in found.items() if one is not None}
    return _Work(tenant, state, key, store_at(root()), there)


def _empty(work: _Work, host: str) -> Release:
    """Put a release without files in place on ``host``."""
    signed = Release(
        site=work.tenant.code,
        host=host,
        sequence=work.sequence,
        signed_at=_now(),
        files=0,
        bytes=0,
        depth=0,
    )
    Site(root(), host).switch(sign_release(signed, work.key), [], work.store, work.sequence)
    return signed


def _recorded(work: _Work, signed: Release, **facts: Any) -> SiteRelease:
    """The release is the newest of the site from now on."""
    state, now = work.state, timezone.now()
    state.sequence, state.signed_at = signed.sequence, now
    state.save(update_fields=["host", "sequence", "whole", "signed_at", "depth"])
    transaction.on_commit(RELEASES.labels(str(facts["cause"])).inc)
    return SiteRelease.objects.create(
        tenant=work.tenant,
        sequence=signed.sequence,
        files=signed.files,
        bytes=signed.bytes,
        signed_at=now,
        **facts,
    )


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
            if (tuple(row.reads), row.good_until, row.headers) != (one.reads, one.good_until, one.headers):
                row.reads, row.good_until, row.headers = list(one.reads), one.good_until, one.headers
                difference.kept.append(row)
        else:
            difference.closed.append(row)
            difference.opened.append(one.row(tenant.pk, sequence))
    difference.closed += [row for address in gone if (row := present.get(address)) is not None and row.since <= seen]
    return difference


def _still_public(tenant: Tenant, baked: Sequence[Baked]) -> list[Baked]:
    """Without answers that were public when they were rendered and are not any more."""
    public: set[str] = set()
    for addresses in _some_at_once({plain_of(one.address) for one in baked if one.status == 200}):
        public.update(public_addresses(tenant).filter(path__in=addresses).values_list("path", flat=True))
    return [one for one in baked if one.status != 200 or plain_of(one.address) in public]


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
        DeliveredFile.objects.bulk_update(difference.kept, ["reads", "good_until", "headers"], batch_size=_AT_ONCE)


def _signed(work: _Work, difference: Difference, *, whole: bool) -> Release:
    """The release as the rows say it; its parts are in the store, on the disk."""
    state, files = work.state, _files(work.tenant)
    sums = files.aggregate(files=Count("pk"), bytes=Sum("size"))
    known = work.in_place.get(state.host) if not whole else None
    if known is None or not known.parts:
        state.depth = depth_for(sums["files"])
        parts = _parts(files, state.depth, work.store)
    else:
        rows = itertools.chain(difference.closed, difference.opened)
        changed = {row.part[: state.depth] for row in rows if row.place}
        kept = {digits: digest for digits, digest in known.parts.items() if digits not in changed}
        parts = kept | _parts(files.filter(_in_parts(changed)), state.depth, work.store)
    work.store.bring_to_disk()
    return Release(
        site=work.tenant.code,
        host=work.tenant.public_host,
        sequence=work.sequence,
        signed_at=_now(),
        files=sums["files"],
        bytes=sums["bytes"] or 0,
        depth=state.depth,
        parts=dict(sorted(parts.items())),
    )


def _files(tenant: Tenant) -> QuerySet[DeliveredFile]:
    """The rows of what lies as a file in the newest release of the site."""
    return present_files(tenant).exclude(place="")


def _parts(rows: QuerySet[DeliveredFile], depth: int, store: Store) -> dict[str, str]:
    entries: dict[str, list[Entry]] = {}
    for row in rows.iterator(chunk_size=_AT_ONCE):
        entries.setdefault(row.part[:depth], []).append(entry_of(row))
    return {digits: store.put(write_part(those)) for digits, those in entries.items()}


def _in_parts(parts: Iterable[str]) -> Q:
    """Rows of these parts, whose digits are the first of those that a row has."""
    digits = max(DEPTHS)
    found = Q(pk=None)
    for part in parts:
        found |= Q(part__gte=part.ljust(digits, "0"), part__lte=part.ljust(digits, "f"))
    return found


def _put_in_place(work: _Work, difference: Difference, signed: Release, *, whole: bool) -> None:
    site, envelope = Site(root(), signed.host), sign_release(signed, work.key)
    if whole or not site.envelope():
        entries = map(entry_of, _files(work.tenant).iterator(chunk_size=_AT_ONCE))
        site.switch(envelope, entries, work.store, signed.sequence)
        return
    opened = [entry_of(row) for row in difference.opened if row.place]
    places = {entry.place for entry in opened}
    removed = [row.place for row in difference.closed if row.place and row.place not in places]
    site.bring_in_line(envelope, opened, removed, work.store)


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")
