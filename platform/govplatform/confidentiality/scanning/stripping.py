"""Copies of pictures and office files without the original's properties, for citizens."""

from pathlib import Path
from typing import Any, Literal

from govplatform.guarded import guarded_target, run_guarded
from govplatform.sentences import gettext_noop

from .limits import ReadLimits

TARGET = "govplatform.confidentiality.scanning.stripping.strip_metadata_in_guard"

StripKind = Literal["picture", "office"]


class NotStripped(Exception):
    """The file could not be read or would not open again; no copy was made. The message is Chinese."""


def strip_metadata(path_in: Path, path_out: Path, kind: str) -> list[str]:
    """Write a copy without metadata; return what was removed, in English words (``EXIF``, ``creator``, ...).

    ``kind``: ``picture`` or ``office`` (DOCX, XLSX, PPTX). Raises NotStripped; ``path_out`` does not exist then. To be
    run in a guarded process: the file is a stranger's.
    """
    if kind == "picture":
        from .stripped_pictures import strip_picture as strip
    elif kind == "office":
        from .stripped_office import strip_office as strip
    else:
        raise NotStripped(f"不支持去除这类文件（{kind}）的属性。")
    try:
        return strip(path_in, path_out)
    except (NotStripped, MemoryError):
        path_out.unlink(missing_ok=True)
        raise
    except Exception as error:
        path_out.unlink(missing_ok=True)
        raise NotStripped(gettext_noop("文件已损坏，无法去除属性。请用原软件打开，另存一份后重新上传。")) from error


@guarded_target
def strip_metadata_in_guard(args: dict[str, Any]) -> dict[str, Any]:
    """Run ``strip_metadata`` for ``{"path_in", "path_out", "kind"}``, with absolute paths, in the guarded process.

    Returns ``{"removed": [str]}`` or ``{"refused": message}``.
    """
    try:
        return {"removed": strip_metadata(Path(args["path_in"]), Path(args["path_out"]), args["kind"])}
    except NotStripped as problem:
        return {"refused": str(problem)}


def strip_metadata_guarded(
    path_in: Path, path_out: Path, kind: str, *, seconds: float = 120, memory_mb: int = 1024
) -> list[str]:
    """Run ``strip_metadata`` in a guarded process. Raises NotStripped or GuardedFailure."""
    answer = run_guarded(
        TARGET,
        {"path_in": str(path_in.resolve()), "path_out": str(path_out.resolve()), "kind": kind},
        seconds=seconds,
        memory_mb=memory_mb,
        output_mb=ReadLimits().output_mb,
    )
    if "refused" in answer:
        raise NotStripped(str(answer["refused"]))
    return [str(name) for name in answer["removed"]]
