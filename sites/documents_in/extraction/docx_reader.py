"""The reader of Word documents: prepared with python-docx, converted by mammoth, read like HTML."""

import io
from pathlib import Path
from typing import Any

import docx
import mammoth
from docx.document import Document
from docx.oxml.ns import qn

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.docx_archive import BROKEN, check_archive
from sites.documents_in.extraction.docx_numbering import write_numbers_out
from sites.documents_in.extraction.element import ReadFile, ReadImage
from sites.documents_in.extraction.html_reader import IMAGE_SCHEME, read_markup
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

STYLE_MAP = "\n".join(
    [
        *(f"p[style-name='{name}'] => h1:fresh" for name in ("Title", "标题", "文件标题", "公文标题")),
        *(f"p[style-name='Heading {n}'] => h{min(n + 1, 4)}:fresh" for n in range(1, 10)),
        *(f"p[style-name='标题 {n}'] => h{min(n + 1, 4)}:fresh" for n in range(1, 7)),
        *(f"p[style-name='{name}'] => blockquote:fresh" for name in ("Quote", "Intense Quote", "引用", "明显引用")),
        "p[style-name='Subtitle'] => p:fresh",
        "r[style-name='Strong'] => strong",
        "r[style-name='Emphasis'] => em",
    ]
)


def read_docx(path: Path, limits: ExtractionLimits) -> ReadFile:
    """Read a .docx into elements. Raise ExtractionRefused for damage, bombs, entities, macros and passwords."""
    warnings = check_archive(path, limits)
    images: list[ReadImage] = []

    def take_image(image: Any) -> dict[str, str]:
        try:
            with image.open() as stream:
                data = stream.read(limits.image_bytes + 1)
        except (ValueError, KeyError, OSError):
            # A picture that lies outside the file: mammoth does not fetch, and neither do we.
            data = b""
        if len(images) > limits.images:
            data = b""
        images.append(ReadImage(data))
        return {"src": f"{IMAGE_SCHEME}{len(images) - 1}", "alt": image.alt_text or ""}

    try:
        prepared, notes = _prepare(path)
        converted = mammoth.convert_to_html(
            prepared,
            style_map=STYLE_MAP,
            convert_image=mammoth.images.img_element(take_image),
            external_file_access=False,
        )
    except (MemoryError, RecursionError, ExtractionRefused):
        raise
    except Exception as error:
        # Both libraries raise whatever a damaged part makes them stumble over.
        raise ExtractionRefused(BROKEN) from error
    result = read_markup(converted.value, images, limits)
    result.warnings = warnings + notes + result.warnings
    return result


def _prepare(path: Path) -> tuple[io.BytesIO, list[str]]:
    """Return the document with automatic numbers as text and without hidden text and moved-away text, and warnings."""
    document = docx.Document(str(path))
    notes = []
    hidden = _remove_hidden_text(document)
    if hidden:
        notes.append(
            said(
                gettext_noop("文档含有 %(hidden)s 处隐藏文字，未导入；如原件要作为附件公开，请先删除隐藏文字。"),
                hidden=hidden,
            )
        )
    body = document.element.body
    if next(body.iter(qn("w:ins"), qn("w:del"), qn("w:moveFrom")), None) is not None:
        notes.append(
            gettext_noop("文档含有修订痕迹，已按“接受全部修订”导入；如原件要作为附件公开，请先接受或拒绝修订。")
        )
    for moved in list(body.iter(qn("w:moveFrom"))):
        moved.getparent().remove(moved)
    formulas = sum(1 for _ in body.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"))
    if formulas:
        notes.append(said(gettext_noop("文档含有 %(formulas)s 处公式，未导入。请截图后手工插入。"), formulas=formulas))
    if next(body.iter(qn("w:altChunk")), None) is not None:
        notes.append(gettext_noop("文档含有嵌入的其他文档片段，未导入。"))
    numbers = write_numbers_out(document)
    if numbers:
        notes.append(said(gettext_noop("有 %(numbers)s 处自动编号已转成文字，请核对。"), numbers=numbers))
    buffer = io.BytesIO()
    document.save(buffer)
    buffer.seek(0)
    return buffer, notes


def _remove_hidden_text(document: Document) -> int:
    hidden = [
        mark.getparent().getparent()
        for mark in document.element.body.iter(qn("w:vanish"))
        if mark.get(qn("w:val"), "1") not in ("0", "false", "off") and mark.getparent().getparent().tag == qn("w:r")
    ]
    for run in hidden:
        run.getparent().remove(run)
    return len(hidden)
