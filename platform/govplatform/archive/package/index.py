"""The index (CDXJ): for each address where its record lies, sorted, so that a reader finds one by halving.

Keys are those of the viewers that open WACZ files: the host backwards, everything in lower case, the query sorted.
Doubled slashes, slashes at the end and queries stay apart; which of several spellings was meant says ``url``.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode, urlsplit

_MOST_OF_A_LINE = 64 * 1024


def index_key(address: str) -> str:
    """The key of an absolute address: ``cn,gov,example)/news/?page=2``."""
    parts = urlsplit(address.lower())
    host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
    port = f":{parts.port}" if parts.port else ""
    query = f"?{_sorted(parts.query)}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}"


def _sorted(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=1000)
    return urlencode(sorted(pairs, key=lambda pair: pair[0]))


def coarse_key(address: str) -> str:
    """The key as older viewers make it, which know neither doubled slashes nor slashes at the end nor letter case.

    Records that fall together under it get different seconds, so that these viewers find each of them too.
    """
    key = index_key(address)
    place, query = key.partition("?")[::2]
    host, path = place.split(")", 1)
    while "//" in path:
        path = path.replace("//", "/")
    return f"{host}){path.rstrip('/')}?{query}"


def index_line(key: str, stamp: str, entry: dict[str, str]) -> bytes:
    return f"{key} {stamp} {json.dumps(entry, ensure_ascii=False)}\n".encode()


def read_line(line: bytes) -> tuple[str, str, dict[str, Any]]:
    """``(key, stamp, entry)`` of a line. Raises ValueError for one that is none."""
    key, stamp, entry = line.decode().rstrip("\n").split(" ", 2)
    found = json.loads(entry)
    if not isinstance(found, dict):
        raise ValueError("an entry of the index is no object")
    return key, stamp, found


def entries_of(stream: BinaryIO, size: int, key: str) -> Iterator[dict[str, Any]]:
    """Yield the entries with ``key`` of the sorted index in ``stream``, which holds ``size`` bytes."""
    for line in lines_of(stream, size, key):
        yield read_line(line)[2]


def lines_of(stream: BinaryIO, size: int, key: str) -> Iterator[bytes]:
    """Yield the lines with ``key``, as they are written."""
    wanted = key.encode() + b" "
    low, high = 0, size
    while high - low > 1:
        middle = (low + high) // 2
        stream.seek(middle)
        stream.readline(_MOST_OF_A_LINE)
        line = stream.readline(_MOST_OF_A_LINE)
        if line and line < wanted:
            low = middle
        else:
            high = middle
    stream.seek(low)
    if low:
        stream.readline(_MOST_OF_A_LINE)
    while line := stream.readline(_MOST_OF_A_LINE):
        if line.startswith(wanted):
            yield line
        elif line > wanted:
            return
