"""Every bound of reading a stranger's file in one place."""

from dataclasses import asdict, dataclass
from typing import Any

from govplatform.untrusted_files.zip_limits import ZipLimits

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Sizes in bytes unless the name says otherwise. What goes beyond ends as a finding, never as a crash.

    ``unpacked_bytes``: over all nested archives of one file; ``member_bytes``: one entry; ``ratio`` counts
    only for entries beyond ``ratio_from_bytes``, since short repetitive parts of office files compress well.
    ``characters``: text of one file. ``seconds``, ``memory_mb``, ``output_mb``: for the guarded process.
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
        """The bounds of one archive; ``unpacked_bytes`` and ``members`` count over all that are nested."""
        return ZipLimits(
            members=self.members,
            total_bytes=self.unpacked_bytes,
            member_bytes=self.member_bytes,
            ratio=self.ratio,
            ratio_from_bytes=self.ratio_from_bytes,
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ReadLimits":
        return cls(**values)
