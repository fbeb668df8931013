"""Reads archives without unpacking more than the limits allow, whatever their directory says."""

import bz2
import gzip
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from typing import IO

from govplatform.untrusted_files.zip_limits import (
    BROKEN,
    CHUNK,
    BoundedReader,
    Readable,
    check_member,
    member_name,
    open_zip,
)

from .context import Context, Items, ReadSource, Source
from .flow import piece
from .unreadable import BOMB, CORRUPT, FILE, Unreadable, faults_in_words, unreadable

IN_MEMORY = 4 * 1024 * 1024


class Counted(BoundedReader):
    """A stream out of an archive that raises when it, or everything unpacked so far, yields more than it may.

    Raises Unreadable for this stream, Exhausted for all of them.
    """

    def __init__(self, stream: Readable, context: Context, packed: int) -> None:
        super().__init__(stream, packed, context.limits.zip_limits(), context.budget.spend_bytes)

    def read(self, size: int = -1, /) -> bytes:
        with faults_in_words():
            return super().read(size)


def open_archive(source: Source, context: Context) -> zipfile.ZipFile:
    """Open a ZIP archive and count its entries. Raises Unreadable, or Exhausted for too many entries."""
    with faults_in_words():
        archive = open_zip(source.stream)
    context.budget.spend_members(len(archive.infolist()))
    return archive


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, context: Context) -> Counted:
    """Open one entry as a counted stream. Raises Unreadable: encrypted, damaged, or a bomb by what it declares."""
    return Counted(_checked(archive, info, context), context, info.compress_size)


def open_again(archive: zipfile.ZipFile, info: zipfile.ZipInfo, context: Context) -> BoundedReader:
    """Open an entry whose bytes were counted before, and are not once more. Raises Unreadable as ``open_member``."""
    limits = context.limits.zip_limits()
    return BoundedReader(_checked(archive, info, context), info.compress_size, limits, lambda _count: None)


def _checked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, context: Context) -> IO[bytes]:
    with faults_in_words():
        check_member(info, context.limits.zip_limits())
    try:
        return archive.open(info)
    except BROKEN as error:
        raise Unreadable(CORRUPT) from error


def read_nested(stream: Counted, name: str, context: Context, read_source: ReadSource) -> Items:
    """Read a file inside of another one, through a temporary file that has no name on the disk."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        while data := stream.read(CHUNK):
            copy.write(data)
        copy.seek(0)
        yield from read_source(Source(copy, name), context)


def read_zip(source: Source, context: Context, read_source: ReadSource) -> Items:
    """Read a ZIP archive: its names, its comment, and every entry by its own reader."""
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
    """Read a tar archive: every file in it by its own reader."""
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
    """Read a single compressed file: .gz, .bz2, .xz."""
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
