"""Writing the WARC 1.1 (ISO 28500): a gzip member for each record, nothing that only the clock or the machine knows.

Record ids are derived from the archive's name and the record's number, dates come from the state that was captured.
"""

import hashlib
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from govplatform.digests import CHUNK, Digest

_NAMESPACE = uuid.UUID("6f0f7c2e-6a3b-5c52-9f0c-8b0c5d1f4c11")
_VERSION = "WARC/1.1"


@dataclass(frozen=True)
class Written:
    """Where a record lies: ``offset`` and ``length`` in bytes of the compressed file; ``sha256`` of those bytes."""

    record: str
    offset: int
    length: int


@dataclass(frozen=True)
class Original:
    """A record whose payload others repeat."""

    address: str
    date: str
    record: str


class Warc:
    """A WARC that is being written to ``stream``, at whose beginning it stands. ``name``: of the archive."""

    def __init__(self, stream: BinaryIO, name: str, date: str) -> None:
        self._stream = stream
        self._name = name
        self._date = date
        self._writer = WARCWriter(stream, gzip=True, warc_version=_VERSION)
        self.records = 0
        self.info = self._id("warcinfo")

    def _id(self, what: str) -> str:
        return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self._name} {self.records} {what}')}>"

    def write_info(self, filename: str, fields: dict[str, str]) -> Written:
        """The first record: what this file is and what made it."""
        block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
        headers = {
            "WARC-Record-ID": self.info,
            "WARC-Filename": filename,
            "WARC-Date": self._date,
            "WARC-Block-Digest": f"sha256:{_sha256(block)}",
        }
        made = self._writer.create_warc_record(
            "", "warcinfo", payload=io.BytesIO(block), length=len(block), warc_headers_dict=headers
        )
        return self._write(made, self.info)

    def write_response(
        self,
        address: str,
        date: str,
        status: str,
        headers: Sequence[tuple[str, str]],
        body: BinaryIO,
        digest: Digest,
    ) -> Written:
        """An answer as it was given. ``status``: ``200 OK``; ``body`` is read from its beginning in pieces."""
        http = _http(status, headers)
        block = hashlib.sha256(http.headers_buff)
        body.seek(0)
        while chunk := body.read(CHUNK):
            block.update(chunk)
        body.seek(0)
        record = self._id(address)
        made = self._writer.create_warc_record(
            address,
            "response",
            payload=body if digest.bytes else None,
            length=digest.bytes,
            http_headers=http,
            warc_headers_dict={
                "WARC-Record-ID": record,
                "WARC-Warcinfo-ID": self.info,
                "WARC-Date": date,
                "WARC-Payload-Digest": f"sha256:{digest.sha256}",
                "WARC-Block-Digest": f"sha256:{block.hexdigest()}",
            },
        )
        return self._write(made, record)

    def write_revisit(
        self,
        address: str,
        date: str,
        status: str,
        headers: Sequence[tuple[str, str]],
        original: Original,
        digest: Digest,
    ) -> Written:
        """An answer whose payload is that of ``original``, which lies before it in this file."""
        http = _http(status, headers)
        record = self._id(address)
        made = self._writer.create_revisit_record(
            address,
            f"sha256:{digest.sha256}",
            original.address,
            original.date,
            http_headers=http,
            warc_headers_dict={
                "WARC-Record-ID": record,
                "WARC-Warcinfo-ID": self.info,
                "WARC-Refers-To": original.record,
                "WARC-Date": date,
                "WARC-Block-Digest": f"sha256:{_sha256(http.headers_buff)}",
            },
        )
        return self._write(made, record)

    def _write(self, made: object, record: str) -> Written:
        offset = self._stream.tell()
        self._writer.write_record(made)
        self.records += 1
        return Written(record, offset, self._stream.tell() - offset)


def _http(status: str, headers: Sequence[tuple[str, str]]) -> StatusAndHeaders:
    http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
    http.compute_headers_buffer()
    return http


def _sha256(block: bytes) -> str:
    return hashlib.sha256(block).hexdigest()
