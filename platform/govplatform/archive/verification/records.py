"""The check of the records: each address of the list has its record, in order, whole, indexed, and with its digests."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from govplatform.digests import Digest, Digester

from ..package.certificate import AddressTally, Tally
from ..package.index import index_key, index_line, lines_of
from ..package.layout import ADDRESSES, CERTIFICATE, INDEX, Names
from ..package.opening import Opened, json_lines, opened
from ..package.replaying import replayed_digest
from ..package.warc_reading import BrokenRecord, Record
from ..package.written import stamp
from .broken_words import in_words
from .faults import Fault

_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class RecordCheck:
    """Reads the WARC once from beginning to end beside the list of addresses. ``checked``: records that were read."""

    def __init__(self, folder: Path, names: Names, certificate: Mapping[str, Any]) -> None:
        self._folder = folder
        self._names = names
        self._certificate = certificate
        self._public, self._captured, self._replayed = AddressTally(), Tally(), Tally()
        self._answers: dict[str, int] = {}
        self._shown = 0
        self.checked = 0

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong, in the order of the file; nothing more after a record that cannot be read."""
        # Repeated answers are replayed through an opening of their own, beside the one that goes from record to record.
        with (
            opened(self._folder, self._names.name) as archive,
            opened(self._folder, self._names.name) as replay,
            (self._folder / INDEX).open("rb") as index,
        ):
            readable = yield from self._records(archive, replay, index)
        if readable:
            yield from self._index()
            yield from self._sums()

    def _records(self, archive: Opened, replay: Opened, index: Any) -> Generator[Fault, None, bool]:
        """Yield what is wrong with records; return whether all of them could be read."""
        offset, address = 0, ""
        size = (self._folder / INDEX).stat().st_size
        try:
            offset = yield from self._info(archive)
            for entry in json_lines(self._folder / ADDRESSES):
                address = str(entry.get("address"))
                record = archive.record(offset)
                payload = yield from self._record(record, entry)
                end = record.end()
                yield from self._entry_in_index(index, size, entry, offset, end - offset)
                yield from self._replay(replay, entry, payload)
                offset = end
                self.checked += 1
        except BrokenRecord as error:
            yield Fault(self._place(address), in_words(error.problem))
            return False
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            place = _("%(file)s 第 %(line)s 行") % {"file": ADDRESSES, "line": max(self.checked, 1)}
            yield Fault(place, _("这一行，或它在索引里的一行，不是网址登记。"))
            return False
        if offset != archive.warc_size:
            yield Fault(self._place(""), _("文件末尾有没有登记的内容。"))
        return True

    def _place(self, address: str) -> str:
        number = {"file": self._names.warc, "number": self.checked + 1, "address": address}
        return (_("%(file)s 第 %(number)s 条记录 %(address)s") % number).strip()

    def _info(self, archive: Opened) -> Generator[Fault, None, int]:
        info = archive.record(0)
        for _chunk in info.chunks():
            pass
        if info.type != "warcinfo" or info.get("WARC-Filename") != self._names.warc_file:
            yield Fault(self._place(""), _("第一条记录不是本归档的文件信息。"))
        end = info.end()
        self.checked += 1
        return end

    def _record(self, record: Record, entry: Mapping[str, Any]) -> Generator[Fault, None, Digest]:
        """Compare a record with its line and return the digest of what it holds."""
        digester, block = Digester(), Digester()
        block.update(record.http_head)
        for chunk in record.chunks():
            digester.update(chunk)
            block.update(chunk)
        expected = {
            "WARC-Type": "revisit" if entry["revisit"] else "response",
            "WARC-Target-URI": entry["address"],
            "WARC-Date": entry["date"],
            "WARC-Record-ID": entry["record"],
            "WARC-Payload-Digest": f"sha256:{entry['sha256']}",
            "WARC-Block-Digest": f"sha256:{block.finish().sha256}",
            **({"WARC-Profile": _REVISIT} if entry["revisit"] else {}),
        }
        wrong = [name for name, value in expected.items() if record.get(name) != value]
        if wrong:
            words = {"names": "、".join(wrong)}
            yield Fault(self._place(entry["address"]), _("记录的 %(names)s 与登记或内容不符。") % words)
        status = str(record.http.statusline).split(" ", 1)[0] if record.http is not None else ""
        if status != str(entry["status"]):
            yield Fault(self._place(entry["address"]), _("应答状态与登记的不符。"))
        return digester.finish()

    def _entry_in_index(
        self, index: Any, size: int, entry: Mapping[str, Any], offset: int, length: int
    ) -> Iterator[Fault]:
        key = index_key(entry["address"])
        expected = {
            "url": entry["address"],
            "mime": "warc/revisit" if entry["revisit"] else (entry["type"] or "unk"),
            "status": str(entry["status"]),
            "digest": f"sha256:{entry['sha256']}",
            "length": str(length),
            "offset": str(offset),
            "filename": self._names.warc_file,
        }
        if index_line(key, stamp(entry["date"]), expected) not in lines_of(index, size, key):
            yield Fault(f"{INDEX} {entry['address']}", _("索引里没有这个网址，或指向别处。"))

    def _replay(self, replay: Opened, entry: Mapping[str, Any], payload: Digest) -> Iterator[Fault]:
        status, found = int(entry["status"]), payload
        if entry["revisit"]:
            status, found = replayed_digest(replay, entry["address"])
        listed = Digest(entry["bytes"], entry["sha256"], entry["sm3"])
        if found != listed:
            yield Fault(self._place(entry["address"]), _("内容与登记的摘要（SHA-256、SM3）不符。"))
        if entry["role"] != "public":
            self._shown += 1
            return
        self._public.add(entry["address"])
        self._captured.add(entry["address"], entry["status"], listed)
        self._replayed.add(entry["address"], status, found)
        self._answers[str(entry["status"])] = self._answers.get(str(entry["status"]), 0) + 1

    def _index(self) -> Iterator[Fault]:
        """Besides the lines of the addresses the index holds none, and they are sorted."""
        before, number = b"", 0
        with (self._folder / INDEX).open("rb") as stream:
            for number, one in enumerate(stream, 1):
                if one <= before:
                    place = _("%(file)s 第 %(line)s 行") % {"file": INDEX, "line": number}
                    yield Fault(place, _("索引没有按顺序排列。"))
                    return
                before = one
        if number != self.checked - 1:
            yield Fault(
                INDEX,
                _("索引有 %(found)s 行，而网址有 %(listed)s 个。") % {"found": number, "listed": self.checked - 1},
            )

    def _sums(self) -> Iterator[Fault]:
        expected = {
            "public": self._public.sums(),
            "captured": self._captured.sums(),
            "replayed": self._replayed.sums(),
            "answers": self._answers,
            "shown_besides": self._shown,
            "records": self.checked,
        }
        words = {
            "public": _("公开的网址"),
            "captured": _("采集的网址"),
            "replayed": _("重放的网址"),
            "answers": _("各应答状态的数目"),
            "shown_besides": _("网页引用的其他文件的数目"),
            "records": _("记录的数目"),
        }
        for name, value in expected.items():
            if self._certificate.get(name) != value:
                yield Fault(CERTIFICATE, _("证书里%(what)s与归档的内容不符。") % {"what": words[name]})
        counts = {self._public.count, self._captured.count, self._replayed.count}
        if len(counts) > 1:
            yield Fault(CERTIFICATE, _("公开、采集、重放的网址数目不一致。"))
