"""Recall and precision per rule on the corpus, and megabytes a second."""

import random
import time
from collections import Counter, deque
from dataclasses import dataclass

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.rules.dictionary import automaton
from govplatform.confidentiality.scanning.settings import DictionaryWord, ScanSettings

from .corpus import documents, plain_text

MEASURED = ("id-card", "bank-card", "mobile", "secrecy-mark")


@dataclass(frozen=True)
class Quality:
    """``planted``: values that are in the corpus; ``found``: of these; ``false``: findings that are none of them.

    ``doubtful``: those of the false ones that the scanner only warns of (the words before say it is another number).
    """

    planted: int
    found: int
    false: int
    doubtful: int

    @property
    def recall(self) -> float:
        return self.found / self.planted

    @property
    def precision(self) -> float:
        """Of all findings of the rule, warnings included."""
        return self.found / (self.found + self.false)

    @property
    def precision_of_blocks(self) -> float:
        return self.found / (self.found + self.false - self.doubtful)


def quality(count: int) -> tuple[dict[str, Quality], dict[str, list[str]]]:
    """(rule -> figures, rule -> excerpts of what was missed or found wrongly)."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    false: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    faults: dict[str, list[str]] = {rule: [] for rule in MEASURED}
    settings = ScanSettings()
    for document in documents(count):
        left = {(rule, offset): value for rule, offset, value in document.planted if rule in MEASURED}
        planted.update(rule for rule, _offset in left)
        for finding in scan_pieces([document.piece], settings):
            if finding.rule not in MEASURED:
                continue
            span = range(finding.offset, finding.offset + finding.length)
            hit = next((key for key in left if key[0] == finding.rule and _meets(key[1], left[key], span)), None)
            if hit is not None:
                del left[hit]
                found[finding.rule] += 1
            else:
                false[finding.rule] += 1
                doubtful[finding.rule] += finding.severity == "warn" and finding.rule != "mobile"
                faults[finding.rule].append("false: " + document.text[max(0, span.start - 12) : span.stop + 3])
        for (rule, offset), value in left.items():
            faults[rule].append(f"missed: {document.text[max(0, offset - 12) : offset + len(value) + 12]}")
    figures = {rule: Quality(planted[rule], found[rule], false[rule], doubtful[rule]) for rule in MEASURED}
    return figures, faults


def _meets(offset: int, value: str, span: range) -> bool:
    return span.start <= offset + len(value) - 1 and offset <= span.stop - 1


def dictionary(count: int, seed: int = 3) -> tuple[DictionaryWord, ...]:
    """Words of two to six characters, a tenth of them with frequent beginnings."""
    pick = random.Random(seed)
    common = "工作单位政府管理办理服务公开信息项目全市国家实施建设"
    words: set[str] = set()
    while len(words) < count:
        start = pick.choice(common) if pick.random() < 0.5 else ""
        words.add(start + "".join(chr(pick.randrange(0x4E00, 0x9000)) for _ in range(pick.randrange(2, 6))))
    return tuple(DictionaryWord(word, "wrong", "warn", "改") for word in sorted(words))


def megabytes_a_second(megabytes: float, words: int) -> tuple[float, float]:
    """(one long text, documents of the corpus one by one), both with a dictionary of so many words, median of 3."""
    settings = ScanSettings(words=dictionary(words))
    text = plain_text(megabytes)
    scan_pieces([Piece("一", "body")], settings)
    long = sorted(_seconds([Piece(text, "body")], settings) for _round in range(3))[1]
    pieces = [Piece(text[at : at + 4000], "body") for at in range(0, len(text), 4000)]
    short = sorted(_seconds(pieces, settings, each=True) for _round in range(3))[1]
    size = len(text.encode()) / 1e6
    return size / long, size / short


def share_of_a_bare_pass(text: str, words: int) -> float:
    """Return the speed of the scan as a share of that of one pass of the dictionary's automaton over the same text."""
    settings = ScanSettings(words=dictionary(words))
    built = automaton(settings.words)

    def bare() -> float:
        started = time.process_time()
        deque(built.iter_long(text.encode().decode("latin-1")), 0)
        return time.process_time() - started

    scanned = min(_seconds([Piece(text, "body")], settings) for _round in range(3))
    return min(bare() for _round in range(3)) / scanned


def _seconds(pieces: list[Piece], settings: ScanSettings, each: bool = False) -> float:
    """Processor time, so that the neighbours on the machine do not count."""
    started = time.process_time()
    for part in [[piece] for piece in pieces] if each else [pieces]:
        scan_pieces(part, settings)
    return time.process_time() - started
