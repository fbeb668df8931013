"""A node takes a release in: it says what it lacks of it, and puts it in place once everything is there and proven.

What arrives lies in the node's store, where nothing is believed but by its digest; what the digests are to be says the
release, which the publisher has signed. What was accepted is remembered beside the root, so that no older release comes
back, and a process that was killed half way ends its work the next time.
"""

import errno
import os
import shutil
import stat
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..release.entries import Entry, Faulty, digits_of, read_part
from ..release.held import held
from ..release.layout import CURRENT, TREES
from ..release.signed import PublicKey, Release, read_signed
from ..release.store import STORE, Store
from ..release.taken_down import PAYLOAD_TYPE as LIST_TYPE
from ..release.taken_down import TakenDown, list_bytes, place_list, read_taken_down
from ..release.trees import Missing, Site
from ..verifying.memory import Memory, is_older

#: A difference of more files is a new tree, so that nobody sees half of it.
_SWITCHED_BEYOND = 200
#: Digests that one answer asks for.
MOST_ASKED = 20_000
#: Seconds for which another process of ours may be taking in a release of the same host. Behind an urgent one waits
#: what came down on other hosts, so it is rather asked for again.
_PATIENCE, _URGENT_PATIENCE = 30.0, 2.0
#: The status of what says that something is gone.
GONE = 410
#: What is younger may belong to a release that is still arriving.
_YOUNG_SECONDS = 24 * 3600
_CHUNK = 1 << 18
#: No host is called so.
_LISTS = ".taken-down"
Answer = dict[str, Any]


@dataclass(frozen=True)
class Node:
    """``root``: of the files that citizens get; ``own``: the node's folder outside of it; ``key``: the publisher's."""

    root: Path
    own: Path
    key: PublicKey

    @property
    def memory(self) -> Memory:
        return Memory(self.own / "memory", self.key)

    @property
    def store(self) -> Store:
        return Store(self.root)

    def prepare(self) -> None:
        """Have the folders that are written to. Raises OSError."""
        for folder in (self.root / STORE, self.own / "memory", self.own / "turns"):
            folder.mkdir(parents=True, exist_ok=True)


def accept(node: Node, envelope: bytes, *, urgent: bool = False, brought: Iterable[bytes] = ()) -> Answer:
    """Take in the release in ``envelope``, if it may be in force here and everything that it names has arrived.

    ``urgent``: something came down: what the release does not name any more goes as soon as its parts have arrived, and
    it is in force from then on; of the files that it lacks those of before stay, or the application is asked.
    ``brought``: files for the store that came with the question. One of: ``accepted`` (its number); ``lacks`` (digests
    that are to be sent first; ``down``: what came down is gone here, whatever else is lacking); ``refused`` (why, in a
    word, with ``newest``: the number that is known here); ``busy``.
    """
    try:
        release = read_signed(envelope, node.key)
    except Faulty as error:
        return {"refused": "unsigned", "detail": str(error)}
    if not node.memory.is_kept:
        # forgetting would let an older release in
        return {"refused": "failed", "errno": errno.EACCES}
    turn = node.own / "turns" / release.host
    turn.mkdir(exist_ok=True)
    with held(turn, _URGENT_PATIENCE if urgent else _PATIENCE) as ours:
        if not ours:
            return {"busy": release.host}
        try:
            for content in brought:
                node.store.put(content)
            return _accept(node, envelope, release, urgent)
        except _Damaged as error:
            return {"lacks": [error.digest]}
        except Faulty as error:
            return {"refused": "faulty", "detail": str(error)}
        except Missing as error:
            return {"refused": "missing", "detail": str(error)}
        except OSError as error:
            return {"refused": "failed", "errno": error.errno}


def take_out(node: Node, envelope: bytes) -> Answer:
    """Take out what the list in ``envelope`` says has come down, on all hosts: before the releases that say so too.

    The list lies here then as at the centre, for the verifier and for releases that arrive behind it. ``accepted``: its
    number; ``refused`` as for a release.
    """
    try:
        taken = read_taken_down(envelope, node.key)
    except Faulty as error:
        return {"refused": "unsigned", "detail": str(error)}
    memory = node.memory
    if not memory.is_kept:
        return {"refused": "failed", "errno": errno.EACCES}
    turn = node.own / "turns" / _LISTS
    turn.mkdir(exist_ok=True)
    with held(turn, _URGENT_PATIENCE) as ours:
        if not ours:
            return {"busy": _LISTS}
        newest = _newest_list(node)
        if newest is not None and newest.sequence > taken.sequence:
            return {"refused": "replayed", "newest": newest.sequence}
        try:
            place_list(node.root, envelope)
            memory.remember_taken_down(envelope)
            for host in taken.hosts:
                _take_out(node, Site(node.root, host), taken)
        except OSError as error:
            return {"refused": "failed", "errno": error.errno}
    return {"accepted": taken.sequence}


def is_list(envelope: bytes) -> bool:
    """Whether ``envelope`` says of itself that it is a list of what came down."""
    return f'"payloadType":"{LIST_TYPE}"'.encode() in envelope


def state(node: Node) -> Answer:
    """``hosts``: host -> number and files of the release that was accepted and is in force."""
    memory = node.memory
    known = ((host, memory.newest(host)) for host in memory.hosts())
    in_force = {host: one[1] for host, one in known if one and Site(node.root, host).envelope() == one[0]}
    return {"hosts": {host: [release.sequence, release.files] for host, release in in_force.items()}}


def tidy(node: Node) -> Answer:
    """Let go of what no release names that is or is to be in force here; ``removed``: how many files."""
    named: set[str] = set()
    memory = node.memory
    for host in memory.hosts():
        known = memory.newest(host)
        releases = [known[1]] if known else []
        with suppress(Faulty):
            releases.append(read_signed(Site(node.root, host).envelope(), node.key))
        for release in releases:
            for digest in release.parts.values():
                if not _is_sound(node.store, digest):
                    # nobody can say what its files are
                    return {"removed": 0}
                named.add(digest)
                for entry in read_part(node.store.read(digest)):
                    named.update(entry.digests)
    removed = 0
    before = time.time() - _YOUNG_SECONDS
    for path in (node.root / STORE).rglob("*"):
        if path.name not in named and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return {"removed": removed}


# --- inside ------------------------------------------------------------------------------


class _Damaged(Exception):
    """What lies in the store under ``digest`` is something else, or nothing; it was cleared away."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


def _newest_list(node: Node) -> TakenDown | None:
    """The newest list of what came down that is known here, remembered or in place."""
    known, there = node.memory.taken_down(), list_bytes(node.root)
    newest = known[1] if known is not None else None
    if known is not None and known[0] == there:
        return newest
    with suppress(Faulty):
        found = read_taken_down(there, node.key)
        return newest if newest is not None and newest.sequence >= found.sequence else found
    return newest


def _take_out(node: Node, site: Site, taken: TakenDown | None) -> None:
    """Of what is in force on the host, by the list."""
    with suppress(Faulty):
        release = read_signed(site.envelope(), node.key)
        if taken is not None and (places := taken.places(release)):
            site.remove(places)


@dataclass
class _Difference:
    """``changed``: what is to be put in place; ``removed``: places; ``whole``: as a new tree with everything."""

    changed: list[Entry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    whole: bool = False


def _accept(node: Node, envelope: bytes, release: Release, urgent: bool) -> Answer:
    site, store, memory = Site(node.root, release.host), node.store, node.memory
    known, in_place = memory.newest(release.host), site.envelope()
    newest = _newest(node, known, in_place)
    if newest is not None and is_older(release, newest):
        return {"refused": "replayed", "newest": newest.sequence}
    if known is not None and known[0] == envelope == in_place:
        return {"accepted": release.sequence}
    if not (in_place == envelope and _is_own_tree(site, release)):
        base = known[1] if known is not None and in_place in (known[0], envelope) else None
        if lacks := _lacking_parts(store, base, release):
            return {"lacks": lacks}
        difference = _difference(store, base, release)
        if (taken := _newest_list(node)) is not None:
            _without_taken_down(store, difference, base, release, taken)
        if lacks := _lacking_files(store, difference):
            if not (urgent and base is not None):
                return {"lacks": lacks}
            if difference.removed:
                _take_down(site, envelope, difference, store)
            return {"lacks": lacks, "down": True}
        if lacks := _put_in_place(site, envelope, release, difference, store):
            return {"lacks": lacks}
        # a list may have come meanwhile
        _take_out(node, site, _newest_list(node))
    memory.remember(envelope, release)
    return {"accepted": release.sequence}


def _lacking_parts(store: Store, base: Release | None, release: Release) -> list[str]:
    """Digests of parts that are to be sent. Of ``base``, which is in force, the parts were read when it was accepted.

    Nothing is decided by a part that is not read, so it is enough that those lie there. Where everything is to be put
    in place they are read then (``_proven``); else whoever damages one meets ``tidy``, which reads them all.
    """
    proven = _parts_of(base) if base is not None else frozenset()
    lost = [digest for digest in release.parts.values() if digest in proven and not store.has(digest)]
    return [*lost, *_unsound(store, (digest for digest in release.parts.values() if digest not in proven))][:MOST_ASKED]


def _parts_of(release: Release) -> frozenset[str]:
    return frozenset(release.parts.values())


def _lacking_files(store: Store, difference: _Difference) -> list[str]:
    """Digests of files that are to be sent. Those of a whole tree are read while it is made: once, not twice."""
    wanted = (digest for entry in difference.changed for digest in entry.digests)
    if not difference.whole:
        return _unsound(store, wanted)
    return [digest for digest in dict.fromkeys(wanted) if not store.has(digest)][:MOST_ASKED]


def _put_in_place(site: Site, envelope: bytes, release: Release, difference: _Difference, store: Store) -> list[str]:
    """Returns what is damaged in the store and to be sent again; the tree of before stands then."""
    if not difference.whole:
        site.bring_in_line(envelope, difference.changed, difference.removed, store)
        return []
    try:
        site.switch(envelope, difference.changed, store, release.sequence)
    except Missing:
        if lacks := _unsound(store, (digest for entry in difference.changed for digest in entry.digests)):
            return lacks
        raise
    return []


def _take_down(site: Site, envelope: bytes, difference: _Difference, store: Store) -> None:
    """It is not remembered: the next offer of it does what is left, from the release that is."""
    gone = [entry for entry in difference.changed if entry.status == GONE and not _unsound(store, entry.digests)]
    site.bring_in_line(envelope, gone, difference.removed, store)


def _newest(node: Node, known: tuple[bytes, Release] | None, in_place: bytes) -> Release | None:
    """The newest release that is known, remembered or in force; what lies there unsigned is none."""
    newest = known[1] if known is not None else None
    with suppress(Faulty):
        found = read_signed(in_place, node.key)
        if newest is None or is_older(newest, found):
            newest = found
    return newest


def _is_own_tree(site: Site, release: Release) -> bool:
    """Whether the release is in force as a tree of its own: that was switched to when it was whole."""
    try:
        return os.readlink(site.folder / CURRENT) == f"{TREES}/{release.sequence}"
    except OSError:
        return False


def _difference(store: Store, base: Release | None, release: Release) -> _Difference:
    """What is to be done where ``base`` is in force as a whole; None: nothing is known of what lies there."""
    if base is not None and base.depth == release.depth:
        parts = dict(base.parts)
        old = _entries(store, (digest for digits, digest in parts.items() if release.parts.get(digits) != digest))
        if old is not None:
            new = _proven(store, (one for digits, one in release.parts.items() if parts.get(digits) != one))
            changed = [entry for place, entry in new.items() if old.get(place) != entry]
            removed = [place for place in old if place not in new]
            if len(changed) + len(removed) <= _SWITCHED_BEYOND:
                return _Difference(changed, removed)
            return _Difference(_everything(store, release), removed, whole=True)
    return _Difference(_everything(store, release), whole=True)


def _without_taken_down(
    store: Store, difference: _Difference, base: Release | None, release: Release, taken: TakenDown
) -> None:
    """``release`` puts nothing in place that came down since, and what came down of ``base`` is not there any more."""
    down = taken.places(release)
    difference.changed = [entry for entry in difference.changed if entry.place not in down]
    gone = taken.places(base) - down if base is not None else frozenset()
    named = {release.parts.get(digits_of(place)[: release.depth], "") for place in gone} - {""}
    known = {entry.place for entry in difference.changed}
    again = _proven(store, named)
    difference.changed += [again[place] for place in sorted(gone - known) if place in again]


def _everything(store: Store, release: Release) -> list[Entry]:
    return list(_proven(store, release.parts.values()).values())


def _entries(store: Store, digests: Iterable[str]) -> Mapping[str, Entry] | None:
    """Place -> entry of these parts; None where one is lost."""
    wanted = list(digests)
    return None if _unsound(store, wanted) else _proven(store, wanted)


def _proven(store: Store, digests: Iterable[str]) -> dict[str, Entry]:
    """Place -> entry of parts, each read and looked at in one. Raises Faulty, and _Damaged for one that is another."""
    return {entry.place: entry for digest in digests for entry in read_part(_content(store, digest))}


def _content(store: Store, digest: str) -> bytes:
    try:
        content = store.read(digest)
    except FileNotFoundError:
        content = b""
    if sha256(content).hexdigest() != digest:
        _clear(store.path_of(digest))
        raise _Damaged(digest)
    return content


def _unsound(store: Store, digests: Iterable[str]) -> list[str]:
    """Those of ``digests`` that the store does not hold unchanged, as many as are asked for at once."""
    lacks: list[str] = []
    for digest in dict.fromkeys(digests):
        if not _is_sound(store, digest):
            lacks.append(digest)
            if len(lacks) == MOST_ASKED:
                break
    return lacks


def _is_sound(store: Store, digest: str) -> bool:
    """Whether the store holds the bytes of ``digest``; anything else under its name goes, so that it can be sent."""
    path, found = store.path_of(digest), sha256()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    except OSError:
        _clear(path)
        return False
    with os.fdopen(handle, "rb") as stream:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
            if found.hexdigest() == digest:
                return True
    _clear(path)
    return False


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
