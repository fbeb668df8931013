"""Where things lie in an archive.

An archive is a BagIt bag (RFC 8493). Its payload is a WARC with all answers, the same as a WACZ that any viewer opens as
one file, descriptions after DA/T 80-2019, the list of addresses with their digests, and the signed certificate.
"""

from dataclasses import dataclass

#: Of this form of archive. A later form gets the next number, and this one is verified by its own rules for good.
FORM = 1
SOFTWARE = "govplatform archive 1"

BAG_DECLARATION = "bagit.txt"
BAG_INFO = "bag-info.txt"
#: In this order in every manifest's name and check.
ALGORITHMS = ("sha256", "sm3")

ADDRESSES = "data/addresses.jsonl"
CERTIFICATE = "data/certificate.json"
INDEX = "data/indexes/index.cdxj"
PAGES = "data/pages/pages.jsonl"
METADATA_JSON = "data/metadata/archive.json"
METADATA_CSV = "data/metadata/archive.csv"
METADATA_XML = "data/metadata/archive.xml"


def manifest(algorithm: str) -> str:
    """The manifest of the payload."""
    return f"manifest-{algorithm}.txt"


def tag_manifest(algorithm: str) -> str:
    """The manifest of everything beside the payload."""
    return f"tagmanifest-{algorithm}.txt"


@dataclass(frozen=True)
class Names:
    """The files of the archive ``name`` that carry its name."""

    name: str

    @property
    def warc_file(self) -> str:
        return f"{self.name}.warc.gz"

    @property
    def warc(self) -> str:
        return f"data/archive/{self.warc_file}"

    @property
    def wacz(self) -> str:
        return f"data/{self.name}.wacz"

    def payload(self) -> list[str]:
        """Every file of the payload, sorted as in a manifest."""
        return sorted(
            [
                self.warc, self.wacz, ADDRESSES, CERTIFICATE, INDEX, PAGES,
                METADATA_JSON, METADATA_CSV, METADATA_XML,
            ]
        )  # fmt: skip

    def certified(self) -> list[str]:
        """What the certificate names: the payload without itself."""
        return [path for path in self.payload() if path != CERTIFICATE]

    def tags(self) -> list[str]:
        """What the tag manifests name, sorted."""
        return sorted([BAG_DECLARATION, BAG_INFO, *[manifest(one) for one in ALGORITHMS]])

    def everything(self) -> list[str]:
        return sorted([*self.payload(), *self.tags(), *[tag_manifest(one) for one in ALGORITHMS]])
