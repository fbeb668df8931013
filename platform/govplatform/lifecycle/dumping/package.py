"""The inside of a dump: a tar archive, list first, without times and owners, so that the same site gives the same."""

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.digests import CHUNK, Digester, digest_of_file
from govplatform.refusals import Refused

from .manifest import NAME, Manifest, Part

_BLOCK = 512


@dataclass(frozen=True)
class Source:
    """A part before it is in the dump: its name there, and where it lies now."""

    part: Part
    path: Path


def source_of(name: str, path: Path) -> Source:
    """The part ``name``, read once for its digests."""
    digest = digest_of_file(path)
    return Source(Part(name, digest.bytes, digest.sha256, digest.sm3), path)


def packed(manifest: Manifest, sources: Iterable[Source]) -> Iterator[bytes]:
    """Yield the archive. Raises Refused for a file that is not any more what it was when the list was made."""
    text = manifest.write()
    yield from _member(NAME, len(text), [text])
    for source in sources:
        yield from _member(source.part.name, source.part.bytes, _unchanged(source))
    yield bytes(2 * _BLOCK)


def _member(name: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o640
    yield info.tobuf(tarfile.PAX_FORMAT)
    yield from pieces
    if rest := size % _BLOCK:
        yield bytes(_BLOCK - rest)


def _unchanged(source: Source) -> Iterator[bytes]:
    digester = Digester()
    left = source.part.bytes
    with source.path.open("rb") as stream:
        while left and (chunk := stream.read(min(CHUNK, left))):
            digester.update(chunk)
            left -= len(chunk)
            yield chunk
        changed = bool(left or stream.read(1))
    if changed or digester.finish().sha256 != source.part.sha256:
        raise Refused(_("备份期间文件被改动：%(path)s。请重新执行。") % {"path": source.path})
