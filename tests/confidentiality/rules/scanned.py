"""What the tests of the rules say "scan this text" with."""

from govplatform.confidentiality.scanning.engine import scan_pieces
from govplatform.confidentiality.scanning.findings import Finding
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.scanning.settings import ScanSettings


def found(rule: str, text: str, settings: ScanSettings | None = None, **piece: object) -> list[Finding]:
    """The findings of one rule in a text that is the whole document."""
    findings = scan_pieces([Piece(text, "body", **piece)], settings or ScanSettings())  # type: ignore[arg-type]
    return [finding for finding in findings if finding.rule == rule]


def values(rule: str, text: str, settings: ScanSettings | None = None) -> list[str]:
    """The characters that the rule pointed at."""
    return [text[finding.offset : finding.offset + finding.length] for finding in found(rule, text, settings)]
