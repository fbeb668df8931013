"""An answer on its way from one process to another: small ones whole, large ones as a file that is moved."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .reads import Read
from .renderer import Rendered

#: A body beyond this goes by way of the disk, so that what is under way stays small.
_SENT_WHOLE = 128 * 1024


@dataclass(frozen=True)
class Packed:
    """As ``Rendered``; ``body``: the bytes, or the file in which they lie."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes | Path
    size: int
    reads: frozenset[Read]
    made: Any


def pack(rendered: Rendered, folder: Path) -> Packed:
    """``folder``: where a large body is put."""
    rendered.body.seek(0)
    body: bytes | Path
    if rendered.size <= _SENT_WHOLE:
        body = rendered.body.read()
    else:
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as stream:
            shutil.copyfileobj(rendered.body, stream, 1 << 18)
        body = Path(name)
    return Packed(
        rendered.status, rendered.reason, rendered.headers, body, rendered.size, rendered.reads, rendered.made
    )


@contextmanager
def unpacked(packed: Packed) -> Iterator[Rendered]:
    """The answer, for as long as the block runs; the file of a large one is gone afterwards."""
    body: IO[bytes]
    if isinstance(packed.body, bytes):
        body = io.BytesIO(packed.body)
    else:
        body = packed.body.open("rb")
        packed.body.unlink()
    with body:
        yield Rendered(packed.status, packed.reason, packed.headers, body, packed.size, packed.reads, packed.made)
