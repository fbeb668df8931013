"""Runs the rules over text and over facts. Knows no page, no file and no database."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from govplatform.rule_packs.severity import Severity

from .disguises import undisguised
from .findings import Finding
from .masking import excerpt, masked
from .pieces import Piece
from .rules import FACT_RULES, TEXT_RULES
from .rules.aggregation import Aggregation, People, across_column
from .rules.reading import Reading
from .rules.rule import Hit, Rule
from .settings import ScanSettings

#: So many findings of one rule in one file or page; the last one says how many more there are.
MOST_PER_RULE = 50

#: Added to a message when a value is seen only behind its disguise.
_DISGUISED = "原文夹有不可见字符，或改用了别的数字、符号、字形。"

_PLACE_NUMBER = re.compile(r"(?<=!)[A-Z]+[0-9]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The result of a scan. ``persons``: ``hash:letters`` each, the letters naming what is said of the person (KINDS).

    They are kept as ``Scan.persons`` and compared by ``column_aggregation``.
    """

    findings: list[Finding] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)


def scan_document(pieces: Iterable[Piece | Finding], settings: ScanSettings) -> ScanResult:
    """Scan the pieces of one page or one file; the findings come in the order of its text.

    Takes the pieces one by one and keeps none of them. A Finding among them (from a reader) is passed on unchanged and
    uncounted. A number that is split over two pieces is not found: lines of one body belong in one piece.
    """
    scan = _Scan(settings)
    for piece in pieces:
        if isinstance(piece, Finding):
            scan.findings.append(piece)
        elif piece.text:
            scan.read(piece)
    return scan.result()


def scan_pieces(pieces: Iterable[Piece | Finding], settings: ScanSettings) -> list[Finding]:
    """The findings of ``scan_document`` alone."""
    return scan_document(pieces, settings).findings


def scan_facts(facts: dict[str, Any], settings: ScanSettings) -> list[Finding]:
    """What is wrong with the metadata, the links and the pictures of one page or document.

    Every key may be missing; a missing key is not judged, except that None or '' for ``source`` is "no source".

    ``title`` str; ``kind`` str: "policy", "interpretation", "article", ...; ``source`` str | None (来源);
    ``interpretations`` int: interpretations that a policy is linked with (judged only when kind is "policy");
    ``published_at`` datetime | ISO str | None: publish time that citizens (will) see;
    ``cleared_at`` datetime | ISO str | None: time of the approval it rests on;
    ``issued_on`` date | ISO str | None (成文日期); ``text`` str: the body, where an 审图号 may stand;
    ``own_hosts`` [str]: hosts of the platform's own sites, as exact names;
    ``links`` [{"url": str, "text": str, "where": str}];
    ``pictures`` [{"title": str, "description": str, "map_number": str, "is_map": bool, "where": str}].

    ``where`` of a finding: that of the link or picture (default ``body``), else ``source``, ``published_at``,
    ``interpretations``; offsets are 0.
    """
    findings: list[Finding] = []
    counts: Counter[str] = Counter()
    for rule in FACT_RULES:
        for flaw in rule.flaws(facts, settings):
            counts[rule.id] += 1
            if counts[rule.id] > MOST_PER_RULE or flaw.value in settings.allowed:
                continue
            severity = flaw.severity or settings.severities.get(rule.id) or rule.severity
            key = finding_key(rule.id, flaw.value, flaw.where, settings)
            findings.append(
                Finding(
                    rule.id, severity, flaw.where, 0, 0, flaw.shown[:300], flaw.message, rule.source, key,
                    flaw.suggestion,
                )
            )  # fmt: skip
    return _with_rest(findings, counts)


def column_aggregation(
    items: Sequence[Sequence[str]], settings: ScanSettings, *, where: str = "column"
) -> list[Finding]:
    """Find what the last items of a column reveal together although none of them does alone.

    ``items``: the ``persons`` of each item's scan, the judged item first, then the published ones, newest first; the
    caller takes as many as ``aggregation_last_items`` of the rule pack says.
    """
    rule = Aggregation()
    findings = []
    for value, message in across_column(items, settings):
        severity = settings.severities.get(rule.id) or "warn"
        key = finding_key(rule.id, value, where, settings)
        findings.append(Finding(rule.id, severity, where, 0, 0, "", message, rule.source, key))
    return findings


def finding_key(rule: str, value: str, where: str, settings: ScanSettings) -> str:
    """The key of a finding: equal for the same value found by the same rule in the same kind of place.

    The numbers of pages, slides and cells in ``where`` do not count.
    """
    kind = _PLACE_NUMBER.sub("#", where)
    return keyed_hash(f"{rule}\0{value}\0{kind}", settings)


def keyed_hash(value: str, settings: ScanSettings, size: int = 20) -> str:
    """The hash of ``value`` with the secret of the settings, as ``2 * size`` hexadecimal digits."""
    secret = hashlib.sha256(settings.hash_key.encode()).digest() if settings.hash_key else b""
    return hashlib.blake2b(value.encode(), digest_size=size, key=secret).hexdigest()


class _Scan:
    def __init__(self, settings: ScanSettings) -> None:
        self.settings = settings
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self.people = People(settings)
        self.first = True

    def read(self, piece: Piece) -> None:
        reading = Reading(piece, self.settings, self.first)
        found = self.hits(reading)
        self.count(found, reading, None)
        if (plain := undisguised(piece, reading.near_codes if reading.text == piece.text else None)) is not None:
            understood = Reading(plain[0], self.settings, self.first)
            again = self.hits(understood)
            hidden = _only_behind_disguise(found, again, plain[1])
            if hidden:
                self.count(hidden, understood, plain[1])
                reading, found = understood, again
        self.people.read(reading, [(rule.id, hit) for rule, hit in found])
        self.first = False

    def hits(self, reading: Reading) -> list[tuple[Rule, Hit]]:
        allowed = self.settings.allowed
        found = [(rule, hit) for rule in TEXT_RULES for hit in rule.hits(reading) if hit.value not in allowed]
        found.sort(key=lambda pair: pair[1].start)
        return found

    def count(self, found: list[tuple[Rule, Hit]], reading: Reading, origin: list[int] | None) -> None:
        """``origin``: where each character of the reading stands in the text itself, None when it is that."""
        for rule, hit in found:
            self.counts[rule.id] += 1
            if self.counts[rule.id] <= MOST_PER_RULE:
                self.findings.append(self.finding(rule, hit, reading, origin))

    def finding(self, rule: Rule, hit: Hit, reading: Reading, origin: list[int] | None) -> Finding:
        where, offset = reading.piece.place(hit.start)
        length = hit.end - hit.start if origin is None else origin[hit.end - 1] + 1 - origin[hit.start]
        severity: Severity = hit.severity or self.settings.severities.get(rule.id) or rule.severity
        shown = hit.shown or masked(reading.text[hit.start : hit.end])
        return Finding(
            rule.id, severity, where, offset, length, excerpt(reading.text, hit.start, hit.end, shown),
            rule.message + hit.note, rule.source, finding_key(rule.id, hit.value, where, self.settings),
            hit.suggestion,
        )  # fmt: skip

    def result(self) -> ScanResult:
        findings = _with_rest(self.findings, self.counts)
        rule = Aggregation()
        for group in self.people.groups():
            severity = self.settings.severities.get(rule.id) or group.severity
            key = finding_key(rule.id, group.value, group.where, self.settings)
            findings.append(
                Finding(
                    rule.id, severity, group.where, group.offset, group.length, group.shown, group.message,
                    rule.source, key,
                )
            )  # fmt: skip
        return ScanResult(findings, self.people.entries(lambda value: keyed_hash(value, self.settings, 8)))


def _only_behind_disguise(
    found: list[tuple[Rule, Hit]], again: list[tuple[Rule, Hit]], origin: list[int]
) -> list[tuple[Rule, Hit]]:
    """Those of ``again`` that no hit of the same rule in the text itself covers already."""
    seen = {(rule.id, at) for rule, hit in found for at in range(hit.start, hit.end)}
    return [
        (rule, hit._replace(note=hit.note + _DISGUISED))
        for rule, hit in again
        if not any((rule.id, at) in seen for at in range(origin[hit.start], origin[hit.end - 1] + 1))
    ]


def _with_rest(findings: list[Finding], counts: Counter[str]) -> list[Finding]:
    """The last finding of a rule that met more than its most says how many more."""
    rest = {rule: count - MOST_PER_RULE for rule, count in counts.items() if count > MOST_PER_RULE}
    for at in range(len(findings) - 1, -1, -1):
        more = rest.pop(findings[at].rule, 0)
        if more:
            message = f"{findings[at].message}另有 {more} 处同类内容没有逐一列出，请整体处理。"
            findings[at] = replace(findings[at], message=message)
        if not rest:
            break
    return findings
