"""The extraction of untrusted files, in a process that cannot harm this one."""

import logging
from pathlib import Path
from typing import Any

from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.sentences import unpacked
from sites.documents_in.extraction.document import ExtractedDocument
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.sniffing import check_filename

TARGET = "sites.documents_in.extraction.extract.extract_in_child"

logger = logging.getLogger(__name__)


def extract_guarded(
    path: Path,
    filename: str,
    *,
    image_folder: Path | None = None,
    limits: ExtractionLimits | None = None,
) -> ExtractedDocument:
    """Run `extract_document` in a guarded process; the pictures lie in the caller's `image_folder` afterwards.

    The caller makes and removes the folder. Raises ExtractionRefused for every failure, time and memory
    included, with a reason in Chinese that says what to do.
    """
    limits = limits or ExtractionLimits()
    check_filename(filename, limits)
    answer = answer_of_child(
        TARGET,
        {
            "path": str(path.resolve()),
            "filename": filename,
            "image_folder": str(image_folder.resolve()) if image_folder else "",
        },
        limits,
    )
    return ExtractedDocument.from_json(answer["document"])


def answer_of_child(target: str, args: dict[str, Any], limits: ExtractionLimits) -> dict[str, Any]:
    """Run ``target`` in a guarded process with ``args`` and the limits, and return its answer.

    Raises ExtractionRefused for every failure, time and memory included, and for an answer that refuses.
    """
    try:
        answer = run_guarded(
            target,
            {**args, "limits": limits.to_json()},
            seconds=limits.seconds,
            memory_mb=limits.memory_mb,
            output_mb=limits.output_mb,
        )
    except GuardedFailure as failure:
        logger.warning("extraction failed in %s: %s %s", target, failure.kind, failure.detail)
        raise ExtractionRefused(failure.message) from failure
    if "refused" in answer:
        raise ExtractionRefused(unpacked(answer["refused"]))
    return dict(answer)
