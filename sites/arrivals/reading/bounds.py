"""The bounds of the reading of a crawl, all in one place."""

from dataclasses import asdict, dataclass
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class CrawlBounds:
    """Bounds in bytes, seconds and numbers, as the names say.

    page_bytes: of one page; file_bytes: of one picture or attachment; total_bytes: of everything that is unpacked, kept
    or not; head_bytes: of the lines before a content; address_characters: of one address, beyond it its page is told as
    too large.
    """

    records: int = 500_000
    page_bytes: int = 5 * MEBIBYTE
    file_bytes: int = 200 * MEBIBYTE
    total_bytes: int = 20 * 1024 * MEBIBYTE
    assets_of_page: int = 200
    head_bytes: int = MEBIBYTE
    address_characters: int = 2_000
    unpack_seconds: float = 3_600
    page_seconds: float = 20
    batch_seconds: float = 300
    memory_mb: int = 1024
    output_mb: int = 64

    def to_json(self) -> dict[str, Any]:
        """Return the bounds as {field name: number}."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "CrawlBounds":
        """Return the bounds that `to_json` made `data` of."""
        return cls(**data)
