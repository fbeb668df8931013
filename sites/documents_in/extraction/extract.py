"""The whole extraction of one file, as it runs inside the guarded process."""

from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target
from govplatform.sentences import gettext_noop, packed, said
from govplatform.untrusted_files.characters import fold_characters
from sites.documents_in.extraction.document import ExtractedDocument
from sites.documents_in.extraction.element import ReadFile
from sites.documents_in.extraction.html.reader import read_html
from sites.documents_in.extraction.library_messages import library_messages
from sites.documents_in.extraction.limits import MEBIBYTE, ExtractionLimits
from sites.documents_in.extraction.one_reading import with_ordinary_characters
from sites.documents_in.extraction.recognition.recognise import recognise
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.sniffing import FileKind, check_filename, check_kind, sniff
from sites.documents_in.extraction.text_reader import read_text


def extract_document(
    path: Path,
    *,
    filename: str,
    image_folder: Path | None = None,
    limits: ExtractionLimits | None = None,
) -> ExtractedDocument:
    """Read, clean and recognise one file.

    path: where the bytes lie. filename: the name that the person gave it (its extension must fit the
    content). image_folder: an existing folder for the pictures; without one they are checked, not written.
    limits None: the usual ones. Raises ExtractionRefused. Untrusted files must be given to `extract_guarded`.
    """
    limits = limits or ExtractionLimits()
    promised = check_filename(filename, limits)
    check_size(path, limits.file_bytes)
    found = sniff(path, promised)
    check_kind(promised, found)
    if found in ("text", "html"):
        check_size(path, limits.text_bytes)
    with library_messages() as messages:
        read = with_ordinary_characters(_read(path, found, limits))
    read.warnings += messages
    return recognise(read, filename=fold_characters(filename), image_folder=image_folder, limits=limits)


def check_size(path: Path, most: int) -> None:
    """Raise ExtractionRefused for an empty file and one of more than `most` bytes."""
    size = path.stat().st_size
    if size == 0:
        raise ExtractionRefused(gettext_noop("文件是空的。请确认保存完整后重新上传。"))
    if size > most:
        raise ExtractionRefused(
            said(
                gettext_noop(
                    "文件有 %(size).1f MB，超过 %(most)s MB 的上限。请拆分成几份，或压缩其中的图片后重新上传。"
                ),
                size=size / MEBIBYTE,
                most=most // MEBIBYTE,
            )
        )


def _read(path: Path, kind: FileKind, limits: ExtractionLimits) -> ReadFile:
    # The libraries of Word and PDF are large, and only the guarded process reads such files.
    if kind == "docx":
        from sites.documents_in.extraction.word.reader import read_docx

        return read_docx(path, limits)
    if kind == "pdf":
        from sites.documents_in.extraction.pdf.reader import read_pdf

        return read_pdf(path, limits)
    data = path.read_bytes()
    return read_html(data, limits) if kind == "html" else read_text(data, limits)


@guarded_target
def extract_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Run the extraction inside the guarded process; return {"document": {...}} or {"refused": reason}.

    args: path, filename, image_folder ("" for none) and limits, as `extract_guarded` sends them.
    """
    try:
        document = extract_document(
            Path(args["path"]),
            filename=args["filename"],
            image_folder=Path(args["image_folder"]) if args["image_folder"] else None,
            limits=ExtractionLimits.from_json(args["limits"]),
        )
    except ExtractionRefused as refusal:
        return {"refused": packed(refusal.reason)}
    except RecursionError:
        return {"refused": gettext_noop("文档的结构嵌套过深，无法处理。请复制正文到新文档，另存后重新上传。")}
    return {"document": document.to_json()}
