"""Reading records of a WARC, bounded: an archive may come from anywhere, and headers without end are no reason to fall."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

_MOST_OF_HEADERS = 64 * 1024
_CHUNK = 64 * 1024
_RECORD = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"])
_ANSWER = StatusAndHeadersParser(["HTTP/1.1", "HTTP/1.0"])


class Break(StrEnum):
    """What may be wrong with a record."""

    CUT_OFF = "cut off"
    NO_GZIP = "not decompressed"
    NO_HEADERS = "headers not readable"
    NO_LENGTH = "length not given"
    NO_END = "end not where it should be"
    NO_ANSWER = "no answer in it"
    NOT_INDEXED = "not in the index"
    WRONGLY_INDEXED = "index leads elsewhere"
    NO_ORIGINAL = "original missing"


class BrokenRecord(Exception):
    """What lies at this place is no whole record, or not the one that was looked for."""

    def __init__(self, problem: Break) -> None:
        self.problem = problem
        super().__init__(str(problem))


class _Member:
    """One gzip member, decompressed as far as it is asked for."""

    def __init__(self, stream: BinaryIO, offset: int) -> None:
        stream.seek(offset)
        self._stream = stream
        self._read = offset
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._waiting = b""
        self._held = b""

    def _fill(self) -> bool:
        """Hold some more bytes; False at the end of the member."""
        while not self._inflater.eof:
            if not self._waiting:
                self._waiting = self._stream.read(_CHUNK)
                self._read += len(self._waiting)
                if not self._waiting:
                    raise BrokenRecord(Break.CUT_OFF)
            try:
                made = self._inflater.decompress(self._waiting, _CHUNK)
            except zlib.error as error:
                raise BrokenRecord(Break.NO_GZIP) from error
            self._waiting = self._inflater.unconsumed_tail
            if made:
                self._held += made
                return True
        return False

    def until(self, mark: bytes) -> bytes:
        """Everything up to and with ``mark``."""
        while mark not in self._held:
            if len(self._held) > _MOST_OF_HEADERS:
                raise BrokenRecord(Break.NO_HEADERS)
            if not self._fill():
                raise BrokenRecord(Break.CUT_OFF)
        found, self._held = self._held.split(mark, 1)
        return found + mark

    def read(self, most: int) -> bytes:
        if not self._held and not self._fill():
            return b""
        found, self._held = self._held[:most], self._held[most:]
        return found

    def end(self) -> int:
        """The place behind the member, which has been read to its end."""
        while self._fill():
            pass
        return self._read - len(self._inflater.unused_data)

    def is_read(self) -> bool:
        return not self._held and not self._fill()


@dataclass
class Record:
    """A record whose payload is read with ``chunks`` once. ``http``: headers of the answer, None where there is none."""

    offset: int
    headers: StatusAndHeaders
    head: bytes
    http: StatusAndHeaders | None
    http_head: bytes
    #: Bytes of the payload.
    bytes: int
    _member: _Member

    def get(self, name: str) -> str:
        return str(self.headers.get_header(name) or "")

    @property
    def type(self) -> str:
        return self.get("WARC-Type")

    @property
    def address(self) -> str:
        return self.get("WARC-Target-URI")

    def chunks(self) -> Iterator[bytes]:
        """Yield the payload; raises BrokenRecord where it is cut off."""
        left = self.bytes
        while left:
            chunk = self._member.read(min(left, _CHUNK))
            if not chunk:
                raise BrokenRecord(Break.CUT_OFF)
            left -= len(chunk)
            yield chunk

    def end(self) -> int:
        """The place behind the record, after its payload was read. Raises BrokenRecord if it does not end properly."""
        if self._member.until(b"\r\n\r\n") != b"\r\n\r\n" or not self._member.is_read():
            raise BrokenRecord(Break.NO_END)
        return self._member.end()


def read_record(stream: BinaryIO, offset: int) -> Record:
    """The record at ``offset``. Raises BrokenRecord."""
    member = _Member(stream, offset)
    head = member.until(b"\r\n\r\n")
    headers = _parse(_RECORD, head)
    length = str(headers.get_header("Content-Length") or "")
    if not (length.isascii() and length.isdecimal() and len(length) < 16):
        raise BrokenRecord(Break.NO_LENGTH)
    left, http, http_head = int(length), None, b""
    if headers.get_header("WARC-Type") in ("response", "revisit") and left:
        http_head = member.until(b"\r\n\r\n")
        http = _parse(_ANSWER, http_head)
        left -= len(http_head)
    if left < 0:
        raise BrokenRecord(Break.NO_LENGTH)
    return Record(offset, headers, head, http, http_head, left, member)


def _parse(parser: StatusAndHeadersParser, head: bytes) -> StatusAndHeaders:
    lines = iter(head.split(b"\r\n"))

    class Lines:
        def readline(self) -> bytes:
            return next(lines, b"") + b"\r\n"

    try:
        return parser.parse(Lines())
    except (StatusAndHeadersParserException, EOFError, ValueError) as error:
        raise BrokenRecord(Break.NO_HEADERS) from error
