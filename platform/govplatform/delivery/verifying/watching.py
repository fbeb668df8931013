"""Watching all the time: what the kernel tells of is looked at within milliseconds, full sweeps go on beside it."""

import json
import logging
import os
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from inotify_simple import Event, flags

from govplatform.system_words import system_words

from ..release.entries import PACKED, Entry
from ..release.layout import CURRENT, RELEASE_FILE, is_host
from ..release.signed import Release
from ..release.store import NEW
from ..release.taken_down import FILE
from .faults import Fault, Kind
from .host import PATIENCE, Held, Host, Means
from .parts import PartLost
from .sweeping import hosts_below, sweep_host, sweep_root
from .verifier import watching_later
from .walking import folders
from .watches import Watched, Watches, What

logger = logging.getLogger("govplatform.delivery.verifying")
#: Seconds of a step of a sweep, between which events are read.
_STEP = 0.01
_IDLE_MILLISECONDS, _BUSY_MILLISECONDS = 500, 20
#: Places that wait to be looked at; beyond that the host is swept instead.
_MOST_WAITING = 50_000
_HOSTS_OPEN = 300
#: Seconds.
_TRIED_AGAIN = 3.0
_SHORT_PATIENCE = 2.0
_GONE = flags.DELETE | flags.MOVED_FROM
_CAME = flags.CREATE | flags.MOVED_TO
_LOST = flags.DELETE_SELF | flags.MOVE_SELF | flags.IGNORED | flags.UNMOUNT


class Watch:
    """Watches what lies below ``path``. ``every``: seconds from the end of a full sweep to the next one.

    ``stopped``: asked now and then whether to end; ``tick``: called now and then, for alarms that wait; ``swept``:
    called when a full sweep has come to its end.
    """

    def __init__(
        self,
        means: Means,
        path: Path,
        *,
        every: float,
        stopped: Callable[[], bool],
        tick: Callable[[], None] = lambda: None,
        swept: Callable[[], None] = lambda: None,
    ) -> None:
        self.swept = swept
        self._means, self._path, self._every, self._stopped, self._tick = means, path, every, stopped, tick
        self._sweeping = watching_later(means, self._wait)
        self._hosts: OrderedDict[str, Host] = OrderedDict()
        #: (host, place) -> since when it waits for a publication to end; 0: it does not
        self._waiting: OrderedDict[tuple[str, str], float] = OrderedDict()
        #: (host, place) that could not be put right -> when it is tried again
        self._again: dict[tuple[str, str], float] = {}
        self._to_sweep: deque[str] = deque()
        self._watches = Watches(means.root)
        self._told_full = self._is_lost = False
        self._downs = means.downs.newest

    def run(self) -> bool:
        """Watch until it is stopped; False when the root itself has gone or is another one by now."""
        try:
            sweep: Iterator[None] | None = self._sweep_all()
            next_full = 0.0
            while not self._stopped():
                busy = sweep is not None or bool(self._to_sweep)
                self._take_events(0 if busy else _BUSY_MILLISECONDS if self._waiting else _IDLE_MILLISECONDS)
                self._attend_waiting()
                if self._is_lost or not self._is_same_root():
                    self._say("the root was removed or replaced")
                    return False
                if sweep is None:
                    if self._to_sweep:
                        sweep = self._sweep_one(self._to_sweep.popleft())
                    elif time.monotonic() >= next_full > 0:
                        sweep = self._sweep_all()
                if sweep is not None and not _goes_on(sweep):
                    sweep, next_full = None, time.monotonic() + self._every
                self._means.pit.drain(_STEP)
                self._tick()
            return True
        finally:
            self._watches.close()
            for host in self._hosts.values():
                host.close()

    # --- inside ------------------------------------------------------------------------------

    def _wait(self, host: str, place: str) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            self._sweep_soon(host)
        else:
            self._waiting.setdefault((host, place), 0.0)

    def _sweep_soon(self, host: str) -> None:
        if host not in self._to_sweep:
            self._to_sweep.append(host)

    def _say(self, detail: str) -> None:
        self._means.findings.add(Fault("", "", "", Kind.WATCH, detail=detail))

    def _host(self, name: str) -> Host:
        if name in self._hosts:
            self._hosts.move_to_end(name)
            return self._hosts[name]
        host = Host(self._means, name, lambda before, now: self._follow(name, before, now))
        self._hosts[name] = host
        if len(self._hosts) > _HOSTS_OPEN:
            _name, old = self._hosts.popitem(last=False)
            old.close()
        return host

    def _follow(self, host: str, before: Release, now: Release) -> None:
        """A release has come: what it changes is looked at, also if nobody brings the files in line with it."""
        self._wait_for_all(host, self._means.downs.places(before))
        if before.depth != now.depth:
            self._sweep_soon(host)
            return
        for digits in before.parts.keys() | now.parts.keys():
            old, new = before.parts.get(digits, ""), now.parts.get(digits, "")
            if old != new:
                then, since = self._entries(old), self._entries(new)
                places = then.keys() | since.keys()
                self._wait_for_all(host, (place for place in places if then.get(place) != since.get(place)))

    def _entries(self, digest: str) -> dict[str, Entry]:
        with suppress(PartLost):
            return self._means.parts.entries(digest) if digest else {}
        return {}

    # --- events ------------------------------------------------------------------------------

    def _take_events(self, milliseconds: int) -> None:
        for watched, event in self._watches.read(milliseconds):
            if event.mask & flags.Q_OVERFLOW:
                # a large publication does that too: no fault, but everything is to be looked at
                logger.warning(json.dumps({"event": "delivery_watch_overflow"}))
                for host in hosts_below(self._means):
                    self._sweep_soon(host)
            elif watched is not None:
                self._take(watched, event)

    def _take(self, watched: Watched, event: Event) -> None:
        if watched.what == What.ROOT:
            if event.mask & _LOST:
                self._is_lost = True
            elif is_host(event.name):
                self._settle_and_sweep(event.name)
            elif event.name == FILE:
                self._take_list()
            elif not event.name.startswith("."):
                sweep_root(self._means)
        elif event.mask & _LOST:
            self._take_lost(watched)
        elif watched.what == What.TREE:
            self._take_in_tree(watched, event)
        elif self._concerns(watched, event.name):
            self._settle_and_sweep(watched.host)

    def _take_list(self) -> None:
        """Something came down: it is looked at, also if nobody takes it out."""
        before = self._downs
        self._means.downs.attend(self._means.pit, self._means.findings, repair=self._means.repair)
        self._downs = now = self._means.downs.newest
        for host, there in now.hosts.items() if now is not None else ():
            known = before.hosts.get(host) if before is not None else None
            if known != there:
                self._wait_for_all(host, there.places)

    def _wait_for_all(self, host: str, places: Iterable[str]) -> None:
        for place in places:
            self._wait(host, place)
            for ending in PACKED:
                self._wait(host, f"{place}{ending}")

    def _concerns(self, watched: Watched, name: str) -> bool:
        """Whether what happened beside trees and link is more than a publisher making a new tree."""
        if watched.what == What.FOLDER:
            return not name.startswith(f".{CURRENT}.")
        now = self._host(watched.host).now
        return not name.isdecimal() or (now is not None and now.name == name)

    def _take_lost(self, watched: Watched) -> None:
        """A folder went, or the watch on it. Where there still is one at its place it is watched again."""
        if watched.what == What.TREE:
            now = self._host(watched.host).now
            if now is None or not watched.prefix:
                self._settle_and_sweep(watched.host)
            elif self._is_folder(watched):
                self._sweep_soon(watched.host)
        elif self._host(watched.host).now is not None:
            self._settle_and_sweep(watched.host)

    def _is_folder(self, watched: Watched) -> bool:
        now = self._host(watched.host).now
        return now is not None and next(folders(now.tree, watched.prefix), None) is not None

    def _take_in_tree(self, watched: Watched, event: Event) -> None:
        place = f"{watched.prefix}{event.name}"
        if place == RELEASE_FILE:
            self._host(watched.host).settle(_SHORT_PATIENCE)
            return
        if event.name.startswith(NEW) and not event.mask & (flags.ISDIR | flags.CREATE):
            # a file that somebody goes on writing
            return
        self._wait(watched.host, place)
        if not event.mask & flags.ISDIR:
            return
        if event.mask & _GONE:
            self._watches.forget(watched.host, f"{place}/")
            if event.mask & flags.MOVED_FROM:
                self._sweep_soon(watched.host)
        elif event.mask & _CAME:
            self._take_folder(watched.host, f"{place}/")

    def _take_folder(self, name: str, prefix: str) -> None:
        """A new folder: what was written into it before it was watched is looked at."""
        host = self._host(name)
        if host.now is None:
            self._sweep_soon(name)
            return
        for handle, place in self._watches.watched_folders(name, host.now, prefix):
            with suppress(OSError), os.scandir(handle) as entries:
                for entry in entries:
                    if not entry.name.startswith(NEW) and not entry.is_dir(follow_symlinks=False):
                        self._wait(name, f"{place}{entry.name}")

    def _settle_and_sweep(self, name: str) -> None:
        self._host(name).settle(_SHORT_PATIENCE)
        self._sweep_soon(name)

    # --- what waits --------------------------------------------------------------------------

    def _attend_waiting(self) -> None:
        """Look at what waits, for a while; what somebody may be publishing just now waits on."""
        now = time.monotonic()
        until = now + 20 * _STEP
        for name, place in [one for one, due in self._again.items() if due <= now]:
            del self._again[(name, place)]
            self._wait(name, place)
        for _number in range(len(self._waiting)):
            (name, place), since = self._waiting.popitem(last=False)
            host = self._host(name)
            try:
                if not host.is_right(place):
                    patient = not since or time.monotonic() - since < PATIENCE
                    host.attend(place, patience=0, wait=not patient)
                    if host.has_failed and len(self._again) < _MOST_WAITING:
                        self._again[(name, place)] = time.monotonic() + _TRIED_AGAIN
            except Held:
                self._waiting[(name, place)] = since or time.monotonic()
            except OSError as error:
                host.say(Kind.UNREADABLE, place, detail=system_words(error))
            if time.monotonic() > until:
                return

    # --- sweeps ------------------------------------------------------------------------------

    def _sweep_all(self) -> Iterator[None]:
        sweep_root(self._means)
        for name in hosts_below(self._means):
            yield from self._sweep_one(name)
        self._means.judge.memory.forget_parts()
        self.swept()

    def _sweep_one(self, name: str) -> Iterator[None]:
        host = self._host(name)
        if host.settle(_SHORT_PATIENCE) and host.now is not None:
            with suppress(OSError):
                yield from self._watches.watch_host(name, host.now)
            if self._watches.is_full and not self._told_full:
                self._told_full = True
                self._say("fs.inotify.max_user_watches")
        swept = Host(self._sweeping, name)
        try:
            yield from sweep_host(swept)
        except OSError as error:
            swept.say(Kind.UNREADABLE, "", detail=system_words(error))
        finally:
            swept.close()

    def _is_same_root(self) -> bool:
        try:
            found, known = os.stat(self._path), os.fstat(self._means.root)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == (known.st_dev, known.st_ino)


def _goes_on(sweep: Iterator[None]) -> bool:
    """Let a sweep work for a moment; False when it has ended."""
    until = time.monotonic() + _STEP
    while time.monotonic() < until:
        if next(sweep, StopIteration) is StopIteration:
            return False
    return True
