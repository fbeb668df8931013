"""The parts of releases, read one at a time: a large release is never in memory as a whole."""

from collections import OrderedDict

from ..release.entries import Entry, Faulty, read_part
from .memory import Memory
from .putting_back import read_stored

#: Entries that are held ready; some ten megabytes.
_HELD = 20_000
#: No part of ours is larger: 200 entries on the average, of 1.5 KB each at most, in the deepest release some more.
_LARGEST = 64 << 20


class PartLost(Exception):
    """Neither the memory nor the store has the part, so nobody can say how its files are to be."""


class Parts:
    """``root``: open folder with the store; ``memory``: where parts lie that nobody else can write."""

    def __init__(self, root: int, memory: Memory) -> None:
        self._root, self._memory = root, memory
        self._ready: OrderedDict[str, dict[str, Entry]] = OrderedDict()
        self._held = 0

    def entries(self, digest: str) -> dict[str, Entry]:
        """Place -> entry. Raises PartLost."""
        if digest in self._ready:
            self._ready.move_to_end(digest)
            return self._ready[digest]
        found = {entry.place: entry for entry in self._read(digest)}
        self._ready[digest] = found
        self._held += len(found)
        while self._held > _HELD and len(self._ready) > 1:
            _digest, gone = self._ready.popitem(last=False)
            self._held -= len(gone)
        return found

    def keep(self, digest: str) -> None:
        """Have the memory hold the part too, if the store has it."""
        if self._memory.part(digest) is None and (content := read_stored(self._root, digest, _LARGEST)) is not None:
            self._memory.keep_part(content)

    def _read(self, digest: str) -> list[Entry]:
        content = self._memory.part(digest)
        if content is None:
            content = read_stored(self._root, digest, _LARGEST)
        if content is None:
            raise PartLost(digest)
        try:
            return read_part(content)
        except Faulty as error:
            raise PartLost(digest) from error
