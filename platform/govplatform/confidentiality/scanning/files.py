"""Scanning one file: ``scan_file`` in this process, for the guarded child; ``scan_file_guarded`` for everyone else."""

import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from govplatform.guarded import GuardedFailure, guarded_target, run_guarded
from govplatform.rule_packs.severity import SEVERITIES

from .conversion import convert_old_office
from .engine import scan_document
from .findings import Finding
from .limits import ReadLimits
from .parts import Parts
from .readers.context import Budget
from .readers.reading import read_file
from .readers.unreadable import FILE, unreadable
from .settings import ScanSettings

TARGET = "govplatform.confidentiality.scanning.files.scan_file_in_guard"

logger = logging.getLogger(__name__)


def scan_file(
    path: Path, name: str, settings: ScanSettings, limits: ReadLimits | None = None, *, with_parts: bool = True
) -> dict[str, Any]:
    """Read and judge one file in this process.

    Returns ``{"file": name, "readable": bool, "findings": [Finding.as_dict()], "parts": [{"where", "hidden", "text"}],
    "persons": [str], "convertible": kind or None, "peak_mb": float}``. ``readable`` is False when the file as a whole
    gave no text. ``parts``: one for every ``where`` of a finding, and the beginning of the file, all together about
    ``limits.part_characters`` long; offsets of the findings count within these parts. Without parts they count within
    the place itself. ``convertible``: what LibreOffice can make of an old office file. Raises OSError when the file
    cannot be opened.
    """
    limits = limits or ReadLimits()
    budget, parts = Budget(limits), Parts(limits)
    read = read_file(path, name, limits, budget)
    result = scan_document(parts.watch(read) if with_parts else read, settings)
    findings = _bounded(_unique(_weighted(finding, settings) for finding in result.findings), limits.findings)
    told = parts.told(findings) if with_parts else (findings, [])
    return {
        "file": name,
        "readable": not _whole_is_unreadable(findings),
        "findings": [finding.as_dict() for finding in told[0]],
        "parts": told[1],
        "persons": result.persons,
        "convertible": budget.old_office,
        "peak_mb": peak_mb(),
    }


@guarded_target
def scan_file_in_guard(args: dict[str, Any]) -> dict[str, Any]:
    """Run ``scan_file`` for ``{"path", "name", "settings", "limits", "with_parts"}`` in the guarded process.

    Needs no Django. ``path``: its bytes, percent-encoded.
    """
    return scan_file(
        Path(os.fsdecode(unquote_to_bytes(args["path"]))),
        args["name"],
        ScanSettings.from_dict(args["settings"]),
        ReadLimits.from_dict(args["limits"]),
        with_parts=args["with_parts"],
    )


def scan_file_guarded(
    path: Path,
    name: str,
    settings: ScanSettings,
    *,
    seconds: float | None = None,
    memory_mb: int | None = None,
    limits: ReadLimits | None = None,
    with_parts: bool = True,
) -> dict[str, Any]:
    """Run ``scan_file`` in a guarded process; a hostile file costs a finding of the rule ``unreadable``, never more.

    Old office files are converted by LibreOffice first, where it is installed. Never raises for the file's content.
    """
    limits = limits or ReadLimits()
    seconds = seconds or limits.seconds
    memory_mb = memory_mb or limits.memory_mb
    answer = _run(path, name, settings, limits, seconds, memory_mb, with_parts)
    if not answer.get("convertible"):
        return answer
    with tempfile.TemporaryDirectory(prefix="govplatform-office-") as folder:
        kind = str(answer["convertible"])
        converted = convert_old_office(path, kind, Path(folder), seconds=seconds)
        if converted is None:
            return answer
        modern = _run(converted, f"{name}.{kind}", settings, limits, seconds, memory_mb, with_parts)
        # The original's own properties and warnings count as well, except that it could not be read.
        kept = [item for item in answer["findings"] if item["rule"] != "unreadable" or item["severity"] == "info"]
        return {
            **modern,
            "file": name,
            "findings": kept + modern["findings"],
            "parts": answer["parts"] + modern["parts"],
        }


def readable_name(name: str) -> str:
    r"""``name`` in a form that can be printed and kept: bytes that are not UTF-8 become ``\xff``."""
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        # half a character, which no file system gives
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _run(
    path: Path, name: str, settings: ScanSettings, limits: ReadLimits, seconds: float, memory_mb: int, with_parts: bool
) -> dict[str, Any]:
    args = {
        # JSON has no place for a name that is not UTF-8.
        "path": quote_from_bytes(os.fsencode(path.resolve())),
        "name": readable_name(name),
        "settings": settings.as_dict(),
        "limits": limits.as_dict(),
        "with_parts": with_parts,
    }
    try:
        return run_guarded(TARGET, args, seconds=seconds, memory_mb=memory_mb, output_mb=limits.output_mb)
    except GuardedFailure as failure:
        logger.warning("scan of a file failed: %s %s", failure.kind, failure.detail)
        finding = _weighted(unreadable(FILE, failure.message), settings)
        return {
            "file": name,
            "readable": False,
            "findings": [finding.as_dict()],
            "parts": [],
            "persons": [],
            "convertible": None,
            "peak_mb": 0.0,
        }


def _weighted(finding: Finding, settings: ScanSettings) -> Finding:
    """Readers do not know the rule pack: what it says about block findings of theirs is put in here."""
    wanted = settings.severities.get(finding.rule)
    if finding.rule in ("hidden-content", "gps") and wanted and wanted != finding.severity:
        return replace(finding, severity=wanted)
    return finding


def _unique(findings: Iterator[Finding]) -> list[Finding]:
    """Pieces overlap a little, so that nothing is lost at their borders: what stands there is found twice."""
    seen: dict[tuple[Any, ...], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.where, finding.offset, finding.length, finding.message), finding)
    return list(seen.values())


def _bounded(findings: list[Finding], most: int) -> list[Finding]:
    if len(findings) <= most:
        return findings
    order = {severity: number for number, severity in enumerate(SEVERITIES)}
    kept = sorted(range(len(findings)), key=lambda index: (order[findings[index].severity], index))[: most - 1]
    rest = unreadable(FILE, f"发现过多，另有 {len(findings) - most + 1} 处没有逐一列出，请整体处理。", "warn")
    return [*(findings[index] for index in sorted(kept)), rest]


def _whole_is_unreadable(findings: list[Finding]) -> bool:
    return any(f.rule == "unreadable" and f.where == FILE and f.severity == "block" for f in findings)


def peak_mb() -> float:
    """The most memory, in MiB, that this process had in RAM so far.

    By VmHWM, where there is one: ru_maxrss would count the parent before exec.
    """
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    except OSError:
        pass
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
