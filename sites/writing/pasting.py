"""The pasting of a copied piece into a text: cleaned as a file is that is imported, its pictures kept in the site."""

import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import escape
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.sentences import translated
from sites.documents_in.extraction import Block, HeadingBlock, ImageBlock, QuotationBlock, RichTextBlock, TableBlock
from sites.documents_in.extraction.document import ExtractedImage
from sites.documents_in.extraction.pasting import PASTE_LIMITS, ExtractedPiece, extract_piece_guarded
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.media.models import SiteImage
from sites.pages.blocks import BodyBlock
from sites.pages.table_block import as_table

from .numbers import columns_of_numbers
from .pasted_pictures import note_pasted
from .permissions import require_writer

MEBIBYTE = 1024 * 1024
_BODY = BodyBlock()
_HEADING_LENGTH = 200


@dataclass(frozen=True)
class Pasted:
    """What a pasted piece became.

    ``blocks``: ``{"type", "id", "value"}`` as the editor's form takes them; ``said``: sentences on what was left out;
    ``pictures``: ids of the pictures that were kept.
    """

    blocks: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


def paste_piece(html: UploadedFile, pictures: Sequence[UploadedFile], *, acting_user: User) -> Pasted:
    """Read a copied piece of HTML with the ``pictures`` it names, and keep these as pictures of the site.

    Raises Refused, before anything is kept, for anyone but an editor, for more than ``PASTE_LIMITS`` allow, and for
    what cannot be read.
    """
    require_writer(acting_user)
    _refuse_too_much(html, pictures)
    with tempfile.TemporaryDirectory(prefix="pasted-") as name:
        folder = Path(name)
        try:
            piece = extract_piece_guarded(
                _laid_down(html, folder / "piece.html"),
                [_laid_down(picture, folder / f"picture-{number}") for number, picture in enumerate(pictures)],
                folder,
            )
        except ExtractionRefused as refusal:
            raise Refused(translated(refusal.reason)) from refusal
        with acting(acting_user):
            require_writer(acting_user)
            kept = [_keep(image, acting_user) for image in piece.images]
            if kept:
                note_pasted(kept, pasted_by=acting_user)
                record_act("picture.paste", acting_user=acting_user, detail={"pictures": [image.pk for image in kept]})
    said = [translated(sentence) for sentence in piece.warnings]
    return Pasted(_as_form_states(piece, kept), said, [image.pk for image in kept])


def _refuse_too_much(html: UploadedFile, pictures: Sequence[UploadedFile]) -> None:
    limits = PASTE_LIMITS
    if (html.size or 0) > limits.text_bytes:
        most = limits.text_bytes // MEBIBYTE
        raise Refused(_("粘贴的内容超过 %(most)d MB。请分几次粘贴，或用“文档导入”。") % {"most": most})
    if len(pictures) > limits.images or sum(picture.size or 0 for picture in pictures) > limits.images_total_bytes:
        told = {"most": limits.images, "size": limits.images_total_bytes // MEBIBYTE}
        raise Refused(_("一次最多粘贴 %(most)d 张图片、共 %(size)d MB。请分几次粘贴，或用“文档导入”。") % told)


def _laid_down(file: UploadedFile, path: Path) -> Path:
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path


def _keep(image: ExtractedImage, user: User) -> SiteImage:
    return SiteImage.objects.create(
        title=image.alt[:255] or _("粘贴的图片"),
        description=image.alt[:255],
        file=ContentFile(Path(image.path).read_bytes(), name=image.name),
        uploaded_by_user=user,
    )


def _as_form_states(piece: ExtractedPiece, kept: Sequence[SiteImage]) -> list[dict[str, Any]]:
    states = []
    for block in piece.blocks:
        kind, stored = _stored(block, piece, kept)
        child = _BODY.child_blocks[kind]
        value = child.get_form_state(child.normalize(child.to_python(stored)))
        states.append({"type": kind, "id": str(uuid.uuid4()), "value": value})
    return states


def _stored(block: Block, piece: ExtractedPiece, kept: Sequence[SiteImage]) -> tuple[str, Any]:
    match block:
        case HeadingBlock() if len(block.text) <= _HEADING_LENGTH:
            return "heading", {"level": str(min(max(block.level, 2), 4)), "text": block.text}
        case HeadingBlock():
            return "rich_text", f"<p><b>{escape(block.text)}</b></p>"
        case RichTextBlock():
            return "rich_text", block.html
        case TableBlock():
            return "table", _table(block)
        case QuotationBlock():
            return "quotation", {"text": block.text, "attribution": ""}
        case ImageBlock():
            alt = piece.images[block.image].alt
            return "image", {"image": kept[block.image].pk, "caption": block.caption[:200], "alt": alt[:200]}


def _table(block: TableBlock) -> dict[str, Any]:
    sent = {"caption": block.caption[:200], "header_row": block.header, "rows": block.rows, "merged": block.merged}
    table = as_table(sent)
    table["alignment"] = columns_of_numbers(table["rows"])
    return table
