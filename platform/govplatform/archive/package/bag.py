"""The BagIt bag (RFC 8493): declaration, facts and manifests, each in one form, so that any other byte is a fault."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from govplatform.digests import Digest, digest_of_file

from .layout import ALGORITHMS, BAG_DECLARATION, BAG_INFO, SOFTWARE, Names, manifest, tag_manifest

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
CONFORMS = "https://www.rfc-editor.org/rfc/rfc8493"


def bag_facts(organiser: str, site: str, name: str, date: str) -> dict[str, str]:
    """What ``bag-info.txt`` says of an archive; the certificate says it too. ``date``: of the state."""
    return {
        "Source-Organization": organiser or site,
        "External-Identifier": name,
        "External-Description": site,
        "Bagging-Date": date[:10],
    }


def bag_info(facts: Mapping[str, str], payload: Iterable[Digest]) -> bytes:
    """``bag-info.txt``. ``facts``: label -> value, in order; ``payload``: of the files of the payload."""
    found = list(payload)
    lines = {**facts, "Bag-Software-Agent": SOFTWARE, "Payload-Oxum": f"{sum(one.bytes for one in found)}.{len(found)}"}
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in lines.items() if value).encode()


def manifest_bytes(digests: Mapping[str, Digest], algorithm: str) -> bytes:
    """A manifest, sorted by path. Paths of an archive hold nothing that would have to be encoded."""
    return "".join(f"{digests[path].of(algorithm)}  {path}\n" for path in sorted(digests)).encode()


def close_bag(folder: Path, names: Names, payload: Mapping[str, Digest], facts: Mapping[str, str]) -> None:
    """Write the files beside the payload, whose digests are known."""
    (folder / BAG_DECLARATION).write_bytes(DECLARATION)
    (folder / BAG_INFO).write_bytes(bag_info(facts, payload.values()))
    for algorithm in ALGORITHMS:
        (folder / manifest(algorithm)).write_bytes(manifest_bytes(payload, algorithm))
    tags = {path: digest_of_file(folder / path) for path in names.tags()}
    for algorithm in ALGORITHMS:
        (folder / tag_manifest(algorithm)).write_bytes(manifest_bytes(tags, algorithm))
