"""Runs the scanner: over the page's own text in this process, over every file in a guarded one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target, run_guarded

from .scanning import findings as found
from .scanning.engine import ScanResult, scan_document
from .scanning.files import scan_file_guarded
from .scanning.pieces import Piece
from .scanning.settings import ScanSettings

#: Up to this length a text is scanned in this process: our own rules on plain strings are quick enough.
IN_PROCESS_CHARACTERS = 700_000
TEXT_SECONDS, TEXT_MEMORY_MB, TEXT_OUTPUT_MB = 120, 500, 64
_TEXT_TARGET = "govplatform.confidentiality.reading.scan_text"


@dataclass
class FileReading:
    """What a guarded process read in one file. ``parts``: (place, hidden, text) each."""

    readable: bool
    findings: list[found.Finding] = field(default_factory=list)
    parts: list[tuple[str, bool, str]] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)


def read_file_guarded(path: Path, name: str, settings: ScanSettings) -> FileReading:
    """Read and judge one file. Whatever it does to its reader becomes a finding; raises nothing for its content."""
    answer = scan_file_guarded(path, name, settings)
    return FileReading(
        answer["readable"],
        [found.Finding(**finding) for finding in answer["findings"]],
        [(part["where"], part["hidden"], part["text"]) for part in answer["parts"]],
        answer["persons"],
    )


def read_pieces(pieces: tuple[Piece, ...], settings: ScanSettings) -> ScanResult:
    """Judge a page's own text; a very long one in a guarded process.

    Raises GuardedFailure when that process gives no result in time.
    """
    if sum(len(piece.text) for piece in pieces) <= IN_PROCESS_CHARACTERS:
        return scan_document(pieces, settings)
    told = [
        {"text": p.text, "where": p.where, "hidden": p.hidden, "table": p.table, "header": list(p.header)}
        for p in pieces
    ]
    answer = run_guarded(
        _TEXT_TARGET,
        {"pieces": told, "settings": settings.as_dict()},
        seconds=TEXT_SECONDS,
        memory_mb=TEXT_MEMORY_MB,
        output_mb=TEXT_OUTPUT_MB,
    )
    return ScanResult([found.Finding(**finding) for finding in answer["findings"]], answer["persons"])


@guarded_target
def scan_text(args: dict[str, Any]) -> dict[str, Any]:
    """Judge pieces inside the guarded process: ``{"pieces", "settings"}`` -> ``{"findings", "persons"}``."""
    pieces = [Piece(**{**piece, "header": tuple(piece["header"])}) for piece in args["pieces"]]
    result = scan_document(pieces, ScanSettings.from_dict(args["settings"]))
    return {"findings": [finding.as_dict() for finding in result.findings], "persons": result.persons}
