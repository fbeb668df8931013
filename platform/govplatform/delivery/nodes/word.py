"""A withdrawal as one word over a standing connection: the signed release, and the files that prove and carry it out.

One line of JSON with the lengths, then the bytes. What they are is not said: a file is what its digest makes it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from ..release.signed import LARGEST

#: Bytes of files that a word may bring, and how many; what is more goes by rsync.
MOST_BROUGHT, MOST_FILES = 4 << 20, 2_000
_LONGEST_HEAD = 64 << 10


class Unclear(ValueError):
    """What came is no word, so nobody knows where the next one begins."""


@dataclass(frozen=True)
class Word:
    """``envelope``: the signed release; ``brought``: files for the store."""

    envelope: bytes
    brought: Sequence[bytes] = ()


def write_word(word: Word) -> bytes:
    head = {"envelope": len(word.envelope), "brought": [len(one) for one in word.brought]}
    return b"".join([json.dumps(head).encode(), b"\n", word.envelope, *word.brought])


def read_word(stream: IO[bytes]) -> Word | None:
    """The next word; None where ``stream`` ends before or in it. Raises Unclear."""
    line = stream.readline(_LONGEST_HEAD)
    if not line:
        return None
    try:
        head = json.loads(line)
        sizes = [head["envelope"], *head["brought"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unclear("a word begins with its lengths") from error
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise Unclear("lengths are numbers")
    if sizes[0] > LARGEST or sum(sizes[1:]) > MOST_BROUGHT or len(sizes) > MOST_FILES + 1:
        raise Unclear("the word is too large")
    pieces = [stream.read(size) for size in sizes]
    if any(len(piece) != size for piece, size in zip(pieces, sizes, strict=True)):
        return None
    return Word(pieces[0], pieces[1:])
