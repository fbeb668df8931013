"""Check while writing: what the scan, the dictionaries and the tidying would say of a text that is being typed.

Asks the scanner with the settings of the site's scans: nothing is underlined that no scan would find, and nothing
is found later that was not underlined, save what only a whole page shows (persons that come together, its metadata).
Nothing is stored. Places are in UTF-16, as the browser counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from govplatform.confidentiality.place_words import rule_words
from govplatform.confidentiality.scanning.engine import scan_facts, scan_pieces
from govplatform.confidentiality.scanning.findings import Finding
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.refusals import Refused
from govplatform.review.findings.highlighting import squeezed
from govplatform.review.gate.scans import scan_settings
from govplatform.rule_packs.packs import RulePack, site_rule_pack
from sites.pages.text import own_hosts

from .tidying.difference import pieces_of
from .tidying.words import tidy_words

#: In one question; the editor asks again for what comes after.
MOST_CHARACTERS, MOST_TEXTS, MOST_LINKS = 20_000, 2_000, 500
#: What a whole page alone can tell.
_NOT_HERE = frozenset({"aggregation"})


@dataclass(frozen=True)
class WrittenText:
    """A paragraph, a field or a cell. ``key``: the editor's name for it; ``links``: (start, end, address) in it."""

    key: str
    text: str
    links: tuple[tuple[int, int, str], ...] = ()


def check_texts(texts: Sequence[WrittenText]) -> dict[str, list[dict[str, Any]]]:
    """Return for each text by its key what is to be looked at, in order of its places.

    Each as ``{"start", "end", "rule", "severity", "label", "message", "instead"}``; ``severity``: of the scan, or
    ``style``; ``instead``: what may stand there, None where only the writer knows. Raises Refused for more than
    ``MOST_CHARACTERS``, ``MOST_TEXTS`` or ``MOST_LINKS``.
    """
    if sum(len(one.text) for one in texts) > MOST_CHARACTERS or len(texts) > MOST_TEXTS:
        raise Refused(_("一次检查的内容太多。"))
    if sum(len(one.links) for one in texts) > MOST_LINKS:
        raise Refused(_("一次检查的链接太多。"))
    settings, pack = scan_settings(), site_rule_pack()
    outward = _flaws_of_links(texts, settings)
    return {one.key: _in_utf16(one.text, _found_in(one, settings, pack, outward)) for one in texts}


def _found_in(
    one: WrittenText, settings: ScanSettings, pack: RulePack, outward: dict[str, Finding]
) -> list[dict[str, Any]]:
    # Each text for itself: a rule names fifty values of one page, and here each paragraph has its own.
    findings = [finding for finding in scan_pieces([Piece(one.text, "body")], settings) if _has_place(finding)]
    told = [_of_finding(one.text, finding, pack) for finding in findings]
    told += [
        {**_words_of(flaw), "start": start, "end": end, "instead": None}
        for start, end, address in one.links
        if (flaw := outward.get(address)) is not None
    ]
    taken = [(row["start"], row["end"]) for row in told]
    told += [
        row
        for row in _of_tidying(one.text)
        if not any(row["start"] < end and row["end"] > start for start, end in taken)
    ]
    return sorted(told, key=lambda row: (row["start"], row["end"]))


def _has_place(finding: Finding) -> bool:
    return finding.rule not in _NOT_HERE and finding.length > 0


def _of_finding(text: str, finding: Finding, pack: RulePack) -> dict[str, Any]:
    value = text[finding.offset : finding.offset + finding.length]
    masking = pack.masking.get(finding.rule)
    instead = finding.suggestion or (masking.mask(squeezed(value)) if masking is not None else None)
    place = {"start": finding.offset, "end": finding.offset + finding.length}
    return {**_words_of(finding), **place, "instead": instead}


def _words_of(finding: Finding) -> dict[str, Any]:
    told = {"rule": finding.rule, "severity": finding.severity, "label": rule_words(finding.rule)}
    return {**told, "message": _(finding.message)}


def _flaws_of_links(texts: Sequence[WrittenText], settings: ScanSettings) -> dict[str, Finding]:
    """Address -> what is wrong with it."""
    links = [{"url": address, "text": "", "where": address} for one in texts for _start, _end, address in one.links]
    if not links:
        return {}
    return {flaw.where: flaw for flaw in scan_facts({"links": links, "own_hosts": own_hosts(links)}, settings)}


def _of_tidying(text: str) -> Iterator[dict[str, Any]]:
    """Punctuation and widths that tidying would set right; blanks are left to the button 一键排版."""
    tidied = tidy_words(text, begins_paragraph=False)
    if tidied.text == text:
        return
    at, gone = 0, ""
    for kind, words in [*pieces_of(text, tidied), ["=", ""]]:
        if kind == "-":
            gone = words
            continue
        instead = words if kind == "+" else ""
        if (gone or instead) and (gone + instead).strip() and gone:
            yield {
                "start": at,
                "end": at + len(gone),
                "rule": "typing",
                "severity": "style",
                "label": _("标点与字形"),
                "message": _("与通行的写法不同。"),
                "instead": instead,
            }
        at += len(gone) + (len(words) if kind == "=" else 0)
        gone = ""


def _in_utf16(text: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if text.isascii() or max(text) <= "\uffff":
        return rows

    def units(place: int) -> int:
        return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2

    return [{**row, "start": units(row["start"]), "end": units(row["end"])} for row in rows]
