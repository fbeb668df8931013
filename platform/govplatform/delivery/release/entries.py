"""What a release says of its files, in parts: a change of one page writes a part again and not the whole list.

A file stands in the part of the first digits of the SHA-256 of its place. A part is lines of JSON in the order of the
places; it lies in the store under its own digest, and releases share the parts in which they do not differ.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from .layout import is_place, type_of

#: Digits of the digest that tell parts apart: one part for small sites, 4096 for those with hundreds of thousands.
DEPTHS = (0, 1, 2, 3)
_IN_A_PART = 200
_STATUSES = frozenset({200, 301, 404, 410, 503})
#: What the names of compressed files end with, beside the file that they are of.
GZIP, BROTLI = ".gz", ".br"
PACKED = (GZIP, BROTLI)


class Faulty(ValueError):
    """What should be a part or a release of ours is none."""


@dataclass(frozen=True)
class Entry:
    """One file of a release. ``status``: the status it is answered with, 200, 404, 410 or 503, and 301 for
    a mark; ``size`` in bytes.

    ``gzip``, ``gzip_size``: digest and size of the same bytes compressed, which lie beside it; '' and 0 without; the
    same for ``brotli``. What is sent besides the bytes follows from the place (``layout``).
    """

    place: str
    status: int
    size: int
    sha256: str
    sm3: str
    type: str
    gzip: str = ""
    gzip_size: int = 0
    brotli: str = ""
    brotli_size: int = 0

    @property
    def packed(self) -> tuple[tuple[str, str, int], ...]:
        """Ending, digest and size of each compressed file beside it."""
        both = ((GZIP, self.gzip, self.gzip_size), (BROTLI, self.brotli, self.brotli_size))
        return tuple(one for one in both if one[1])

    @property
    def digests(self) -> tuple[str, ...]:
        """Of all files that it stands for."""
        return (self.sha256, *(digest for _ending, digest, _size in self.packed))


def depth_for(files: int) -> int:
    """How many digits tell the parts apart in a release of so many files."""
    return next((depth for depth in DEPTHS if files <= _IN_A_PART * 16**depth), DEPTHS[-1])


def digits_of(place: str) -> str:
    """The digits of the part of ``place``, as many as the deepest release has."""
    return sha256(place.encode()).hexdigest()[: DEPTHS[-1]]


def place_of_packed(name: str) -> str:
    """The place of the file that one named ``name`` is the compressed form of; ``name`` itself where it is none."""
    return next((name.removesuffix(ending) for ending in PACKED if name.endswith(ending)), name)


def write_part(entries: Iterable[Entry]) -> bytes:
    """The part with ``entries``, the same bytes for the same entries in any order."""
    lines = []
    for entry in sorted(entries, key=lambda one: one.place):
        facts = dict(vars(entry))
        if not entry.brotli:
            # as parts were written before there was any
            facts.pop("brotli"), facts.pop("brotli_size")
        lines.append(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    return "".join(f"{line}\n" for line in lines).encode()


def read_part(content: bytes) -> list[Entry]:
    """The entries of a part. Raises Faulty for anything that ``write_part`` would not have written."""
    entries = []
    try:
        for line in content.decode().splitlines():
            entries.append(Entry(**json.loads(line)))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Faulty(f"no part of a release: {error}") from error
    if not all(map(_makes_sense, entries)) or write_part(entries) != content:
        raise Faulty("no part of a release: it is written otherwise")
    return entries


def _makes_sense(entry: Entry) -> bool:
    try:
        numbers = min(entry.size, entry.gzip_size, entry.brotli_size) >= 0 and entry.status in _STATUSES
        digests = all(len(one) == 64 and int(one, 16) >= 0 for one in (*entry.digests, entry.sm3))
        return numbers and digests and is_place(entry.place) and entry.type == type_of(entry.place)
    except (TypeError, ValueError):
        return False
