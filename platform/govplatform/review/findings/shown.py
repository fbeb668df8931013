"""A scan's findings arranged for the reviewer's screen: by severity and rule, with the text of every file beside."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from govplatform.confidentiality.models import Disposition, Scan, ScannedFile, ScannedPart, Severity
from govplatform.confidentiality.place_words import rule_words, where_words
from govplatform.confidentiality.property_words import TELLING, property_words, read_property, value_words
from govplatform.confidentiality.queries import JudgedFinding, is_lost, judged_findings, scan_parts
from govplatform.rule_packs.packs import RulePack
from govplatform.tenancy.queue_status import place_in_words, places_in_line
from govplatform.tenancy.queues import SCANS

from ..gate.digest import ReferredFile, digest_of_version, page_digest
from ..gate.scans import SCAN_PAGE, reasons_against_approving_unscanned, scan_of
from .highlighting import HtmlText, Span, find_all, mark_text, squeezed

#: Characters shown: of a part without findings; of a long one with findings; around a finding in such.
QUIET_CHARACTERS, LONG_CHARACTERS, AROUND = 3_000, 30_000, 1_500
#: Number of parts of one file that are shown; those with findings are chosen first.
MOST_PARTS = 120
_ADDRESSES = frozenset({"address of the page", "link addresses", "link"})
_PROPERTIES = "document properties"
#: What programs write for programs: shown openly only where something was found.
_INNER = re.compile(r"(?:.*: )?(?:elsewhere in the file: .*|part .*|EXIF|EXIF GPS|XMP|IPTC|attributes|field)")


@dataclass
class FindingRow:
    """One line of the list of findings.

    ``number``: as marked in the text; ``maskable``: the rule pack says how to mask it.
    """

    judged: JudgedFinding
    number: int
    place: str
    maskable: bool

    @property
    def finding(self) -> Any:
        return self.judged.finding

    @property
    def must(self) -> bool:
        return bool(self.finding.severity == Severity.BLOCK)

    @property
    def on_page(self) -> bool:
        return not self.finding.attachment_kind

    @property
    def asked_to_mask(self) -> bool:
        given = self.judged.disposition
        return given is not None and given.verdict == Disposition.Verdict.TO_MASK


@dataclass
class RuleGroup:
    """All findings of one rule and severity. ``open``: number of those that still want a judgement."""

    rule: str
    severity: str
    rows: list[FindingRow] = field(default_factory=list)

    @property
    def words(self) -> str:
        return rule_words(self.rule)

    @property
    def open(self) -> int:
        return len({row.finding.key for row in self.rows if row.judged.open})

    @property
    def maskable(self) -> bool:
        return self.rows[0].maskable


@dataclass
class SeverityGroup:
    severity: str
    label: str
    rules: list[RuleGroup] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.rules)


@dataclass
class PropertyShown:
    """One property of a document, its findings marked in ``html``. ``label`` '': only its program knows it."""

    label: str
    html: str


@dataclass
class PartShown:
    """One part of a page or file as it is shown, with its findings marked in ``html``.

    ``left_out``: number of characters that are not shown; ``technical``: an address, no sentence. Of the properties of
    a document ``told`` are those that say something about people or have findings, ``folded`` the rest.
    """

    place: str
    hidden: bool
    html: str
    left_out: int = 0
    technical: bool = False
    told: list[PropertyShown] = field(default_factory=list)
    folded: list[PropertyShown] = field(default_factory=list)


@dataclass
class FileShown:
    """One picture or attachment with what was read in it. ``findings``: number of findings in it.

    ``readable`` None: not scanned; ``inner``: what only programs read, without findings;
    ``more_parts``: number of parts that are not shown.
    """

    name: str
    url: str
    kind: str
    size: int | None
    missing: bool
    readable: bool | None
    parts: list[PartShown] = field(default_factory=list)
    inner: list[PartShown] = field(default_factory=list)
    more_parts: int = 0
    findings: int = 0


@dataclass
class ScanShown:
    """The scan of the version that is shown. ``state`` 'none': there is no scan; ``reason``: why it is not done.

    ``place``: where it stands in the line, in words, "" when it does not wait there.
    ``must`` and ``should``: numbers of open findings that block and that warn; ``fields``: ``{place: marked text}``.
    """

    scan: Scan | None
    state: str
    reason: str = ""
    groups: list[SeverityGroup] = field(default_factory=list)
    page_parts: list[PartShown] = field(default_factory=list)
    files: list[FileShown] = field(default_factory=list)
    must: int = 0
    should: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    place: str = ""

    @property
    def numbers(self) -> dict[int, int]:
        """Number of a finding in the database -> its number in the list and in the text."""
        return {row.finding.pk: row.number for group in self.groups for rule in group.rules for row in rule.rows}

    @property
    def working(self) -> bool:
        return self.state in (Scan.State.QUEUED, Scan.State.RUNNING)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def scan_shown(
    shown: Page,
    revision: Revision | None,
    files: list[ReferredFile],
    described: list[dict[str, Any]],
    pack: RulePack,
) -> ScanShown:
    """The scan of exactly this version. ``described``: the files as ``screen`` describes them, in the same order."""
    digest = page_digest(shown, files) if revision is None else digest_of_version(revision, shown, files)
    scan = scan_of(shown, digest)
    if scan is None:
        reason = reasons_against_approving_unscanned(None)[0]
        return ScanShown(None, "none", reason, files=_files(files, described, None, {}, []))
    if scan.state != Scan.State.DONE:
        state = "lost" if is_lost(scan) else scan.state
        place = ""
        if state == Scan.State.QUEUED:
            place = place_in_words(places_in_line(SCAN_PAGE, SCANS, "scan_id", [scan.pk]).get(scan.pk))
        return ScanShown(scan, state, scan.failure, files=_files(files, described, None, {}, []), place=place)
    rows = numbered_rows(scan, pack)
    parts = list(scan_parts(scan))
    placed = _spans_by_part(parts, rows)
    open_keys = {(row.finding.severity, row.finding.key) for row in rows if row.judged.open}
    own = [part for part in parts if not part.attachment_kind]
    return ScanShown(
        scan,
        scan.state,
        groups=_grouped(rows),
        page_parts=[_part(part, placed[part.pk]) for part in own],
        files=_files(files, described, scan, placed, rows, parts),
        must=sum(severity == Severity.BLOCK for severity, _key in open_keys),
        should=sum(severity == Severity.WARN for severity, _key in open_keys),
        fields={part.where: mark_text(part.text, placed[part.pk], named=False) for part in own if placed[part.pk]},
    )


def numbered_rows(scan: Scan, pack: RulePack) -> list[FindingRow]:
    """Return every finding in the order of the list: what must be handled first, the page before its files."""
    order = {severity: number for number, severity in enumerate(Severity.values)}
    found = judged_findings(scan)
    rules: dict[str, int] = {}
    for item in sorted(found, key=lambda item: bool(item.finding.attachment_kind)):
        rules.setdefault(item.finding.rule, len(rules))
    found.sort(
        key=lambda item: (
            order.get(item.finding.severity, len(order)),
            rules[item.finding.rule],
            bool(item.finding.attachment_kind),
        )
    )
    return [
        FindingRow(item, number, place_words(item.finding), _is_maskable(item.finding, pack))
        for number, item in enumerate(found, 1)
    ]


def _is_maskable(finding: Any, pack: RulePack) -> bool:
    return finding.rule in pack.masking and finding.length > 0


def place_words(finding: Any) -> str:
    """Say where a finding stands, with the name of its file."""
    where = where_words(finding.where)
    return f"{finding.attachment_name}：{where}" if finding.attachment_name else where


def finding_text(finding: Any, parts: list[ScannedPart]) -> tuple[str, int]:
    """Return (characters that a finding is about, how often they stand before it in its part); ('', 0) without."""
    for part in parts:
        if _is_of(part, finding) and finding.offset + finding.length <= len(part.text):
            value = part.text[finding.offset : finding.offset + finding.length]
            before = squeezed(part.text[: finding.offset])
            return value, len(find_all(before, squeezed(value)))
    return "", 0


def marked_preview(html: str, scan: Scan, pack: RulePack) -> str:
    """Mark the findings in the page's own text in its rendered HTML, where a reader sees them."""
    text = HtmlText(html, within="main")
    parts = [part for part in scan_parts(scan) if not part.attachment_kind]
    spans = []
    for row in numbered_rows(scan, pack):
        finding = row.finding
        if finding.attachment_kind or not finding.length:
            continue
        value, before = finding_text(finding, parts)
        wanted = squeezed(value)
        places = _likely(text, text.occurrences(value), finding.where)
        if places:
            start = places[min(before, len(places) - 1)]
            spans.append(Span(start, start + len(wanted), finding.pk, row.number, finding.severity))
    return text.marked(spans)


def _likely(text: HtmlText, places: list[int], where: str) -> list[int]:
    """Return those of ``places`` that stand where the finding says; all of them when none does."""
    at = text.characters
    if where == "title":
        likely = [place for place in places if at[place].heading]
    elif where.startswith("table "):
        likely = [place for place in places if f"table {at[place].table}" == where]
    else:
        likely = [place for place in places if not at[place].heading and not at[place].table]
    return likely or places


def _is_of(part: ScannedPart, finding: Any) -> bool:
    return (part.attachment_kind, part.attachment_id, part.where) == (
        finding.attachment_kind,
        finding.attachment_id,
        finding.where,
    )


def _spans_by_part(parts: list[ScannedPart], rows: list[FindingRow]) -> dict[int, list[Span]]:
    by_place: dict[tuple[str, int | None, str], list[FindingRow]] = {}
    for row in rows:
        if row.finding.length:
            key = (row.finding.attachment_kind, row.finding.attachment_id, row.finding.where)
            by_place.setdefault(key, []).append(row)
    placed = {}
    for part in parts:
        # Several parts may have the same place: its findings belong to the first of them.
        here = by_place.pop((part.attachment_kind, part.attachment_id, part.where), [])
        placed[part.pk] = [
            Span(f.offset, f.offset + f.length, f.pk, row.number, f.severity)
            for row in here
            if (f := row.finding).offset + f.length <= len(part.text)
        ]
    return placed


def _grouped(rows: list[FindingRow]) -> list[SeverityGroup]:
    groups: dict[str, SeverityGroup] = {}
    for row in rows:
        severity = row.finding.severity
        group = groups.setdefault(severity, SeverityGroup(severity, str(Severity(severity).label)))
        if not group.rules or group.rules[-1].rule != row.finding.rule:
            group.rules.append(RuleGroup(row.finding.rule, severity))
        group.rules[-1].rows.append(row)
    return list(groups.values())


def _part(part: ScannedPart, spans: list[Span]) -> PartShown:
    text, shift, left_out = part.text, 0, 0
    if part.where.endswith(_PROPERTIES):
        return _properties(part, spans)
    if not spans and len(text) > QUIET_CHARACTERS:
        text, left_out = text[:QUIET_CHARACTERS], len(text) - QUIET_CHARACTERS
    elif spans and len(text) > LONG_CHARACTERS:
        # Show the stretch from the first to the last finding, but no more than a reader can take in.
        shift = max(0, min(span.start for span in spans) - AROUND)
        end = min(len(text), shift + LONG_CHARACTERS, max(span.end for span in spans) + AROUND)
        left_out = len(text) - (end - shift)
        text = text[shift:end]
    moved = [Span(s.start - shift, s.end - shift, s.finding, s.number, s.severity) for s in spans]
    return PartShown(where_words(part.where), part.hidden, mark_text(text, moved), left_out, part.where in _ADDRESSES)


def _properties(part: ScannedPart, spans: list[Span]) -> PartShown:
    shown = PartShown(where_words(part.where), part.hidden, "")
    start, named = 0, ""
    for line in part.text.splitlines(keepends=True):
        end = start + len(line)
        name, value = read_property(line.rstrip("\n"))
        # A line of a longer value goes on where the last one ended.
        begin = start + len(name) + len(": ") if name else start
        named = name or named
        own = [Span(max(0, s.start - begin), min(s.end, end) - begin, s.finding, s.number, s.severity)
               for s in spans if s.end > begin and s.start < end]  # fmt: skip
        text = value if own else value_words(value)
        told = bool(own) or named in TELLING or (not named.isascii())
        (shown.told if told else shown.folded).append(PropertyShown(property_words(named), mark_text(text, own)))
        start = end
    return shown


def _files(
    files: list[ReferredFile],
    described: list[dict[str, Any]],
    scan: Scan | None,
    placed: dict[int, list[Span]],
    rows: list[FindingRow],
    parts: list[ScannedPart] | None = None,
) -> list[FileShown]:
    """Return the page's own files, then what else was scanned with it (the files of a reposted text)."""
    known: dict[tuple[str, int | None], FileShown] = {}
    for file, said in zip(files, described, strict=True):
        known[str(file.kind), file.object_id] = FileShown(
            name=said["title"] or said["name"],
            url=said["url"],
            kind=str(said["kind"]),
            size=said["size"],
            missing=said["missing"],
            readable=None,
        )
    if scan is not None:
        for scanned in ScannedFile.objects.filter(scan=scan):
            shown = known.setdefault(
                (scanned.attachment_kind, scanned.attachment_id),
                FileShown(scanned.attachment_name, "", _("文件"), None, False, None),
            )
            shown.readable = scanned.readable
    for row in rows:
        if shown_file := known.get((row.finding.attachment_kind, row.finding.attachment_id)):
            shown_file.findings += 1
    by_file: dict[tuple[str, int | None], list[ScannedPart]] = {}
    for part in parts or []:
        by_file.setdefault((part.attachment_kind, part.attachment_id), []).append(part)
    for key, shown in known.items():
        own = by_file.get(key, [])
        wanted = {part.pk for part in sorted(own, key=lambda part: not placed[part.pk])[:MOST_PARTS]}
        chosen = [part for part in own if part.pk in wanted]
        inner = {part.pk for part in chosen if not placed[part.pk] and _INNER.fullmatch(part.where)}
        shown.parts = [_part(part, placed[part.pk]) for part in chosen if part.pk not in inner]
        shown.inner = [_part(part, []) for part in chosen if part.pk in inner]
        shown.more_parts = len(own) - len(chosen)
    return list(known.values())
