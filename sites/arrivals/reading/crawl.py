"""The unpacking of a crawl: WARC, WACZ or a mirrored directory, to files and one line on each address."""

import gzip
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from govplatform.guarded import guarded_target
from govplatform.sentences import gettext_noop, packed, said
from govplatform.untrusted_files.faults import FaultKind, FileFault
from govplatform.untrusted_files.zip_limits import (
    Total,
    check_directory,
    check_names,
    open_member,
    open_zip,
)
from sites.arrivals.reading.addresses import as_sent, cleaned, host_of, joined
from sites.arrivals.reading.bounds import MEBIBYTE, CrawlBounds
from sites.arrivals.reading.mirrors import names_of_host, top_of_mirror, unpack_mirror, zip_limits

INDEX = "index.jsonl"
_CHUNK = 1 << 20
_PAGES = re.compile(r"text/html|application/xhtml", re.IGNORECASE)
_PAGE_NAMES = (".html", ".htm", ".shtml", ".xhtml", ".asp", ".aspx", ".jsp", ".php", ".do")
_ZIP_FAULTS: dict[FaultKind, str] = {
    "broken": gettext_noop("WACZ 或 zip 文件已损坏，无法打开。请重新下载后再试。"),
    "encrypted": gettext_noop("WACZ 或 zip 文件设有密码，无法打开。请解除密码后再上传。"),
    "too many": gettext_noop("WACZ 或 zip 文件里的文件太多，请按栏目拆分后分别导入。"),
    "bomb": gettext_noop("WACZ 或 zip 文件解开后过大，或压缩得异乎寻常，没有解开。请拆分后分别导入。"),
}
_SUCCESS, _REDIRECTS = 200, (301, 302, 303, 307, 308)
_GZIP = b"\x1f\x8b"


class CrawlRefused(Exception):
    """A crawl that cannot be read. reason: a Chinese sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Entry:
    """One address of a crawl. status: as its server answered; file: absolute path of its bytes, "" without any.

    location: where a redirect leads; sha256: of the bytes; page: it is a page and not a picture or an attachment.
    """

    address: str
    status: int
    file: str = ""
    location: str = ""
    sha256: str = ""
    size: int = 0
    page: bool = False


@guarded_target
def unpack_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Unpack a crawl in the guarded process; return {"entries": number} or {"refused": reason}.

    args: source, host, folder (where files and INDEX go) and bounds. The index has one JSON object for each address.
    """
    bounds = CrawlBounds.from_json(args["bounds"])
    folder = Path(args["folder"])
    count = 0
    try:
        with (folder / INDEX).open("w", encoding="utf-8") as index:
            for entry in unpack(Path(args["source"]), folder, host=args["host"], bounds=bounds):
                count += 1
                # Names of files may be bytes of an old encoding, which only escapes can write.
                index.write(json.dumps(asdict(entry)) + "\n")
    except CrawlRefused as refusal:
        return {"refused": packed(refusal.reason)}
    return {"entries": count}


def unpack(source: Path, folder: Path, *, host: str, bounds: CrawlBounds) -> Iterator[Entry]:
    """Yield the addresses of a crawl; the bytes of a WARC lie in `folder` afterwards, each once.

    Of an address that was fetched several times the first success counts. Raises CrawlRefused.
    """
    if source.is_dir():
        yield from _of_directory(source, host, bounds)
        return
    with source.open("rb") as stream:
        head = stream.read(4)
        stream.seek(0)
        if head.startswith(b"PK"):
            yield from _of_zip(stream, folder, host, bounds)
        elif head.startswith((b"WARC", _GZIP)):
            yield from _Records(folder, bounds).of(stream)
        else:
            raise CrawlRefused(
                gettext_noop(
                    "无法识别抓取文件：请给出 .warc、.warc.gz、.wacz 文件，wget 镜像的目录，"
                    "或把这个目录压缩成的 .zip 文件。"
                )
            )


# --- records -----------------------------------------------------------------------------


def _of_zip(stream: IO[bytes], folder: Path, host: str, bounds: CrawlBounds) -> Iterator[Entry]:
    """A WACZ, which has its records in `archive/`, or else the files of a mirrored directory."""
    limits, total = zip_limits(bounds), Total(bounds.total_bytes)
    try:
        with open_zip(stream) as package:
            members = package.infolist()
            check_directory(members, limits)
            records = sorted(
                (one for one in members if one.filename.startswith("archive/") and ".warc" in one.filename[8:]),
                key=lambda one: one.filename,
            )
            if records:
                check_names(members)
                reader = _Records(folder, bounds)
                for member in records:
                    yield from reader.of(io.BufferedReader(_Raw(open_member(package, member, limits, total).read)))
                return
            if "datapackage.json" in package.namelist():
                raise CrawlRefused(gettext_noop("WACZ 文件里没有 archive 目录下的 WARC 文件，请核对文件是否完整。"))
            mirror = folder / "mirror"
            unpack_mirror(package, mirror, limits, total)
    except FileFault as fault:
        raise CrawlRefused(_ZIP_FAULTS.get(fault.kind, _ZIP_FAULTS["broken"])) from fault
    yield from _of_directory(top_of_mirror(mirror, host), host, bounds)


class _Raw(io.RawIOBase):
    """What something reads, as the reader of records wants its streams."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read_some = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.read_some(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def bounded_lines(stream: Any, bounds: CrawlBounds) -> Any:
    """The library's reader of an unpacked WARC, which gives up where the lines before a content do not end."""
    from warcio.bufferedreaders import BufferedReader

    class Lines(BufferedReader):
        in_a_row = 0

        def readline(self, length: int | None = None) -> bytes:
            most = bounds.head_bytes + 1
            line = bytes(super().readline(most if length is None else min(length, most)))
            self.in_a_row += len(line)
            if self.in_a_row > bounds.head_bytes:
                raise ValueError("the head of a record has no end")
            return line

        def read(self, length: int | None = None) -> bytes:
            data = bytes(super().read(length))
            self.in_a_row = 0 if data else self.in_a_row
            return data

    return Lines(stream, block_size=_CHUNK)


class _Records:
    """The records of one or several WARC files of a crawl."""

    def __init__(self, folder: Path, bounds: CrawlBounds) -> None:
        self.folder, self.bounds = folder, bounds
        self.seen: dict[str, int] = {}
        self.by_digest: dict[str, Entry] = {}
        self.total = self.unpacked = 0
        self.count = 0

    def of(self, stream: IO[bytes]) -> Iterator[Entry]:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed

        records = ArchiveIterator(self._plain(stream))
        records.reader = lines = bounded_lines(records.fh, self.bounds)
        try:
            for record in records:
                lines.in_a_row = 0
                self.count += 1
                if self.count > self.bounds.records:
                    raise CrawlRefused(
                        said(gettext_noop("抓取文件的记录超过 %(most)s 条，请拆分后导入。"), most=self.bounds.records)
                    )
                if record.rec_type in ("response", "resource", "revisit"):
                    entry = self._entry(record)
                    if entry is not None:
                        yield entry
        except (ArchiveLoadFailed, EOFError, UnicodeDecodeError, ValueError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise CrawlRefused(
                said(
                    gettext_noop("抓取文件在第 %(number)s 条记录处损坏，无法读取。请重新抓取，或截去损坏的部分。"),
                    number=self.count + 1,
                )
            ) from error

    def _plain(self, stream: IO[bytes]) -> IO[bytes]:
        """The records unpacked, whether each was packed by itself or the file as a whole, and counted as they come.

        Counted here, since most of a bomb may lie in what is passed over: requests, errors, what is too large to keep.
        """
        buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream.read))
        packed_file = buffered.peek(2)[:2] == _GZIP
        # Read by no more than is asked for: a member of a thousand times its size never lies in memory.
        read = gzip.GzipFile(fileobj=buffered).read1 if packed_file else buffered.read

        def counted(size: int) -> bytes:
            try:
                data = read(size)
            except EOFError:
                # A crawl that was broken off: what came before is whole.
                return b""
            self.unpacked += len(data)
            _check_total(self.unpacked, self.bounds)
            return data

        plain = io.BufferedReader(_Raw(counted), _CHUNK)
        if plain.peek(2)[:2] == _GZIP:
            raise CrawlRefused(gettext_noop("抓取文件压缩了两层，请先解开外面的一层（gunzip）再导入。"))
        return plain

    def _entry(self, record: Any) -> Entry | None:
        address = cleaned(as_sent(str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")))
        if not address:
            return None
        if len(address) > self.bounds.address_characters:
            # No content is kept, so the report says that it is too large.
            return Entry(address[: self.bounds.address_characters], _SUCCESS, page=True)
        headers = record.http_headers
        try:
            status = int(headers.get_statuscode()) if headers is not None else _SUCCESS
        except ValueError:
            status = 0
        if self.seen.get(address) == _SUCCESS or (address in self.seen and status != _SUCCESS):
            return None
        self.seen[address] = status
        entry = Entry(address, status)
        digest = str(record.rec_headers.get_header("WARC-Payload-Digest") or "")
        if status in _REDIRECTS and headers is not None:
            leads = joined(address, as_sent(str(headers.get_header("Location") or "")))
            entry.location = leads if len(leads) <= self.bounds.address_characters else ""
        elif record.rec_type == "revisit":
            first = self.by_digest.get(digest)
            if first is not None:
                entry.file, entry.sha256, entry.size, entry.page = first.file, first.sha256, first.size, first.page
        elif status == _SUCCESS:
            kind = str((headers or record.rec_headers).get_header("Content-Type") or "")
            self._keep(record.content_stream(), entry, kind)
            if digest:
                self.by_digest.setdefault(digest, entry)
        return entry

    def _keep(self, content: IO[bytes], entry: Entry, kind: str) -> None:
        digest = sha256()
        name = self.folder / f"part-{self.count}"
        head = b""
        with name.open("wb") as out:
            while data := content.read(_CHUNK):
                head = head or data[:512]
                digest.update(data)
                entry.size += len(data)
                self.total += len(data)
                _check_total(self.total, self.bounds)
                if entry.size > self.bounds.file_bytes:
                    break
                out.write(data)
        entry.sha256 = digest.hexdigest()
        entry.page = bool(_PAGES.search(kind)) or (not kind and looks_like_page(head))
        if entry.size > self.bounds.file_bytes:
            name.unlink()
            return
        kept = self.folder / entry.sha256
        name.replace(kept)
        entry.file = str(kept)


def _check_total(total: int, bounds: CrawlBounds) -> None:
    if total > bounds.total_bytes:
        raise CrawlRefused(
            said(gettext_noop("抓取内容解开后超过 %(most)s MB，请拆分后导入。"), most=bounds.total_bytes // MEBIBYTE)
        )


# --- a directory -------------------------------------------------------------------------


def _of_directory(source: Path, host: str, bounds: CrawlBounds) -> Iterator[Entry]:
    # A link in a mirror leads anywhere on this machine.
    folders = [one for one in sorted(source.iterdir()) if one.is_dir() and not one.is_symlink()]
    root = next((source / name for name in names_of_host(host) if source / name in folders), source)
    hosts = [one for one in folders if "." in one.name] if root != source else []
    total = count = 0
    for top in [root, *(one for one in hosts if one != root)]:
        site = host if top is root and root == source else top.name
        for where, below, names in os.walk(os.fsencode(top), followlinks=False):
            below.sort()
            for name in sorted(names):
                path = os.path.join(where, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                count += 1
                size = os.path.getsize(path)
                total += size
                _check_total(total, bounds)
                if count > bounds.records:
                    raise CrawlRefused(
                        said(gettext_noop("抓取文件的记录超过 %(most)s 条，请拆分后导入。"), most=bounds.records)
                    )
                entry = _entry_of_file(path, os.path.relpath(path, os.fsencode(top)), site, size, bounds)
                if entry is not None:
                    yield entry


def _entry_of_file(path: bytes, relative: bytes, site: str, size: int, bounds: CrawlBounds) -> Entry | None:
    """The address that wget wrote to a file: `index.html@id=3` and `index.html?id=3.html` have a query."""
    names = re.sub(rb"([?@][^/?@]*)\.html?$", rb"\1", relative) if re.search(rb"[?@][^/?@=]*+=", relative) else relative
    before, _mark, query = names.replace(b"@", b"?", 1 if b"=" in names else 0).partition(b"?")
    address = cleaned(
        f"http://{site}/{quote(before, safe='/%:;,+-_.~()!')}" + (f"?{quote(query, safe='=&%')}" if query else "")
    )
    if not address or host_of(address) == "":
        return None
    entry = Entry(address, _SUCCESS, size=size)
    if size > bounds.file_bytes:
        return entry
    digest = sha256()
    head = b""
    with open(path, "rb") as stream:
        while data := stream.read(_CHUNK):
            head = head or data[:512]
            digest.update(data)
    entry.file, entry.sha256 = os.fsdecode(path), digest.hexdigest()
    entry.page = before.lower().endswith(tuple(name.encode() for name in _PAGE_NAMES)) or looks_like_page(head)
    return entry


def looks_like_page(head: bytes) -> bool:
    """Whether bytes begin like a page."""
    return bool(
        re.match(rb"[\s\xef\xbb\xbf]*<(?:!doctype html|html|head|body|frameset|meta|title)\b", head, re.IGNORECASE)
    )
