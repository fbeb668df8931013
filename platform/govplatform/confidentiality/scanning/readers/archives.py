"""Archives: looked through without unpacking more than the limits, whatever their directory says."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from .context import Context, Items, ReadSource, Source
from .flow import piece
from .unreadable import BOMB, CORRUPT, ENCRYPTED, FILE, Unreadable, unreadable
from .xml_parts import Readable

CHUNK = 256 * 1024
IN_MEMORY = 4 * 1024 * 1024
BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError)


class Counted:
    """A stream out of an archive that stops when it yields more than it may."""

    def __init__(self, stream: Readable, context: Context, packed: int) -> None:
        self._stream, self._budget, self._limits = stream, context.budget, context.limits
        self._packed, self._count = max(packed, 1), 0

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._stream.read(size if size and size > 0 else CHUNK)
        except (*BROKEN, OSError) as error:
            raise Unreadable(CORRUPT) from error
        self._count += len(data)
        check_size(self._count, self._packed, self._limits.ratio_from_bytes, self._limits.ratio)
        if self._count > self._limits.member_bytes:
            raise Unreadable(BOMB)
        self._budget.spend_bytes(len(data))
        return data

    def read_all(self) -> bytes:
        return b"".join(iter(lambda: self.read(CHUNK), b""))


def check_size(size: int, packed: int, from_bytes: int, ratio: int) -> None:
    if size > from_bytes and size > packed * ratio:
        raise Unreadable(BOMB)


def open_archive(source: Source, context: Context) -> zipfile.ZipFile:
    """The archive with a bounded directory. Raises Unreadable."""
    source.stream.seek(0)
    try:
        archive = zipfile.ZipFile(source.stream)
    except (*BROKEN, OSError) as error:
        raise Unreadable(CORRUPT) from error
    context.budget.spend_members(len(archive.infolist()))
    return archive


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, context: Context) -> Counted:
    """One entry as a counted stream. Raises Unreadable: encrypted, damaged, or a bomb by what it declares."""
    if info.flag_bits & 0x1:
        raise Unreadable(ENCRYPTED)
    limits = context.limits
    if info.file_size > limits.member_bytes:
        raise Unreadable(BOMB)
    check_size(info.file_size, max(info.compress_size, 1), limits.ratio_from_bytes, limits.ratio)
    try:
        return Counted(archive.open(info), context, info.compress_size)
    except (*BROKEN, OSError) as error:
        raise Unreadable(CORRUPT) from error


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as whoever packed it wrote it: without the UTF-8 flag it is GBK here, not code page 437."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("gb18030")
        except UnicodeError:
            return info.filename
    return info.filename


def read_nested(stream: Counted, name: str, context: Context, read_source: ReadSource) -> Items:
    """A file inside of another one, through a temporary file that has no name on the disk."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        while data := stream.read(CHUNK):
            copy.write(data)
        copy.seek(0)
        yield from read_source(Source(copy, name), context)


def read_zip(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Every entry by its own reader."""
    with open_archive(source, context) as archive:
        names = [member_name(info) for info in archive.infolist()]
        yield from piece(context, "file names", "\n".join(names))
        yield from piece(context, "archive comment", archive.comment.decode("utf-8", "replace"))
        for info, name in zip(archive.infolist(), names, strict=True):
            if info.is_dir():
                continue
            try:
                inner = context.member(name)
                yield from read_nested(open_member(archive, info, context), _base(name), inner, read_source)
            except Unreadable as problem:
                if type(problem) is not Unreadable:
                    raise
                yield unreadable(_member_place(context, name), problem.message, problem.severity)


def read_tar(source: Source, context: Context, read_source: ReadSource) -> Items:
    try:
        with tarfile.open(fileobj=source.stream, mode="r:") as archive:
            for member in archive:
                context.budget.spend_members(1)
                if not member.isfile():
                    continue
                if member.size > context.limits.member_bytes or (member.sparse and member.size > IN_MEMORY):
                    yield unreadable(_member_place(context, member.name), BOMB)
                    continue
                stream = archive.extractfile(member)
                if stream is None:
                    continue
                inner = context.member(member.name)
                yield from read_nested(Counted(stream, context, member.size), _base(member.name), inner, read_source)
    except tarfile.TarError as error:
        raise Unreadable(CORRUPT) from error


def read_compressed(source: Source, context: Context, read_source: ReadSource) -> Items:
    """A single compressed file: .gz, .bz2, .xz."""
    openers: dict[bytes, Callable[[IO[bytes]], Readable]] = {
        b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
        b"BZ": bz2.BZ2File,
        b"\xfd7": lzma.LZMAFile,
    }
    packed = source.size()
    stream = openers[source.head(2)](source.stream)
    name = source.name.rpartition(".")[0] or FILE
    inner = context.member(name)
    yield from read_nested(Counted(stream, context, packed), name, inner, read_source)


def _base(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2] or name


def _member_place(context: Context, name: str) -> str:
    try:
        return context.member(name).path
    except Unreadable:
        return context.file_place()
