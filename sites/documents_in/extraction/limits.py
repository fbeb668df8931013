"""The bounds of the extraction, all in one place."""

from dataclasses import asdict, dataclass
from typing import Any

from govplatform.untrusted_files.zip_limits import ZipLimits

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ExtractionLimits:
    """The bounds of an extraction, in bytes or numbers as the names say.

    seconds, memory_mb and output_mb bound the guarded process: time, memory and size of its answer. A PDF of the most
    pages takes 40 seconds of a processor, which it may have to share.
    """

    file_bytes: int = 30 * MEBIBYTE
    text_bytes: int = 5 * MEBIBYTE
    characters: int = 1_000_000
    elements: int = 20_000
    archive_members: int = 3_000
    archive_bytes: int = 150 * MEBIBYTE
    archive_ratio: int = 400
    archive_ratio_from_bytes: int = MEBIBYTE
    xml_depth: int = 200
    html_depth: int = 200
    pdf_pages: int = 300
    table_cells: int = 20_000
    images: int = 200
    image_bytes: int = 15 * MEBIBYTE
    image_pixels: int = 50_000_000
    images_total_bytes: int = 60 * MEBIBYTE
    filename_length: int = 200
    seconds: float = 150
    memory_mb: int = 1024
    output_mb: int = 16

    def zip_limits(self) -> ZipLimits:
        """Return the bounds for an archive; one member may be as large as all together."""
        return ZipLimits(
            members=self.archive_members,
            total_bytes=self.archive_bytes,
            member_bytes=self.archive_bytes,
            ratio=self.archive_ratio,
            ratio_from_bytes=self.archive_ratio_from_bytes,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the bounds as {field name: number}."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ExtractionLimits":
        """Return the bounds that `to_json` made `data` of."""
        return cls(**data)
