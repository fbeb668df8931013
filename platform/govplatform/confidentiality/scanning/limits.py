"""The limits of reading a stranger's file, all in one place."""

from dataclasses import asdict, dataclass
from typing import Any

from govplatform.untrusted_files.zip_limits import ZipLimits

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits of reading one file; what goes beyond becomes a finding, never a crash. Sizes are in bytes.

    ``unpacked_bytes``: all nested archives of the file together; ``member_bytes``: one entry; ``ratio`` counts only for
    entries beyond ``ratio_from_bytes``, since short repetitive parts of office files compress well. ``depth``: archives
    inside each other; ``characters``: text of the file; ``strings``: shared strings of a workbook. ``seconds``,
    ``memory_mb``, ``output_mb``: of the guarded process.
    """

    unpacked_bytes: int = 768 * MEBIBYTE
    member_bytes: int = 300 * MEBIBYTE
    ratio: int = 250
    ratio_from_bytes: int = 24 * MEBIBYTE
    members: int = 10_000
    depth: int = 6
    characters: int = 40_000_000
    strings: int = 1_500_000
    pdf_pages: int = 5_000
    pixels: int = 200_000_000
    findings: int = 2_000
    part_characters: int = 200_000
    seconds: float = 120
    memory_mb: int = 480
    output_mb: int = 320

    def zip_limits(self) -> ZipLimits:
        """The limits as ``zip_limits`` checks them in one archive; ``Budget`` counts over all nested ones."""
        return ZipLimits(
            members=self.members,
            total_bytes=self.unpacked_bytes,
            member_bytes=self.member_bytes,
            ratio=self.ratio,
            ratio_from_bytes=self.ratio_from_bytes,
        )

    def as_dict(self) -> dict[str, Any]:
        """The limits as JSON can carry them into the guarded process."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ReadLimits":
        """Make the limits from what ``as_dict`` returned."""
        return cls(**values)
