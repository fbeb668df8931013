"""Files that certainly are what the application would answer now, for archives: taken from the store, not rendered.

Certain is what nothing has made out of date since it was rendered, what the signed release in place names with the same
digest, and what has that digest. Everything is asked in the state (snapshot) in which the rest is rendered, and of the
release as it lies there at that moment: a page that comes down meanwhile is in neither.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from govplatform.addresses.canonical import location_of
from govplatform.rendering.kept import KeptAnswer, ReadKept
from govplatform.rendering.renderer import HELD_IN_MEMORY
from govplatform.rendering.state import shared
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .answers import entry_of
from .headers import headers_of
from .models import Change, DeliveredFile, SiteDelivery
from .release.entries import Faulty, write_part
from .release.signed import PublicKeys, Release, read_public_keys, read_signed
from .release.sm2 import Unable
from .release.store import Store
from .release.taken_down import TakenDown, list_bytes, read_taken_down
from .release.trees import Site
from .releasing import is_served, present_files, root

logger = logging.getLogger("govplatform.delivery")
#: Parts held at once; each has some tens of kilobytes.
_PARTS_HELD = 128


def find_certain(tenant: Tenant, address: str, targets: Sequence[str]) -> Mapping[str, ReadKept]:
    """See ``rendering.kept``; ``address``: ``http://host:port`` under which ``targets`` are asked for."""
    sequence = shared(f"delivery.settled {address}", partial(_settled, tenant, address))
    there = _in_place(tenant) if sequence else None
    if there is None or there.release.sequence < sequence:
        return {}
    return {location_of(row.address): partial(_read, row) for row in _rows(tenant, targets) if there.names(row)}


# --- inside ------------------------------------------------------------------------------


class _InPlace:
    """The release that lies there, and what came down since."""

    def __init__(self, release: Release, down: TakenDown | None) -> None:
        self.release = release
        self._down = down.places(release) if down is not None else frozenset()

    def names(self, row: DeliveredFile) -> bool:
        """Whether the release says of the place what ``row`` says."""
        digest = self.release.parts.get(row.part[: self.release.depth])
        if digest is None or row.place in self._down:
            return False
        line, part = write_part([entry_of(row)]), _part(root(), digest)
        return part.startswith(line) or b"\n" + line in part


def _settled(tenant: Tenant, address: str) -> int:
    """The number of the site's newest release, if that is all there is to say of the site; 0 otherwise.

    What is new beside a page is known only once the new page is rendered (decision 078). So one change that waits, of
    whatever, makes every file uncertain.
    """
    state = SiteDelivery.objects.filter(pk=tenant.pk).first()
    if state is None or state.whole or not is_served(tenant) or state.host != tenant.public_host:
        return 0
    if address != public_url(tenant, "").rstrip("/") or Change.objects.filter(tenant=tenant).exists():
        return 0
    # Taken out before a release says so.
    return state.sequence if state.sequence == state.number else 0


def _rows(tenant: Tenant, targets: Sequence[str]) -> Iterator[DeliveredFile]:
    """The rows of those that may be taken, as far as the database knows."""
    wanted = {_address_of(target): target for target in targets}
    rows = present_files(tenant).filter(address__in=list(wanted), status=200, size__lte=HELD_IN_MEMORY)
    rows = rows.filter(Q(good_until__isnull=True) | Q(good_until__gt=timezone.now()))
    for row in rows.exclude(place="").exclude(headers="").defer("reads"):
        if location_of(row.address) == wanted[row.address]:
            yield row


def _address_of(target: str) -> str:
    """What the ledger has where ``location_of`` makes ``target`` of it."""
    path, mark, query = target.partition("?")
    return f"{unquote(path)}{mark}{unquote(query)}"


def _in_place(tenant: Tenant) -> _InPlace | None:
    """The signed release of the site that lies there at this moment; None for anything else."""
    try:
        key = Path(settings.DELIVERY_PUBLIC_KEY_FILE).read_bytes()
        release = _release(Site(root(), tenant.public_host).envelope(), key)
        down = list_bytes(root())
        taken = _taken_down(down, key) if down else None
    except (OSError, Faulty, Unable):
        return None
    # Somebody else's, or what a site left there that had the host before.
    return _InPlace(release, taken) if (release.site, release.host) == (tenant.code, tenant.public_host) else None


@lru_cache(maxsize=2)
def _release(envelope: bytes, key: bytes) -> Release:
    return read_signed(envelope, _keys(key))


@lru_cache(maxsize=2)
def _taken_down(content: bytes, key: bytes) -> TakenDown:
    return read_taken_down(content, _keys(key))


@lru_cache(maxsize=2)
def _keys(content: bytes) -> PublicKeys:
    return read_public_keys(content)


@lru_cache(maxsize=_PARTS_HELD)
def _part(folder: Path, digest: str) -> bytes:
    """The part of a release. Raises OSError where it is not there, or is something else."""
    return _whole(folder, digest)


@lru_cache(maxsize=32)
def _headers(folder: Path, digest: str) -> bytes:
    return _whole(folder, digest)


def _whole(folder: Path, digest: str) -> bytes:
    content = Store(folder).read(digest)
    if sha256(content).hexdigest() != digest:
        raise OSError(f"{digest} in the store is something else")
    return content


def _read(row: DeliveredFile) -> KeptAnswer | None:
    try:
        body = _whole(root(), row.sha256)
        return KeptAnswer(headers_of(_headers(root(), row.headers), body), body)
    except (OSError, ValueError) as error:
        logger.warning("%s of the store is not taken and rendered: %s", row.address, error)
        return None
