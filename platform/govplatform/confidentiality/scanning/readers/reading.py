"""Chooses the reader of a file; whatever goes wrong in it becomes a finding here."""

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.kinds import NAMES, kind_of, wrong_name

from ..findings import Finding
from ..limits import ReadLimits
from ..pieces import Piece
from .context import Budget, Context, Items, ReadSource, Source
from .flow import piece
from .unreadable import CORRUPT, FILE, LOOK, NO_MEMORY, NO_UNPACKER, UNKNOWN, Exhausted, Unreadable, unreadable

Reader = Callable[[Source, Context, ReadSource], Items]

#: Kind -> module and function; imported when needed, since a text file needs no PDF library in its memory.
READERS: dict[str, tuple[str, str]] = {
    "docx": ("word", "read_word"),
    "xlsx": ("spreadsheet", "read_spreadsheet"),
    "pptx": ("presentation", "read_presentation"),
    "pdf": ("pdf", "read_pdf"),
    "image": ("pictures", "read_picture"),
    "zip": ("archives", "read_zip"),
    "tar": ("archives", "read_tar"),
    "compressed": ("archives", "read_compressed"),
    "ofd": ("layouts", "read_ofd"),
    "odf": ("layouts", "read_odf"),
    "ole": ("old_office", "read_old_office"),
    "rtf": ("rich_text", "read_rtf"),
    "html": ("web_pages", "read_html"),
    "svg": ("web_pages", "read_svg"),
    "message": ("messages", "read_message"),
    "csv": ("plain_text", "read_csv"),
    "text": ("plain_text", "read_plain_text"),
}
EMPTY = gettext_noop("文件是空的，无法检查。请确认文件是否完整后重新上传。")
BINARY_WORKBOOK = gettext_noop("Excel 二进制工作簿（.xlsb）无法检查。请另存为 .xlsx 后重新上传。")


def read_file(
    path: Path, name: str, limits: ReadLimits | None = None, budget: Budget | None = None
) -> Iterator[Piece | Finding]:
    """Yield everything in the file that is text, and findings for what cannot be read or is hidden, in its order.

    ``budget``: of the same ``limits``; tells afterwards what was met. Never raises for what the file contains. Raises
    OSError when ``path`` cannot be opened.
    """
    context = Context(budget or Budget(limits or ReadLimits()))
    with path.open("rb") as stream:
        try:
            yield from read_source(Source(stream, name), context)
            yield from piece(context, "file name", name)
        except Exhausted as problem:
            yield unreadable(FILE, problem.message)
        except MemoryError:
            yield unreadable(FILE, NO_MEMORY)


def read_source(source: Source, context: Context) -> Items:
    """Read one file, or one inside of another, by the reader of its kind. Raises only Exhausted and MemoryError."""
    kind = kind_of(source.stream, source.suffix)
    if kind == "html" and source.suffix == ".txt":
        # Whoever opens it sees it as it stands, tags and all.
        kind = "text"
    reader: Reader | None = None
    if kind in READERS:
        # Not inside the ``try`` below: a library that is missing is no fault of the file.
        module, function = READERS[kind]
        reader = getattr(importlib.import_module(f".{module}", __package__), function)
    try:
        if promised := wrong_name(source.suffix, kind):
            yield unreadable(
                context.file_place(),
                f"扩展名与内容不符：文件名是{promised}，实际是{NAMES[kind]}，已按实际格式读取。请改正扩展名。",
                "info",
            )
        if reader is not None:
            yield from reader(source, context, read_source)
        else:
            yield _no_reader(kind, source, context)
    except (Exhausted, MemoryError):
        raise
    except Unreadable as problem:
        if context.budget.old_office is None and not context.path:
            context.budget.old_office = getattr(problem, "kind", None)
        yield unreadable(context.file_place(), problem.message, problem.severity)
    except Exception:
        # Parsers fail in as many ways as there are damaged files; none of them may end the scan of the others.
        yield unreadable(context.file_place(), CORRUPT)


def _no_reader(kind: str, source: Source, context: Context) -> Finding:
    where = context.file_place()
    if kind == "media":
        return unreadable(where, f"音视频{LOOK}", "info")
    if kind == "empty":
        return unreadable(where, EMPTY, "block" if source.suffix not in (".txt", ".csv", ".md") else "info")
    if kind == "packed":
        return unreadable(where, NO_UNPACKER)
    if kind == "xlsb":
        return unreadable(where, BINARY_WORKBOOK)
    return unreadable(where, UNKNOWN)
