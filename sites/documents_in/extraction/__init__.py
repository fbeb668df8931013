"""The extraction of a checked, cleaned, structured document from an uploaded file, in pure Python without Django.

Callers use `extract_guarded`; `extract_document` is what it runs inside the guarded process.
"""

from sites.documents_in.extraction.document import (
    Block,
    ExtractedDocument,
    ExtractedImage,
    HeadingBlock,
    ImageBlock,
    QuotationBlock,
    RichTextBlock,
    TableBlock,
)
from sites.documents_in.extraction.extract import extract_document
from sites.documents_in.extraction.guard import extract_guarded
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

__all__ = [
    "Block",
    "ExtractedDocument",
    "ExtractedImage",
    "ExtractionLimits",
    "ExtractionRefused",
    "HeadingBlock",
    "ImageBlock",
    "QuotationBlock",
    "RichTextBlock",
    "TableBlock",
    "extract_document",
    "extract_guarded",
]
