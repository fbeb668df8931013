"""What came down and no release says yet, as a verifier knows it: the newest list that the publisher signed.

The list lies below the root, where others may write; so the newest that was seen is remembered, an older one changes
nothing, and a list that somebody has removed or replaced is put back.
"""

from govplatform.system_words import system_words

from ..release.entries import Faulty
from ..release.held import PATIENCE, held
from ..release.signed import PublicKey, Release
from ..release.taken_down import FILE, LARGEST, TakenDown, read_taken_down
from .faults import Done, Fault, Findings, Kind
from .memory import Memory
from .opening import look_at, read_file
from .putting_back import write_whole
from .taking_away import Pit

_Stamp = tuple[int, int, int, int]


class DownLists:
    """``root``: open folder of all hosts; ``key``: the publisher's; ``memory``: what outlives the process."""

    def __init__(self, root: int, key: PublicKey, memory: Memory) -> None:
        self._root, self._key, self._memory = root, key, memory
        self._seen: _Stamp | None = None
        self._newest = memory.taken_down()

    @property
    def newest(self) -> TakenDown | None:
        """The newest list that is known, with what lies there now; None where there never was one."""
        self._look()
        return self._newest[1] if self._newest is not None else None

    def places(self, release: Release) -> frozenset[str]:
        """Places that are not to be there while ``release`` is in force. The list is written before files go."""
        newest = self.newest
        return newest.places(release) if newest is not None else frozenset()

    def attend(self, pit: Pit, findings: Findings, *, repair: bool) -> None:
        """Say what is wrong with the list that lies there, and put the newest back.

        Not while somebody else holds the root, who may be writing a newer one: it is not needed for what is known here.
        """
        if self._wrong() is None:
            return
        with held(".", PATIENCE, beside=self._root) as ours:
            if (kind := self._wrong()) is None:
                return
            done, detail = Done.NOTHING, ""
            if repair and not ours:
                done = Done.FAILED
            elif repair:
                try:
                    done = self._put_back(pit)
                except OSError as error:
                    done, detail = Done.FAILED, system_words(error)
            findings.add(Fault("", "", FILE, kind, done, detail))

    # --- inside ------------------------------------------------------------------------------

    def _look(self) -> None:
        """Take the list that lies there for the newest if it is one."""
        found = look_at(self._root, FILE)
        stamp = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns) if found is not None else None
        if stamp == self._seen:
            return
        content = read_file(self._root, FILE, LARGEST) or b""
        taken, self._seen = self._read(content), stamp
        if taken is not None and (self._newest is None or taken.sequence > self._newest[1].sequence):
            self._newest = content, taken
            self._memory.remember_taken_down(content)

    def _read(self, content: bytes) -> TakenDown | None:
        try:
            return read_taken_down(content, self._key)
        except Faulty:
            return None

    def _wrong(self) -> Kind | None:
        self._look()
        if look_at(self._root, FILE) is None:
            return Kind.MISSING if self._newest is not None else None
        content = read_file(self._root, FILE, LARGEST)
        if self._newest is not None and content == self._newest[0]:
            return None
        return Kind.REPLAYED if self._read(content or b"") else Kind.UNSIGNED

    def _put_back(self, pit: Pit) -> Done:
        if look_at(self._root, FILE) is not None:
            pit.take(self._root, FILE, FILE)
        if self._newest is None:
            return Done.TAKEN_AWAY
        write_whole(self._root, self._root, FILE, self._newest[0])
        return Done.RESTORED
