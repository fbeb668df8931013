"""Reading a dump: its list first, then part after part, each held against the list."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.utils.translation import gettext as _

from govplatform.digests import CHUNK, Digest, Digester
from govplatform.refusals import Refused
from govplatform.system_words import system_words

from .faults import DumpBroken
from .keys import find_key
from .manifest import LONGEST, NAME, Manifest, Part, read_manifest
from .sealing import Unsealed


class Dump:
    """An opened dump, to be read once from its beginning to its end. ``manifest``: what it says that it holds."""

    def __init__(self, stream: Unsealed) -> None:
        self._stream = stream
        self._tar = tarfile.open(fileobj=io.BufferedReader(stream, CHUNK), mode="r|")  # noqa: SIM115 - of the caller
        self.encrypted = stream.encrypted
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        member = self._tar.next()
        if member is None or member.name != NAME or member.size > LONGEST:
            raise DumpBroken(NAME, _("备份里没有清单。"))
        return read_manifest(cast(IO[bytes], self._tar.extractfile(member)).read())

    def parts(self) -> Iterator[tuple[Part, IO[bytes]]]:
        """Yield each part with its bytes. What the caller leaves is read too, and the whole of it compared.

        Raises DumpBroken where a part is missing, is another one, or has other bytes than the list says.
        """
        for part in self.manifest.parts:
            member = self._tar.next()
            if member is None or member.name != part.name or member.size != part.bytes or not member.isfile():
                raise DumpBroken(part.name, _("这一部分缺失，或与清单不符。"))
            checked = _Checked(cast(IO[bytes], self._tar.extractfile(member)))
            # Buffered by nobody: what the caller has not taken is still to be counted.
            yield part, cast(IO[bytes], checked)
            digest = checked.finish()
            if (digest.bytes, digest.sha256, digest.sm3) != (part.bytes, part.sha256, part.sm3):
                raise DumpBroken(part.name, _("内容与清单中的校验值不符。"))
        if self._tar.next() is not None:
            raise DumpBroken(NAME, _("备份里有清单没有列出的内容。"))
        self._stream.drain()


class _Checked(io.RawIOBase):
    """A stream whose bytes are counted as they are read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digester = Digester()

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._stream.read(len(target))
        self._digester.update(data)
        target[: len(data)] = data
        return len(data)

    def finish(self) -> Digest:
        while data := self._stream.read(CHUNK):
            self._digester.update(data)
        return self._digester.finish()


class _Counted(io.RawIOBase):
    """The file itself, with digests of all that was read of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digester = Digester()

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        data = self._stream.read(len(target))
        self.digester.update(data)
        target[: len(data)] = data
        return len(data)


@contextmanager
def opened(path: Path) -> Iterator[Dump]:
    """Open the dump at ``path``. Raises Refused when it cannot be read, DumpBroken when it is not whole."""
    try:
        with _file_at(path) as stream, _broken_named():
            yield Dump(Unsealed(stream, find_key))
    except OSError as error:
        raise Refused(_("不能读取 %(path)s：%(reason)s。") % {"path": path, "reason": system_words(error)}) from error


def verify_dump(path: Path) -> tuple[Manifest, Digest]:
    """Read every byte of a dump and compare it; return its list, and the digests of the file.

    Raises DumpBroken naming the first place that is not what it was, Refused for a missing key.
    """
    try:
        with _file_at(path) as stream, _broken_named():
            counted = _Counted(stream)
            dump = Dump(Unsealed(cast(BinaryIO, io.BufferedReader(counted, CHUNK)), find_key))
            for _part, _bytes in dump.parts():
                pass
            return dump.manifest, counted.digester.finish()
    except OSError as error:
        raise Refused(_("不能读取 %(path)s：%(reason)s。") % {"path": path, "reason": system_words(error)}) from error


def _file_at(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():
        # A pipe would be waited for without end.
        raise Refused(_("%(path)s 不是文件，请写明备份文件的路径。") % {"path": path})
    return path.open("rb")


@contextmanager
def _broken_named() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise DumpBroken(NAME, _("备份的内部结构无法读取。")) from error
