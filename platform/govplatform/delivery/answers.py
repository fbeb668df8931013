"""What an address answered, ready for a release: bytes in the store, where they lie, what they were made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from django.conf import settings

from govplatform.digests import Digest, digest_of_stream
from govplatform.rendering.reads import ReadOf
from govplatform.rendering.renderer import HELD_IN_MEMORY, Rendered

from .changes import key_of
from .headers import block_of
from .models import DeliveredFile
from .release.entries import Entry, digits_of
from .release.layout import (
    COMPRESSED,
    answer_place_of,
    gone_place_of,
    is_download,
    is_stored_file,
    moved_place_of,
    place_of,
    type_of,
)
from .release.store import Store, compress, compress_brotli

#: Compressing less than that saves no packet.
_WORTH_COMPRESSING = 1_000
#: Status -> where what is answered with it lies.
_PLACES: Mapping[int, Callable[[str], str]] = MappingProxyType(
    {200: place_of, 301: moved_place_of, 404: answer_place_of, 410: gone_place_of, 503: answer_place_of}
)


@dataclass(frozen=True)
class Baked:
    """The answer of ``address``. ``place``: '' for one that the application gives by itself (redirects, errors).

    ``headers``: digest in the store of those it was given with, '' where they are not kept.
    """

    address: str
    place: str
    status: int
    digest: Digest | None
    type: str
    gzip: str
    gzip_size: int
    brotli: str
    brotli_size: int
    reads: tuple[str, ...]
    good_until: datetime | None
    headers: str = ""

    def is_in(self, row: DeliveredFile) -> bool:
        """Whether ``row`` says the same of what citizens get."""
        sha256 = self.digest.sha256 if self.digest else ""
        same = (row.place, row.status, row.sha256) == (self.place, self.status, sha256)
        # compressed otherwise than before (settings) it is written again, with the same digests by another library not
        return same and (bool(row.gzip), bool(row.brotli)) == (bool(self.gzip), bool(self.brotli))

    def row(self, tenant: int, since: int) -> DeliveredFile:
        """The row of this answer, from the release ``since`` on."""
        digest = self.digest
        return DeliveredFile(
            tenant_id=tenant,
            address=self.address,
            place=self.place,
            part=digits_of(self.place) if self.place else "",
            status=self.status,
            size=digest.bytes if digest else 0,
            sha256=digest.sha256 if digest else "",
            sm3=digest.sm3 if digest else "",
            gzip=self.gzip,
            gzip_size=self.gzip_size,
            brotli=self.brotli,
            brotli_size=self.brotli_size,
            type=self.type,
            reads=list(self.reads),
            good_until=self.good_until,
            headers=self.headers,
            since=since,
        )


def bake(site: int, address: str, target: str, answer: Rendered, store: Store) -> Baked:
    """Keep what ``target``, as a browser asks for ``address``, answered on the site with that number."""
    terms = [datetime.fromisoformat(key) for kind, key in answer.reads if kind == ReadOf.UNTIL]
    reads = tuple(sorted(key_of(site, read) for read in answer.reads if read[0] != ReadOf.UNTIL))
    until = min(terms, default=None)
    place = _place_for(target, answer)
    if not place:
        return Baked(address, "", answer.status, None, "", "", 0, "", 0, reads, until)
    answer.body.seek(0)
    digest = digest_of_stream(answer.body)  # type: ignore[arg-type]
    store.put_stream(answer.body, digest.sha256)
    gzip, brotli = ("", 0), ("", 0)
    if type_of(place) in COMPRESSED and digest.bytes > _WORTH_COMPRESSING and (text := answer.text()):
        gzip = _kept(compress(text), digest.bytes, store)
        # pages alone are sent so (front/rules.py)
        if settings.DELIVERY_BROTLI and type_of(place) == "text/html" and not place.startswith("."):
            brotli = _kept(compress_brotli(text), gzip[1], store)
    headers = _kept_headers(place, answer, store)
    return Baked(address, place, answer.status, digest, type_of(place), *gzip, *brotli, reads, until, headers)


def entry_of(row: DeliveredFile) -> Entry:
    """The line of a release for the file of ``row``."""
    return Entry(row.place, row.status, row.size, row.sha256, row.sm3, row.type, row.gzip, row.gzip_size,
                 row.brotli, row.brotli_size)  # fmt: skip


def store_at(root: Path) -> Store:
    root.mkdir(parents=True, exist_ok=True)
    return Store(root)


def _kept(content: bytes, most: int, store: Store) -> tuple[str, int]:
    """Digest and size in the store; '' and 0 for what is not smaller than ``most`` bytes."""
    return (store.put(content), len(content)) if len(content) < most else ("", 0)


def _kept_headers(place: str, answer: Rendered, store: Store) -> str:
    """Digest in the store of the headers of what may be taken instead of being rendered (``certain.py``).

    Files that somebody uploaded have headers of their own each, and cost nearly nothing to send.
    """
    if answer.reason != "200 OK" or is_stored_file(place) or answer.size > HELD_IN_MEMORY:
        return ""
    answer.body.seek(0)
    block = block_of(answer.headers, answer.body.read())
    return store.put(block) if block else ""


def _place_for(target: str, answer: Rendered) -> str:
    """'' unless a web server that has the file would answer as the application did."""
    found = _PLACES.get(answer.status)
    place = found(target) if found is not None else ""
    if not place or answer.type != type_of(place):
        return ""
    if answer.status == 200:
        disposition = answer.header("content-disposition").partition(";")[0].strip().lower()
        if (disposition == "attachment") != is_download(place):
            return ""
        if answer.header("content-security-policy").startswith("sandbox") != is_stored_file(place):
            return ""
    return place
