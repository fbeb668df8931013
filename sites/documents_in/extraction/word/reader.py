"""The reader of Word documents: from the package's XML to elements, with a warning for everything left out."""

import io
from pathlib import Path
from typing import IO, Any

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.faults import FileFault
from sites.documents_in.extraction.element import ReadFile, ReadImage
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.word.archive import BROKEN, REASONS, check_archive
from sites.documents_in.extraction.word.blocks import Block, Foreign, LeftOut, Paragraph
from sites.documents_in.extraction.word.chunks import is_word, read_chunk
from sites.documents_in.extraction.word.controls import Controls
from sites.documents_in.extraction.word.elements import to_elements
from sites.documents_in.extraction.word.fields import Fields, broken_marks
from sites.documents_in.extraction.word.links import is_allowed
from sites.documents_in.extraction.word.margins import count_margins
from sites.documents_in.extraction.word.names import children, name_of
from sites.documents_in.extraction.word.notes import Notes
from sites.documents_in.extraction.word.numbering import Counters, Lists
from sites.documents_in.extraction.word.package import Package
from sites.documents_in.extraction.word.second_reading import read_word_again
from sites.documents_in.extraction.word.source import Source
from sites.documents_in.extraction.word.spans import Span
from sites.documents_in.extraction.word.story import Story
from sites.documents_in.extraction.word.styles import Styles
from sites.documents_in.extraction.word.warnings import warnings_on

_CHUNK_BYTES = 20 * 1024 * 1024
_MOST_NESTED = 2
_MOST_CHUNKS = 50
NO_TEXT = gettext_noop(
    "Word 文档缺少正文部分，或正文部分已损坏，无法读取。请用 Word 或 WPS 打开修复，另存一份后重新上传。"
)


def read_docx(path: Path, limits: ExtractionLimits) -> ReadFile:
    """Read a .docx into elements. Raise ExtractionRefused for damage, bombs, entities, macros and passwords."""
    return _read(path, limits, nested=0)


def _read(source: Path | IO[bytes], limits: ExtractionLimits, *, nested: int) -> ReadFile:
    warnings = check_archive(source, limits)
    try:
        with Package(source, limits) as package:
            result = _Reading(package, limits, nested).read()
    except FileFault as fault:
        raise ExtractionRefused(REASONS[fault.kind]) from fault
    except (MemoryError, RecursionError, ExtractionRefused):
        raise
    except Exception as error:
        # No damage that we know of ends here, but a stranger's file may have one that nobody thought of.
        raise ExtractionRefused(BROKEN) from error
    result.warnings = warnings + result.warnings
    return result


class _Reading:
    """The reading of one package. nested: how many documents it lies in."""

    def __init__(self, package: Package, limits: ExtractionLimits, nested: int) -> None:
        self.package = package
        self.limits = limits
        self.nested = nested
        self.chunks = 0
        self.main = package.main
        self.left_out = LeftOut()
        self.images: list[ReadImage] = []
        self.image_bytes: dict[str, bytes] = {}
        self.warnings: list[str] = []
        styles_root = package.related_tree(self.main, "styles")
        styles = Styles(styles_root)
        lists = Lists(package.related_tree(self.main, "numbering"), styles.numbering_styles())
        settings = package.related_tree(self.main, "settings")
        self.notes = Notes(
            {kind: package.related_tree(self.main, f"{kind}s") for kind in ("footnote", "endnote")}, settings
        )
        self.source = Source(
            styles=styles,
            counters=Counters(lists),
            controls=Controls(package),
            left_out=self.left_out,
            take_image=self._take_image,
            read_chunk=self._read_chunk,
            address=self._address,
            note=self.notes.mark,
        )

    def read(self) -> ReadFile:
        root = self.package.tree(self.main) if self.main else None
        # Damaged files have more than one, and Word shows them all.
        bodies = list(children(root, "w:body")) if root is not None and name_of(root) == "w:document" else []
        if not bodies:
            raise ExtractionRefused(NO_TEXT)
        blocks = [block for body in bodies for block in self._story(body)]
        for mark, note in self.notes.found:
            blocks += self._note(mark, note)
        elements = to_elements(blocks, self.left_out, self.limits)
        count_margins(self.package, self.main, self.left_out)
        for part in self.package.damaged:
            self.left_out.add("damaged", part)
        return ReadFile(
            elements=elements,
            images=self.images,
            warnings=self.warnings + warnings_on(self.left_out),
            second=read_word_again(bodies, self.notes.roots),
            left_out=self.left_out.texts,
            put_in=self.left_out.put_in,
        )

    def _story(self, root: Any) -> list[Block]:
        story = Story(self.source, Fields(broken_marks(root)))
        story.walk(root)
        story.close()
        return story.blocks

    def _note(self, mark: str, note: Any) -> list[Block]:
        blocks = self._story(note)
        if mark and blocks and isinstance(blocks[0], Paragraph):
            self.left_out.shows_instead("", mark)
            blocks[0].spans = [Span(f"{mark} "), *blocks[0].spans]
        return blocks

    def _take_image(self, identity: str, words: str) -> int:
        """Keep the bytes of a picture; none for one outside the file, which is never fetched."""
        relation = self.package.relations(self.main).get(identity)
        data = b""
        if relation is not None and not relation.external and len(self.images) < self.limits.images:
            if relation.target not in self.image_bytes:
                self.image_bytes[relation.target] = self.package.read(relation.target, self.limits.image_bytes)
            data = self.image_bytes[relation.target]
        self.images.append(ReadImage(data, alt=words[:200]))
        return len(self.images) - 1

    def _address(self, identity: str) -> str:
        relation = self.package.relations(self.main).get(identity)
        if relation is None or not relation.external or not relation.target:
            return ""
        if not is_allowed(relation.target):
            self.left_out.add("links")
            return ""
        return relation.target

    def _read_chunk(self, identity: str) -> Foreign | None:
        relation = self.package.relations(self.main).get(identity)
        name = relation.target if relation is not None and not relation.external else ""
        self.chunks += 1
        data = self.package.read(name, _CHUNK_BYTES) if name and self.chunks <= _MOST_CHUNKS else b""
        kind = self.package.content_type(name)
        found: ReadFile | None = None
        if data and len(data) <= _CHUNK_BYTES:
            if not is_word(kind, name):
                found = read_chunk(data, kind, name, self.limits)
            elif self.nested < _MOST_NESTED:
                found = self._read_nested(data)
        if found is None:
            self.left_out.add("chunk", name or identity)
            return None
        self.warnings += found.warnings
        offset = len(self.images)
        self.images += found.images
        for element in found.elements:
            if element.image >= 0:
                element.image += offset
        return Foreign(found.elements)

    def _read_nested(self, data: bytes) -> ReadFile | None:
        try:
            return _read(io.BytesIO(data), self.limits, nested=self.nested + 1)
        except ExtractionRefused:
            return None
