"""How the centre speaks with a bucket from which front nodes take releases: the words of a node, which it is for them.

The bucket decides nothing, so the centre looks what lies there. ``urgent`` puts a release in place as soon as nodes can
take out what it does not name; ``offer`` once everything is there.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from govplatform.system_words import system_words

from ..keys import publishers_key
from ..release.entries import Entry, Faulty, read_part
from ..release.signed import LARGEST, Release, read_signed
from ..release.store import Store
from ..release.taken_down import read_taken_down
from ..releasing import root
from ..verifying.memory import is_older
from .accepting import GONE, MOST_ASKED, is_list
from .bucket import DOWN_LIST, RELEASES, STORE, WHOLE, Bucket, BucketError, BucketPlace, Unsound, read_credentials
from .configured import ObjectStore
from .unreachable import Unreachable

_YOUNG = timedelta(days=1)
#: Two threads push to a bucket: of what they put in place the newest stays.
_TURNS: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)


def ask(node: ObjectStore, asked: str, content: bytes) -> dict[str, Any]:
    """As ``transport.ask``. Raises Unreachable."""
    try:
        bucket = _bucket(node)
        if asked == "state":
            return {"hosts": _hosts(bucket)}
        if asked == "tidy":
            return _tidy(bucket)
        if is_list(content):
            return _take_list(node, bucket, content)
        release = read_signed(content, publishers_key().public_key())
        with _TURNS[node.name, release.host]:
            return _offer(bucket, content, release, urgent=asked == "urgent")
    except BucketError as error:
        raise Unreachable(_("对象存储没有完成请求：%(said)s") % {"said": str(error)[:300]}) from error


def send(node: ObjectStore, store: Path, digests: Iterable[str]) -> None:
    """As ``transport.send``. Raises Unreachable."""
    try:
        bucket = _bucket(node)
        bucket.bring(store, bucket.lacking(digests))
    except BucketError as error:
        raise Unreachable(_("对象存储没有完成请求：%(said)s") % {"said": str(error)[:300]}) from error


# --- inside ------------------------------------------------------------------------------


def _bucket(node: ObjectStore) -> Bucket:
    try:
        return _kept(node.place, read_credentials(node.key))
    except OSError as error:
        raise Unreachable(f"{node.key}：{system_words(error)}") from error
    except Unsound as error:
        raise Unreachable(_("%(file)s 应有两行：访问密钥编号和密钥。") % {"file": node.key}) from error


@lru_cache(maxsize=16)
def _kept(place: BucketPlace, credentials: tuple[str, str]) -> Bucket:
    """A client reads what it knows of the protocol for a tenth of a second, and keeps connections."""
    return Bucket(place, credentials)


def _hosts(bucket: Bucket) -> dict[str, list[int]]:
    names = [name.removeprefix(WHOLE) for name, _tag, _time in bucket.listed(WHOLE)]
    found = {host: _release_at(bucket, WHOLE, host) for host in names}
    return {host: [release.sequence, release.files] for host, release in found.items() if release is not None}


def _take_list(node: ObjectStore, bucket: Bucket, envelope: bytes) -> dict[str, Any]:
    """Nodes take it like a release, and before all others, as it is listed before any host."""
    taken = read_taken_down(envelope, publishers_key().public_key())
    with _TURNS[node.name, DOWN_LIST]:
        bucket.write(f"{RELEASES}{DOWN_LIST}", envelope)
    return {"accepted": taken.sequence}


def _release_at(bucket: Bucket, folder: str, host: str) -> Release | None:
    """The release of ours that lies there; who can write into the bucket may have put something else there."""
    try:
        found = read_signed(bucket.read(f"{folder}{host}", LARGEST + 1) or b"", publishers_key().public_key())
    except Faulty:
        return None
    return found if found.host == host else None


def _offer(bucket: Bucket, envelope: bytes, release: Release, *, urgent: bool) -> dict[str, Any]:
    newest, whole = (_release_at(bucket, folder, release.host) for folder in (RELEASES, WHOLE))
    if newest is not None and is_older(release, newest):
        return {"refused": "replayed", "newest": newest.sequence}
    if release == newest == whole:
        return {"accepted": release.sequence}
    known = set(whole.parts.values()) if whole is not None else set()
    if lacks := bucket.lacking(one for one in release.parts.values() if one not in known):
        return {"lacks": lacks[:MOST_ASKED]}
    differ = _different(whole, release)
    lacks = bucket.lacking(digest for entry in differ for digest in entry.digests)
    if lacks:
        gone = {digest for entry in differ if entry.status == GONE for digest in entry.digests}
        if not urgent or gone.intersection(lacks):
            return {"lacks": lacks[:MOST_ASKED]}
    bucket.write(f"{RELEASES}{release.host}", envelope)
    if lacks:
        return {"lacks": lacks[:MOST_ASKED], "down": True}
    bucket.write(f"{WHOLE}{release.host}", envelope)
    return {"accepted": release.sequence}


def _different(whole: Release | None, release: Release) -> list[Entry]:
    """Entries of ``release`` that ``whole`` has not in the same way; all where its parts are not here any more."""
    parts = set(whole.parts.values()) if whole is not None else set()
    new = _entries(digest for digest in release.parts.values() if digest not in parts)
    if whole is None:
        return new
    try:
        old = set(_entries(parts - set(release.parts.values())))
    except Faulty:
        return _entries(release.parts.values())
    return [entry for entry in new if entry not in old]


def _entries(digests: Iterable[str]) -> list[Entry]:
    """Of parts in the centre's own store. Raises Faulty for one that is not there unchanged."""
    store, found = Store(root()), list[Entry]()
    for digest in digests:
        try:
            content = store.read(digest)
        except OSError as error:
            raise Faulty(digest) from error
        if sha256(content).hexdigest() != digest:
            raise Faulty(digest)
        found += read_part(content)
    return found


def _tidy(bucket: Bucket) -> dict[str, Any]:
    """Let go of what no release names that lies there, and is older than a day: nodes may still be taking it."""
    named: set[str] = set()
    for folder in (RELEASES, WHOLE):
        for name, _tag, _time in bucket.listed(folder):
            release = _release_at(bucket, folder, name.removeprefix(folder))
            if release is None:
                continue
            named.update(release.parts.values())
            try:
                named.update(digest for entry in _entries(release.parts.values()) for digest in entry.digests)
            except Faulty:
                # nobody can say what its files are
                return {"removed": 0}
    before = datetime.now(UTC) - _YOUNG
    old = [name for name, _tag, time in bucket.listed(STORE) if name.rpartition("/")[2] not in named and time < before]
    bucket.delete(old)
    return {"removed": len(old)}
