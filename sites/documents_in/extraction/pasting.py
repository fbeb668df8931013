"""The extraction of what somebody pastes into a text: the same cleaning as of a file, without looking for a document.

A piece has no title, number or signature of its own: everything in it belongs to the text.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target
from govplatform.sentences import gettext_noop, packed, said, unpacked
from sites.documents_in.extraction.document import BLOCKS, Block, ExtractedImage, RichTextBlock
from sites.documents_in.extraction.guard import answer_of_child
from sites.documents_in.extraction.html.fragment import read_fragment
from sites.documents_in.extraction.images import store_images
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.one_reading import with_ordinary_characters
from sites.documents_in.extraction.recognition.assembly import assemble
from sites.documents_in.extraction.refusal import ExtractionRefused

TARGET = "sites.documents_in.extraction.pasting.paste_in_child"
#: What one pasting may bring: a person waits for it. A table of 200 rows of 25 columns is 5,000 cells.
PASTE_LIMITS = ExtractionLimits(
    text_bytes=8 * 1024 * 1024, images=60, images_total_bytes=40 * 1024 * 1024, seconds=30, output_mb=16
)


@dataclass
class ExtractedPiece:
    """Blocks in order, the pictures they show, and Chinese sentences on what was left out."""

    blocks: list[Block] = field(default_factory=list)
    images: list[ExtractedImage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def extract_piece(data: bytes, pictures: Sequence[bytes], folder: Path, limits: ExtractionLimits) -> ExtractedPiece:
    """Read a copied piece of HTML; its pictures are written anew into ``folder``. Raises ExtractionRefused."""
    read = with_ordinary_characters(read_fragment(data, pictures, limits))
    if sum(len(element.text) for element in read.elements) > limits.characters:
        most = limits.characters // 10000
        raise ExtractionRefused(said(gettext_noop("粘贴的文字超过 %(most)s 万字。请分几次粘贴。"), most=most))
    stored, notes = store_images(read.images, folder, limits)
    images = [image for image in stored if image is not None]
    taken = [number for number, image in enumerate(stored) if image is not None]
    blocks = assemble(read.elements, {old: new for new, old in enumerate(taken)})
    return ExtractedPiece(_joined(blocks), images, [*read.warnings, *notes])


def _joined(blocks: list[Block]) -> list[Block]:
    """Return the blocks with texts that follow each other as one."""
    joined: list[Block] = []
    for block in blocks:
        if isinstance(block, RichTextBlock) and joined and isinstance(joined[-1], RichTextBlock):
            joined[-1] = RichTextBlock(joined[-1].html + block.html)
        else:
            joined.append(block)
    return joined


@guarded_target
def paste_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Run ``extract_piece`` inside the guarded process. args: html, pictures (paths), folder and limits."""
    try:
        piece = extract_piece(
            Path(args["html"]).read_bytes(),
            [Path(path).read_bytes() for path in args["pictures"]],
            Path(args["folder"]),
            ExtractionLimits.from_json(args["limits"]),
        )
    except ExtractionRefused as refusal:
        return {"refused": packed(refusal.reason)}
    except RecursionError:
        return {"refused": gettext_noop("粘贴内容的结构嵌套过深，无法处理。请先粘贴到记事本，再从那里复制。")}
    return {
        "blocks": [{"kind": block.kind} | asdict(block) for block in piece.blocks],
        "images": [asdict(image) for image in piece.images],
        "warnings": [packed(warning) for warning in piece.warnings],
    }


def extract_piece_guarded(html: Path, pictures: Sequence[Path], folder: Path) -> ExtractedPiece:
    """Run ``extract_piece`` in a guarded process; all the paths lie in a folder that the caller makes and removes.

    Raises ExtractionRefused for every failure, time and memory included.
    """
    args = {"html": str(html), "pictures": [str(path) for path in pictures], "folder": str(folder)}
    answer = answer_of_child(TARGET, args, PASTE_LIMITS)
    return ExtractedPiece(
        [BLOCKS[block["kind"]](**{k: v for k, v in block.items() if k != "kind"}) for block in answer["blocks"]],
        [ExtractedImage(**image) for image in answer["images"]],
        [unpacked(warning) for warning in answer["warnings"]],
    )
