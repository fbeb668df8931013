"""The making of a draft page from an extracted document, for an editor to go on with."""

import re
import uuid
from datetime import date
from html import escape
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.metadata import Disclosure
from content_library.vocabularies.queries import code_for, terms_of
from sites.articles.models import Article
from sites.columns.models import Column, ColumnType
from sites.media.models import SiteImage
from sites.pages.content_page import ContentPage
from sites.pages.given_addresses import given_slug
from sites.pages.known_values import known_values
from sites.policies.models import Interpretation, PolicyDocument

from .extraction import (
    Block,
    ExtractedDocument,
    HeadingBlock,
    ImageBlock,
    QuotationBlock,
    RichTextBlock,
    TableBlock,
)
from .extraction.recognition.dates import parse_date
from .extraction.spacing import shortened

_SUMMARY_LENGTH = 120
_SENTENCE_END = re.compile(r"[。！？；]")
_PARAGRAPH = re.compile(r"<p(?: class=\"[a-z-]{1,20}\")?>((?:(?!</?p[ >]).)*+)</p>", re.DOTALL)


def page_model(column: Column) -> type[ContentPage]:
    """Return the model of the page that a document becomes on ``column``, by the column's type."""
    if column.column_type == ColumnType.POLICIES:
        return PolicyDocument
    return Interpretation if column.column_type == ColumnType.INTERPRETATIONS else Article


def build_page(
    document: ExtractedDocument, images: list[SiteImage], *, column: Column, slug: str, filename: str
) -> tuple[ContentPage, list[str]]:
    """Return (unsaved draft, warnings). ``images``: the stored pictures, parallel to ``document.images``."""
    model = page_model(column)
    warnings: list[str] = []
    title = document.title
    if not title:
        title = filename.rpartition(".")[0] or filename
        warnings.append(_("没有识别出标题，已用文件名代替，请核对。"))
    blocks = list(document.blocks)
    values: dict[str, Any] = {}
    if model is PolicyDocument:
        values, blocks = _document_fields(document, blocks, title)
    elif document.document_number:
        # These kinds have no field for it; the text keeps what the document says of itself.
        blocks.insert(0, RichTextBlock(html=f"<p>{escape(document.document_number, quote=False)}</p>"))
    body, notes = _body(blocks, document, images, title)
    known = known_values(column)
    page = model(
        title=_fitting(model, "title", title),
        slug=slug,
        source=_fitting(model, "source", document.source or document.issued_by or known["source"]),
        summary=_summary(document),
        keywords=_fitting(model, "keywords", document.labels.get("主题词", "")),
        audience=_fitting(model, "audience", document.labels.get("服务对象", "") or known.get("audience", "")),
        subject_class=_subject_class(document.labels.get("主题分类", "")) or known.get("subject_class", ""),
        body=body,
        live=False,
        **({"disclosure": disclosure} if (disclosure := disclosure_of(document.remark)) else {}),
        **values,
    )
    return page, warnings + notes


def disclosure_of(remark: str) -> str:
    """Return the way of disclosure that a note such as 此件公开发布 states; "" when it states none."""
    if "依申请" in remark:
        return Disclosure.ON_REQUEST.value
    if re.search("不予公开|不公开|不宜公开|删减后公开", remark):
        return "" if "删减" in remark else Disclosure.WITHHELD.value
    return Disclosure.PROACTIVE.value if "公开" in remark else ""


def document_kind_of(title: str) -> str:
    """Return the code of the kind (体裁) that a title ends with; "" for none."""
    bare = re.sub(r"[（(][^（(]*[)）]$", "", title.strip())
    fitting = [row for row in terms_of("kind").values() if row.active and bare.endswith(row.label)]
    return max(fitting, key=lambda row: len(row.label)).code if fitting else ""


def address_for(page: ContentPage, column: Column, document: ExtractedDocument) -> str:
    """Return an address of the site's way for a page made of ``document``: by the day of the document, or by pinyin."""
    return given_slug(page.title, column, day=document.issued_on or document.published_on)


def describe_recognised(document: ExtractedDocument) -> dict[str, Any]:
    """Return what was recognised, as JSON for the item and the command; None where the document does not say.

    ``blocks`` is {kind: number}, ``images`` a number.
    """
    kinds: dict[str, int] = {}
    for block in document.blocks:
        kinds[block.kind] = kinds.get(block.kind, 0) + 1
    return {
        "title": document.title or None,
        "document_number": document.document_number or None,
        "issued_by": document.issued_by or None,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "published_on": document.published_on.isoformat() if document.published_on else None,
        "source": document.source or None,
        "addressee": document.addressee or None,
        "signature": document.signature or None,
        "signed_on": document.signed_on or None,
        "remark": document.remark or None,
        "enclosures": document.enclosures,
        "language_variant": document.language_variant,
        "labels": document.labels,
        "blocks": kinds,
        "images": len(document.images),
    }


def alternative_text(document: ExtractedDocument, number: int) -> str:
    """Return the alternative text of picture ``number`` (from 0): its own, else its caption, else title and number."""
    captions = {b.image: b.caption for b in document.blocks if isinstance(b, ImageBlock) and b.caption}
    own = document.images[number].alt.strip() or captions.get(number, "")
    default = _("“%(title)s”插图%(number)d") % {"title": document.title[:150], "number": number + 1}
    return (own or default)[:200]


# --- inside ------------------------------------------------------------------------------


def _fitting(model: type[Page], field: str, value: str) -> str:
    return shortened(value, model._meta.get_field(field).max_length)


def _subject_class(label: str) -> str:
    return code_for("subject", re.sub(r"[\\/\s].*", "", label.strip()))


def _document_fields(
    document: ExtractedDocument, blocks: list[Block], title: str
) -> tuple[dict[str, Any], list[Block]]:
    """Return the fields of a policy document, and its blocks without what the page shows from those fields.

    Addressee and signature move into fields only when the page would show them in the same place; otherwise
    they stay in the text and the field is empty.
    """
    blocks, addressee = _take_addressee(blocks, document.addressee)
    blocks, signature = _take_signature(blocks, document.signature, document.issued_on)
    return {
        "document_number": _fitting(PolicyDocument, "document_number", document.document_number),
        "issued_by": _fitting(PolicyDocument, "issued_by", document.issued_by),
        "issued_on": document.issued_on,
        "document_kind": document_kind_of(title),
        "addressee": addressee,
        "signature": signature,
    }, blocks


def _take_addressee(blocks: list[Block], addressee: str) -> tuple[list[Block], str]:
    first = blocks[0] if blocks else None
    if not addressee or not isinstance(first, RichTextBlock):
        return blocks, ""
    found = _PARAGRAPH.match(first.html)
    text = strip_tags(found[1]).strip() if found else ""
    if found is None or text.rstrip(":：") != addressee or len(text) > 300:
        return blocks, ""
    rest = first.html[found.end() :]
    return ([RichTextBlock(html=rest)] if rest else []) + blocks[1:], text


def _take_signature(blocks: list[Block], signature: str, signed_on: date | None) -> tuple[list[Block], str]:
    """Move the signature below the text into its field, but for one whose day is not the document's."""
    last = blocks[-1] if blocks else None
    if not signature or not isinstance(last, RichTextBlock):
        return blocks, ""
    paragraphs = list(_PARAGRAPH.finditer(last.html))
    names = signature.split("、")
    tail = paragraphs[-len(names) - 1 :]
    texts = [re.sub(r"\s", "", strip_tags(found[1])) for found in tail]
    if (
        len(tail) != len(names) + 1
        or tail[-1].end() != len(last.html)
        or texts[:-1] != names
        or signed_on is None
        or parse_date(texts[-1].strip("（）()")) != signed_on
        or len(signature) > 200
    ):
        return blocks, ""
    rest = last.html[: tail[0].start()]
    return blocks[:-1] + ([RichTextBlock(html=rest)] if rest else []), "\n".join(names)


def _summary(document: ExtractedDocument) -> str:
    """Return the first sentences of the running text, at most ``_SUMMARY_LENGTH`` characters; "" without any."""
    for block in document.blocks:
        if not isinstance(block, RichTextBlock):
            continue
        for found in _PARAGRAPH.finditer(block.html):
            text = " ".join(_plain(found[1]).split())
            if len(text) < 20 or text.rstrip(":：") == document.addressee or not _SENTENCE_END.search(text):
                continue
            ends = [end.end() for end in _SENTENCE_END.finditer(text) if end.end() <= _SUMMARY_LENGTH]
            return text[: ends[-1]] if ends else Truncator(text).chars(_SUMMARY_LENGTH)
    return ""


def _plain(markup: str) -> str:
    from html import unescape

    return unescape(strip_tags(markup))


def _body(
    blocks: list[Block], document: ExtractedDocument, images: list[SiteImage], title: str
) -> tuple[list[dict[str, Any]], list[str]]:
    stream: list[dict[str, Any]] = []
    warnings: list[str] = []
    without_alt = 0
    for block in blocks:
        match block:
            case HeadingBlock() if len(block.text) <= 200:
                stream.append(_entry("heading", {"level": str(min(max(block.level, 2), 4)), "text": block.text}))
            case HeadingBlock():
                stream.append(_entry("rich_text", f"<p><b>{escape(block.text, quote=False)}</b></p>"))
            case RichTextBlock():
                stream.append(_entry("rich_text", block.html))
            case TableBlock():
                stream.append(_entry("table", _table(block)))
                if any(len(cell) > 2000 for row in block.rows for cell in row):
                    warnings.append(_("有表格的单元格超过 2000 字，编辑保存前请拆分。"))
            case QuotationBlock():
                stream.append(_entry("quotation", {"text": block.text, "attribution": ""}))
            case ImageBlock():
                alt = alternative_text(document, block.image)
                without_alt += not (document.images[block.image].alt.strip() or block.caption)
                stream.append(
                    _entry(
                        "image",
                        {
                            "image": images[block.image].pk,
                            "caption": block.caption[:200],
                            "alt": alt,
                            "decorative": False,
                        },
                    )
                )
    if without_alt:
        warnings.append(
            _("有 %(count)d 张图片没有替代文字，已用标题代替，请改写成图片内容的说明。") % {"count": without_alt}
        )
    return stream, warnings


def _entry(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _table(block: TableBlock) -> dict[str, Any]:
    # List entries carry ids of their own: made up on each reading they would change the digest.
    rows = [_listed([_listed(cell) for cell in row]) for row in block.rows]
    return {"caption": block.caption[:200], "header_row": block.header, "rows": rows}


def _listed(value: Any) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": str(uuid.uuid4())}
