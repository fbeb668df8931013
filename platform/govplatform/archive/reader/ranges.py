"""Parts of a file (RFC 9110, section 14): what a browser asks for that winds a film forward."""

import re
from collections.abc import Iterator

_ONE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


class NotSatisfiable(Exception):
    """The part that is asked for lies behind the end of the file."""


def asked_part(header: str, size: int) -> tuple[int, int] | None:
    """Return (first byte, last byte) that the header ``Range`` asks of a file of ``size`` bytes.

    None where the whole is to be sent: without the header, and for what is no single range of bytes. Raises
    NotSatisfiable.
    """
    found = _ONE.fullmatch(header.replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        count = min(int(found[2]), size)
        if not count:
            raise NotSatisfiable
        return size - count, size - 1
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise NotSatisfiable
    return first, last


def cut(chunks: Iterator[bytes], first: int, last: int) -> Iterator[bytes]:
    """Yield the bytes from ``first`` to ``last``; what lies before is read and left out, nothing behind is read."""
    at = 0
    for chunk in chunks:
        begin, end = max(first - at, 0), last + 1 - at
        if begin < len(chunk):
            yield chunk[begin:end]
        at += len(chunk)
        if at > last:
            return
