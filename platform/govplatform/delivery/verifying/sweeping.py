"""A full sweep: every file of every part, everything else that lies there, and what stands around it.

In slices, so that what is held does not grow with the site: for each slice of the digits of places its parts are gone
through, then the tree is walked for names of that slice which no part has.
"""

import os
import secrets
import stat
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b

from govplatform.system_words import system_words

from ..release.entries import digits_of, place_of_packed
from ..release.held import held
from ..release.layout import CURRENT, RELEASE_FILE, TREES, is_host
from ..release.store import STORE
from ..release.taken_down import FILE
from .checking import check, wanted_of
from .faults import Kind
from .host import Host, Means, is_being_written, is_closed
from .in_force import tree_names
from .opening import folder_at, look_at, open_folder
from .parts import PartLost
from .taking_away import PIT
from .walking import walk

#: Files of a slice; a walk through the tree for each.
SLICE = 250_000
#: How often a sweep begins again because a new tree came in force, or looks at what a release changed meanwhile.
_AGAIN = 50
#: A link that is being switched is there for a moment.
_SWITCHED_WITHIN = 60.0


def hosts_below(means: Means) -> list[str]:
    """Every host that has a folder or of which a release is remembered."""
    hosts = set(means.judge.memory.hosts())
    with os.scandir(means.root) as names:
        hosts |= {one.name for one in names if is_host(one.name)}
    return sorted(hosts)


def sweep(means: Means, hosts: Iterable[str] | None = None) -> Iterator[None]:
    """Sweep ``hosts``, or the whole root; it goes on each time it is asked for the next step."""
    if hosts is None:
        sweep_root(means)
    for name in hosts_below(means) if hosts is None else hosts:
        host = Host(means, name)
        try:
            yield from sweep_host(host)
        except OSError as error:
            host.say(Kind.UNREADABLE, "", detail=system_words(error))
        finally:
            host.close()
        if means.repair:
            means.pit.drain()


def sweep_host(host: Host) -> Iterator[None]:
    """One host, until nothing has changed under the sweep."""
    for _attempt in range(_AGAIN):
        if not host.settle():
            return
        began = host.switched
        before = host.release
        yield from _sweep_tree(host)
        if host.switched == began and (yield from _catch_up(host, dict(before.parts), began)):
            _sweep_around(host)
            return
    if host.name not in host.means.findings.unfinished:
        host.means.findings.unfinished.append(host.name)


def sweep_root(means: Means) -> None:
    """What lies beside the folders of hosts."""
    means.downs.attend(means.pit, means.findings, repair=means.repair)
    with os.scandir(means.root) as names:
        for entry in names:
            if entry.name == FILE or _is_being_written(means.root, entry.name):
                continue
            if entry.name == STORE and not entry.is_dir(follow_symlinks=False):
                Host(means, "").take_away(means.root, entry.name, entry.name, Kind.LINK)
            elif entry.name not in (STORE, PIT) and not is_host(entry.name):
                Host(means, "").take_away(means.root, entry.name, entry.name, Kind.FOREIGN)


def _sweep_tree(host: Host) -> Iterator[None]:
    release, switched = host.release, host.switched
    slices = 1 + release.files // SLICE if release.depth > 1 else 1
    # Nobody can make a name that is taken for another's without knowing this.
    secret = secrets.token_bytes(16)
    for number in range(slices):
        known: set[bytes] = set()
        for digits, digest in release.parts.items():
            if slices == 1 or int(digits, 16) % slices == number:
                yield from _sweep_part(host, digits, digest, known, secret)
                if host.switched != switched:
                    return
        yield from _sweep_names(host, _Slice(number, slices, release.depth, known, secret))
        if host.switched != switched:
            return


def _sweep_part(host: Host, digits: str, digest: str, known: set[bytes], secret: bytes) -> Iterator[None]:
    try:
        entries = host.means.parts.entries(digest)
    except PartLost:
        host.attend_part(digits, digest)
        return
    down = host.means.downs.places(host.release)
    for entry in list(entries.values()):
        if entry.place in down:
            # should it still lie there, it is a name that nobody knows
            continue
        for wanted in wanted_of(entry):
            known.add(_short(wanted.place, secret))
            if host.now is None:
                return
            if check(host.now.tree, wanted, sm3=True) is not None:
                host.look(wanted.place, sm3=True)
        host.means.findings.checked += 1
        yield


@dataclass(frozen=True)
class _Slice:
    """``known``: what the parts of the slice name, shortened with ``secret``."""

    number: int
    slices: int
    depth: int
    known: set[bytes]
    secret: bytes

    def is_unknown(self, place: str) -> bool:
        """Whether ``place`` belongs here and no part names it."""
        try:
            if self.slices > 1:
                digits = digits_of(place_of_packed(place))[: self.depth]
                if int(digits, 16) % self.slices != self.number:
                    return False
            return _short(place, self.secret) not in self.known
        except UnicodeEncodeError:
            return self.number == 0


def _sweep_names(host: Host, part: _Slice) -> Iterator[None]:
    if host.now is None:
        return
    tree = open_folder(host.now.tree, ".")
    try:
        for count, (place, is_folder) in enumerate(walk(tree, host.means.root)):
            if is_folder:
                if part.number == 0:
                    host.attend_folder(place)
            elif place != RELEASE_FILE and part.is_unknown(place):
                host.look(place)
            if count % 50 == 0:
                yield
    finally:
        os.close(tree)


def _catch_up(host: Host, seen: dict[str, str], switched: int) -> Generator[None, None, bool]:
    """Look at the parts that releases changed while the sweep went on; returns whether it came to an end."""
    for _attempt in range(_AGAIN):
        if not host.settle() or host.switched != switched:
            return False
        parts = dict(host.release.parts)
        differ = {digits: digest for digits, digest in parts.items() if seen.get(digits) != digest}
        for digits, digest in differ.items():
            yield from _sweep_part(host, digits, digest, set(), b"")
        if not differ:
            return True
        seen = parts
    return False


def _short(place: str, secret: bytes) -> bytes:
    return blake2b(place.encode(), digest_size=8, key=secret).digest()


def _sweep_around(host: Host) -> None:
    """What stands beside the link and the tree in force."""
    if host.now is None:
        return
    with os.scandir(host.now.folder) as names:
        for entry in names:
            if entry.name not in (CURRENT, TREES) and not _is_being_switched(host.now.folder, entry.name):
                host.take_away(host.now.folder, entry.name, entry.name, Kind.FOREIGN)
    for folder, name in ((host.means.root, host.name), (host.now.folder, TREES)):
        found = look_at(folder, name)
        if found is not None and is_closed(host.means.root, found.st_mode):
            host.open_up(folder, name, "" if folder == host.means.root else name)
    with suppress(OSError), folder_at(host.now.folder, [TREES]) as trees:
        if is_closed(host.means.root, os.fstat(host.now.tree).st_mode):
            host.open_up(trees, host.now.name, TREES)
        # whoever makes a tree holds the folder of all of them
        with held(".", 0, beside=trees) as ours:
            if ours and host.now.is_still():
                for name in tree_names(host.now.folder):
                    if name != host.now.name:
                        kind = Kind.LEFT_OVER if name.isdecimal() else Kind.FOREIGN
                        host.take_away(trees, name, f"{TREES}/{name}", kind)


def _is_being_written(root: int, name: str) -> bool:
    found = look_at(root, name)
    return found is not None and is_being_written(name, found)


def _is_being_switched(folder: int, name: str) -> bool:
    found = look_at(folder, name)
    if found is None:
        return True
    mark = f".{CURRENT}."
    return name.startswith(mark) and stat.S_ISLNK(found.st_mode) and time.time() - found.st_ctime < _SWITCHED_WITHIN
