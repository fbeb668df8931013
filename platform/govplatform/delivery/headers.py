"""The headers of an answer, kept in the store beside its bytes: the same few for all pages of a platform.

What follows from the bytes themselves, length and tag, is left out, so that pages share one block.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import cast

Headers = list[tuple[str, str]]
#: A page is sent with some ten headers; whoever sends a hundred kilobytes of them is none of ours.
_LARGEST = 16 * 1024


def block_of(headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """``headers`` of the answer with ``body`` as they are kept; b"" for what is not kept."""
    derived = _derived(body)
    told = [[name, None if derived.get(name) == value else value] for name, value in headers]
    block = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return block if len(block) <= _LARGEST else b""


def headers_of(block: bytes, body: bytes) -> Headers:
    """The headers of the answer with ``body``. Raises ValueError for what ``block_of`` has not made."""
    derived = _derived(body)
    try:
        told = json.loads(block)
        return [(str(name), derived[name] if value is None else cast(str, value)) for name, value in told]
    except (TypeError, KeyError) as error:
        raise ValueError("no headers of ours") from error


def _derived(body: bytes) -> dict[str, str]:
    """What of the headers follows from the bytes, where it is said in this way (sites/public/access.py)."""
    return {"Content-Length": str(len(body)), "ETag": f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'}
