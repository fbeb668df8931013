"""The texts that a reviewer sees beside the findings: around each of them, and the beginning of the file."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .findings import Finding
from .limits import ReadLimits
from .pieces import Locate, Piece

#: A piece up to this long is shown as a whole; of a longer one so much around each finding.
WHOLE, AROUND = 20_000, 600
MOST_PARTS = 400
GAP = "\n……\n"


@dataclass(slots=True)
class _Kept:
    where: str
    hidden: bool
    text: bytes
    length: int


@dataclass(slots=True)
class _Window:
    piece: int
    start: int
    end: int


class Parts:
    """Keeps the pieces of a file, compressed, while they are scanned, and cuts texts around findings out of them."""

    def __init__(self, limits: ReadLimits) -> None:
        self._most = limits.part_characters
        self._pieces: list[_Kept] = []
        self._asked: dict[tuple[str, int], tuple[int, int]] = {}

    def watch(self, items: Iterable[Piece | Finding]) -> Iterator[Piece | Finding]:
        """Pass ``items`` on to the scan, keeping each piece and the offset that each of its places was asked for."""
        for item in items:
            if isinstance(item, Finding):
                yield item
                continue
            packed = zlib.compress(item.text.encode("utf-8", "surrogatepass"), 1)
            self._pieces.append(_Kept(item.where, item.hidden, packed, len(item.text)))
            yield replace(item, locate=self._watched(item, len(self._pieces) - 1))

    def _watched(self, piece: Piece, number: int) -> Locate:
        def locate(offset: int) -> tuple[str, int]:
            place = piece.place(offset)
            self._asked.setdefault(place, (number, offset))
            return place

        return locate

    def told(self, findings: list[Finding]) -> tuple[list[Finding], list[dict[str, Any]]]:
        """Return the findings, with offsets within the parts, and the parts: ``{"where", "hidden", "text"}`` each.

        There is one part for each ``where``; all together are about ``part_characters`` long. Call after the scan.
        """
        windows: dict[str, list[_Window]] = {}
        for finding in findings:
            asked = self._asked.get((finding.where, finding.offset))
            if asked is not None and finding.length:
                number, start = asked
                windows.setdefault(finding.where, []).append(self._around(finding, number, start))
        room = self._most
        texts: dict[str, tuple[bool, str]] = {}
        shifts: dict[str, list[tuple[_Window, int]]] = {}
        for where in list(windows)[:MOST_PARTS]:
            merged = _merged(windows[where])
            text, shifts[where] = self._text(merged)
            texts[where] = (self._pieces[merged[0].piece].hidden, text)
            room -= len(text)
        for number, piece in enumerate(self._pieces):
            if room <= 0 or len(texts) >= MOST_PARTS:
                break
            if piece.where not in texts and piece.length:
                text = self._unpacked(number)[: min(WHOLE, room)]
                texts[piece.where] = (piece.hidden, text)
                room -= len(text)
        moved = [self._moved(finding, shifts.get(finding.where)) for finding in findings]
        order = self._order(windows)
        parts = [
            {"where": where, "hidden": hidden, "text": text}
            for where, (hidden, text) in sorted(texts.items(), key=lambda item: order.get(item[0], 0))
        ]
        return moved, parts

    def _around(self, finding: Finding, number: int, start: int) -> _Window:
        piece = self._pieces[number]
        if piece.length <= WHOLE and piece.where == finding.where:
            return _Window(number, 0, piece.length)
        text = self._unpacked(number)
        end = start + finding.length
        if piece.where != finding.where:
            # A cell or a stretch of the body: its row or paragraph is what a person needs to see.
            first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
            last = len(text) if last < 0 else last
            return _Window(number, max(first, start - AROUND), min(last, end + AROUND))
        return _Window(number, max(0, start - AROUND), min(len(text), end + AROUND))

    def _text(self, windows: list[_Window]) -> tuple[str, list[tuple[_Window, int]]]:
        text, shifts, before = "", [], -1
        for window in windows:
            if text:
                text += "\n" if window.piece != before and window.start == 0 else GAP
            before = window.piece
            shifts.append((window, len(text)))
            text += self._unpacked(window.piece)[window.start : window.end]
        return text, shifts

    def _moved(self, finding: Finding, shifts: list[tuple[_Window, int]] | None) -> Finding:
        asked = self._asked.get((finding.where, finding.offset))
        if shifts is None or asked is None:
            return finding
        for window, base in shifts:
            if window.piece == asked[0] and window.start <= asked[1] <= window.end:
                return replace(finding, offset=base + asked[1] - window.start)
        return finding

    def _order(self, windows: dict[str, list[_Window]]) -> dict[str, int]:
        order = {where: min(window.piece for window in found) for where, found in windows.items()}
        for number, piece in enumerate(self._pieces):
            order.setdefault(piece.where, number)
        return order

    def _unpacked(self, number: int) -> str:
        if self._last[0] != number:
            self._last = (number, zlib.decompress(self._pieces[number].text).decode("utf-8", "surrogatepass"))
        return self._last[1]

    _last: tuple[int, str] = (-1, "")


def _merged(windows: list[_Window]) -> list[_Window]:
    merged: list[_Window] = []
    for window in sorted(windows, key=lambda item: (item.piece, item.start)):
        if merged and merged[-1].piece == window.piece and window.start <= merged[-1].end:
            merged[-1].end = max(merged[-1].end, window.end)
        else:
            merged.append(_Window(window.piece, window.start, window.end))
    return merged
