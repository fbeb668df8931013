"""The result of extraction: plain data that passes from the guarded process as JSON."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

from govplatform.sentences import packed, unpacked
from sites.documents_in.extraction.second_reading import Passage

LanguageVariant = Literal["hans", "hant"]


@dataclass
class HeadingBlock:
    """A heading below the title. level: 2 to 4. text: plain."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str


@dataclass
class RichTextBlock:
    """Consecutive paragraphs and lists. html: only what untrusted_files.html.DOCUMENT allows."""

    kind: ClassVar[str] = "rich_text"
    html: str


@dataclass
class TableBlock:
    """A rectangular table of plain text. header: the first row is a header row.

    repeats: [row, column] of the cells that say once more what a cell over several rows says.
    merged: [row, column, rows, columns] of the cells that go over several.
    """

    kind: ClassVar[str] = "table"
    rows: list[list[str]]
    header: bool = False
    caption: str = ""
    repeats: list[list[int]] = field(default_factory=list)
    merged: list[list[int]] = field(default_factory=list)


@dataclass
class ImageBlock:
    """A picture at its place in the text. image: index into ExtractedDocument.images."""

    kind: ClassVar[str] = "image"
    image: int
    caption: str = ""


@dataclass
class QuotationBlock:
    """A block quotation. text: plain, paragraphs separated by a line feed."""

    kind: ClassVar[str] = "quotation"
    text: str


Block = HeadingBlock | RichTextBlock | TableBlock | ImageBlock | QuotationBlock

BLOCKS: dict[str, type[Block]] = {
    block.kind: block for block in (HeadingBlock, RichTextBlock, TableBlock, ImageBlock, QuotationBlock)
}


@dataclass
class ExtractedImage:
    """A picture that was written anew without metadata.

    path: absolute, "" when no image folder was given; width and height in pixels.
    """

    name: str
    content_type: str
    path: str
    width: int
    height: int
    alt: str = ""


@dataclass
class ExtractedDocument:
    """A document as a careful clerk would enter it.

    Title, number and page furniture are taken out of `blocks`; addressee and signature stay in them
    (they are part of the document's text) and are repeated here, as are note and enclosures. Empty text or
    None: not stated.
    signed_on: the day of the signature as it is written.
    remark: its note, such as 此件公开发布, without brackets; enclosures: what its line 附件： names.
    labels: further entries of a label table (索引号, 主题分类 ...), label to value.
    warnings: Chinese sentences on everything removed, joined, split or doubtful.
    second, left_out, put_in: for the comparison with the file, as in ReadFile.
    """

    title: str = ""
    document_number: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    published_on: date | None = None
    source: str = ""
    addressee: str = ""
    signature: str = ""
    signed_on: str = ""
    remark: str = ""
    enclosures: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    images: list[ExtractedImage] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    language_variant: LanguageVariant = "hans"
    second: list[Passage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    put_in: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the document as a dictionary for JSON; dates as YYYY-MM-DD or None, blocks with their `kind`."""
        data = asdict(self)
        data["second"] = [[passage.kind, passage.number, passage.text] for passage in self.second]
        data["warnings"] = [packed(warning) for warning in self.warnings]
        data["blocks"] = [{"kind": block.kind} | asdict(block) for block in self.blocks]
        for name in ("issued_on", "published_on"):
            value: date | None = getattr(self, name)
            data[name] = value.isoformat() if value else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ExtractedDocument":
        """Return the document that `to_json` made `data` of."""
        values = dict(data)
        values["warnings"] = [unpacked(warning) for warning in data["warnings"]]
        values["second"] = [Passage(*passage) for passage in data["second"]]
        values["images"] = [ExtractedImage(**image) for image in data["images"]]
        values["blocks"] = [
            BLOCKS[block["kind"]](**{k: v for k, v in block.items() if k != "kind"}) for block in data["blocks"]
        ]
        for name in ("issued_on", "published_on"):
            values[name] = date.fromisoformat(data[name]) if data[name] else None
        return cls(**values)
