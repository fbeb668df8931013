"""The files of one host: what is in force there, and dealing with a place where something may be wrong."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from govplatform.system_words import system_words

from ..release.entries import Entry, digits_of, place_of_packed
from ..release.held import held
from ..release.layout import RELEASE_FILE
from ..release.signed import Release
from ..release.store import NEW, STORE
from .checking import Wanted, check, wanted_of
from .faults import Done, Fault, Findings, Kind
from .in_force import InForce, Judge, Wrong, bring_back, find, is_being_made
from .opening import folder_at, look_at, open_folder
from .parts import PartLost, Parts
from .putting_back import put_back
from .taken_down import DownLists
from .taking_away import Pit

#: Seconds for which a publication may hold the folder before the verifier goes on without.
PATIENCE = 30.0
#: Seconds after which what looks like a file being written is one that nobody writes any more.
BEING_WRITTEN = 600.0
_ONCE_MORE = 0.3
_ATTEMPTS, _SOON = 5, 0.01
#: Rights of the root that every folder below it has too.
_OPEN = 0o055
#: No place of ours lies deeper.
DEEPEST = 510


@dataclass(frozen=True)
class Means:
    """What a verifier works with. ``root``: the open folder of all hosts; ``repair``: put right what is wrong."""

    root: int
    judge: Judge
    parts: Parts
    downs: DownLists
    pit: Pit
    findings: Findings
    repair: bool
    #: In place of looking again at once: called with host and place, for who cannot wait for a publication to end.
    later: Callable[[str, str], None] | None = None


class Held(Exception):
    """Somebody holds the folder; nothing was decided."""


class Host:
    """The folder of ``name``. ``switched``: how often another tree has come in force; ``follow``: called with the
    release that was known before and the one that has come in force.
    """

    def __init__(self, means: Means, name: str, follow: Callable[[Release, Release], None] | None = None) -> None:
        self.means, self.name, self._follow = means, name, follow
        self.now: InForce | None = None
        self.switched = 0
        #: Whether the last thing that was attended to could not be put right.
        self.has_failed = False
        self._site = ""

    @property
    def release(self) -> Release:
        assert self.now is not None
        return self.now.release

    def close(self) -> None:
        if self.now is not None:
            self.now.close()
        self.now = None

    def settle(self, patience: float = PATIENCE) -> bool:
        """Find out which release is in force, and bring back the newest known one where it is not; False for none."""
        if self.now is not None and self.now.is_still():
            return True
        with suppress(Wrong):
            self._take_up(self._find())
            return True
        with self._holding(patience):
            return self._settle()

    def is_right(self, place: str) -> bool:
        """Whether ``place`` is as the release says that was in force a moment ago; nothing is held."""
        if self.now is None:
            return False
        try:
            wanted = self.wanted(place)
        except PartLost:
            return False
        if wanted is not None:
            return check(self.now.tree, wanted) is None
        with self._beside(place) as (_folder, name, found):
            if found is None or is_being_written(name, found):
                return True
            same = found.st_dev == os.fstat(self.now.tree).st_dev
            return stat.S_ISDIR(found.st_mode) and same and not is_closed(self.means.root, found.st_mode)

    def look(self, place: str, *, sm3: bool = False) -> None:
        """A sweep has found something at ``place``: deal with it, now or later."""
        if self.means.later is not None:
            self.means.later(self.name, place)
        else:
            self.attend(place, sm3=sm3)

    def attend_part(self, digits: str, digest: str) -> None:
        """Nobody has the part: say so, if the release in force still names it."""
        with self._holding(PATIENCE):
            if self._is_settled() and self.release.parts.get(digits) == digest:
                with suppress(PartLost):
                    self.means.parts.entries(digest)
                    return
                self.say(Kind.PART, f"{STORE}/{digest[:2]}/{digest}")

    def attend_folder(self, place: str) -> None:
        """Deal with the folder at ``place`` in the tree, which is empty, shut, too deep or another file system's."""
        with self._holding(PATIENCE):
            if self._is_settled():
                self._attend_foreign(place)

    def attend(self, place: str, *, sm3: bool = False, patience: float = PATIENCE, wait: bool = True) -> None:
        """Deal with ``place``, where something may be wrong: look again while nobody publishes, then say and repair.

        Raises Held where somebody holds the folder longer than ``patience`` and ``wait`` is False.
        """
        for _attempt in range(3):
            with self._holding(patience) as ours:
                if not ours and not wait:
                    raise Held(place)
                if not self._is_settled():
                    return
                self._attend(place, sm3)
                if ours or (self.now is not None and self.now.is_still()):
                    return

    def entry(self, place: str) -> Entry | None:
        """What the release in force says of ``place``; None for nothing, or where it came down. Raises PartLost."""
        release = self.release
        if place in self.means.downs.places(release):
            return None
        try:
            digest = release.parts.get(digits_of(place)[: release.depth], "")
        except UnicodeEncodeError:
            return None
        return self.means.parts.entries(digest).get(place) if digest else None

    def wanted(self, place: str) -> Wanted | None:
        """The file that is to be at ``place``; None when none is. Raises PartLost."""
        entry = self.entry(place_of_packed(place))
        if entry is None:
            return None
        return next((one for one in wanted_of(entry) if one.place == place), None)

    def say(self, kind: Kind, place: str, done: Done = Done.NOTHING, detail: str = "") -> None:
        """Add a fault of this host to the findings."""
        self.means.findings.add(Fault(self.name, self._site, place, kind, done, detail))

    def take_away(self, folder: int, name: str, place: str, kind: Kind) -> None:
        """Take ``name`` out of the open ``folder`` and say so; without repair only say that it is there."""
        done, detail = Done.NOTHING, ""
        if self.means.repair:
            try:
                self.means.pit.take(folder, name, f"{self.name}/{place}")
                done = Done.TAKEN_AWAY
            except FileNotFoundError:
                return
            except OSError as error:
                done, detail = Done.FAILED, system_words(error)
        self.say(kind, place, done, detail)

    def open_up(self, folder: int, name: str, place: str) -> None:
        """Deal with the folder ``name`` in the open ``folder``, of which nginx may not read the files."""
        done, detail = Done.NOTHING, ""
        if self.means.repair:
            try:
                handle = open_folder(folder, name)
                try:
                    os.fchmod(
                        handle, stat.S_IMODE(os.fstat(handle).st_mode) | _OPEN & os.fstat(self.means.root).st_mode
                    )
                finally:
                    os.close(handle)
                done = Done.RESTORED
            except OSError as error:
                done, detail = Done.FAILED, system_words(error)
        self.say(Kind.MODE, place, done, detail)

    # --- inside ------------------------------------------------------------------------------

    def _find(self) -> InForce:
        return find(self.means.root, self.name, self.means.judge)

    def _take_up(self, found: InForce) -> None:
        before, memory = self.now, self.means.judge.memory
        known = memory.newest(self.name)
        earlier = before.release if before else known[1] if known else None
        self.now, self._site = found, found.release.site
        # the parts of an earlier one that we have seen are remembered already
        kept = set(before.release.parts.values()) if before else set()
        for digest in set(found.release.parts.values()) - kept:
            self.means.parts.keep(digest)
        memory.remember(found.envelope, found.release)
        if before is not None:
            if os.fstat(before.tree).st_ino != os.fstat(found.tree).st_ino:
                self.switched += 1
            before.close()
        if self._follow is not None and earlier is not None and earlier != found.release:
            self._follow(earlier, found.release)

    @contextmanager
    def _holding(self, patience: float) -> Iterator[bool]:
        with held(self.name, patience, beside=self.means.root) as ours:
            yield ours

    def _is_settled(self) -> bool:
        """Whether there is a release in force, with the folder held."""
        return (self.now is not None and self.now.is_still()) or self._settle()

    def _settle(self) -> bool:
        """The same with the folder held."""
        try:
            self._take_up(self._find())
            return True
        except Wrong as wrong:
            if self._is_nothing_yet(wrong):
                self.close()
                return False
        # whoever made the folder a moment ago has not come to hold it yet
        time.sleep(_ONCE_MORE)
        try:
            self._take_up(self._find())
            return True
        except Wrong as wrong:
            if self._is_nothing_yet(wrong):
                self.close()
                return False
            self._put_in_force(wrong)
        try:
            self._take_up(self._find())
            return True
        except Wrong:
            self.close()
            return False

    def _is_nothing_yet(self, wrong: Wrong) -> bool:
        """Whether the first tree of a host is being made, or the folder of a closed site was removed."""
        known = self.means.judge.memory.newest(self.name)
        if (wrong.kind, wrong.place) == (Kind.MISSING, ""):
            return known is None or known[1].files == 0
        if wrong.kind != Kind.MISSING or known is not None:
            return False
        with suppress(OSError), folder_at(self.means.root, [self.name]) as folder:
            return is_being_made(folder)
        return False

    def _put_in_force(self, wrong: Wrong) -> None:
        judge = self.means.judge
        known = judge.memory.newest(self.name)
        self._site = known[1].site if known else ""
        kind = wrong.kind if known or wrong.kind == Kind.OTHER_HOST else Kind.UNKNOWN_HOST
        done, detail = Done.NOTHING, wrong.detail
        if self.means.repair:
            try:
                back = bring_back(self.means.root, self.name, judge, self.means.pit)
                done = Done.RESTORED if back else Done.TAKEN_AWAY
            except OSError as error:
                done, detail = Done.FAILED, system_words(error)
        self.say(kind, wrong.place, done, detail)

    def _attend(self, place: str, sm3: bool) -> None:
        assert self.now is not None
        self.has_failed = False
        if place in ("", RELEASE_FILE):
            return
        try:
            wanted = self.wanted(place)
        except PartLost:
            self._unproven(place)
            return
        if wanted is None:
            self._attend_foreign(place)
            return
        kind = check(self.now.tree, wanted, sm3=sm3)
        if kind is not None:
            done, detail = self._repair(wanted) if self.means.repair else (Done.NOTHING, "")
            self.has_failed = done == Done.FAILED
            self.say(kind, place, done, detail)

    def _repair(self, wanted: Wanted) -> tuple[Done, str]:
        assert self.now is not None
        for attempt in range(_ATTEMPTS):
            try:
                back = put_back(self.means.root, self.now.tree, wanted, self.means.pit, self.name)
            except FileNotFoundError as error:
                # somebody is removing the folders that we make
                if attempt + 1 == _ATTEMPTS:
                    return Done.FAILED, system_words(error)
                time.sleep(_SOON)
            except OSError as error:
                return Done.FAILED, system_words(error)
            else:
                return (Done.RESTORED if back else Done.NOT_IN_STORE), ""
        return Done.FAILED, ""

    def _unproven(self, place: str) -> None:
        """Its part is lost: nobody can say how the file is to be."""
        with self._beside(place) as (folder, name, found):
            if found is not None and not stat.S_ISDIR(found.st_mode):
                self.take_away(folder, name, place, Kind.UNPROVEN)

    def _attend_foreign(self, place: str) -> None:
        with self._beside(place) as (folder, name, found):
            if found is None or is_being_written(name, found):
                return
            if stat.S_ISDIR(found.st_mode):
                self._attend_folder(folder, name, place, found)
            else:
                self.take_away(folder, name, place, Kind.FOREIGN)

    def _attend_folder(self, folder: int, name: str, place: str, found: os.stat_result) -> None:
        assert self.now is not None
        if found.st_dev != os.fstat(self.now.tree).st_dev:
            self.say(Kind.MOUNTED, place)
        elif place.count("/") >= DEEPEST:
            self.take_away(folder, name, place, Kind.FOREIGN)
        elif is_closed(self.means.root, found.st_mode):
            self.open_up(folder, name, place)
        elif self.means.repair:
            # one that is not empty holds something, which is judged by itself
            with suppress(OSError):
                os.rmdir(name, dir_fd=folder)

    @contextmanager
    def _beside(self, place: str) -> Iterator[tuple[int, str, os.stat_result | None]]:
        """The open folder of ``place``, the name in it, and what that is: None where no folders lead there."""
        assert self.now is not None
        *folders, name = place.split("/")
        with ExitStack() as opened:
            try:
                folder = opened.enter_context(folder_at(self.now.tree, folders))
            except OSError:
                yield self.now.tree, name, None
                return
            yield folder, name, look_at(folder, name)


def is_being_written(name: str, found: os.stat_result) -> bool:
    """The publisher writes under such a name first. Nobody can set the time of the inode's last change."""
    return name.startswith(NEW) and stat.S_ISREG(found.st_mode) and time.time() - found.st_ctime < BEING_WRITTEN


def is_closed(root: int, mode: int) -> bool:
    """Whether a folder with ``mode`` shuts out some of those who may read the root."""
    return bool(_OPEN & os.fstat(root).st_mode & ~mode)
