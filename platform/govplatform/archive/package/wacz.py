"""The WACZ 1.1.1: the WARC with its index and its list of pages in one file that viewers open."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, BinaryIO

from govplatform.digests import CHUNK, Digest, Digester

from .layout import INDEX, PAGES, SOFTWARE, Names
from .written import readable

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
PACKAGE, PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"


def inside(path: str) -> str:
    """The name inside the WACZ of a file of the bag: the same without ``data/``."""
    return path.removeprefix("data/")


def members(names: Names) -> list[str]:
    """The names of everything in the WACZ, in the order in which they lie there."""
    return [inside(names.warc), inside(INDEX), inside(PAGES), PACKAGE, PACKAGE_DIGEST]


def describe(names: Names, digests: Mapping[str, Digest], facts: dict[str, str]) -> bytes:
    """``datapackage.json``. ``digests``: of the files of the bag by path; ``facts``: title, dates, first page."""
    resources = [
        {
            "name": Path(path).name.lower(),
            "path": inside(path),
            "hash": f"sha256:{digests[path].sha256}",
            "bytes": digests[path].bytes,
        }
        for path in (names.warc, INDEX, PAGES)
    ]
    return readable(
        {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": SOFTWARE,
            **{name: value for name, value in facts.items() if value},
            "resources": resources,
        }
    )


def seal(package: bytes) -> bytes:
    """``datapackage-digest.json``."""
    digester = Digester()
    digester.update(package)
    return readable({"path": PACKAGE, "hash": f"sha256:{digester.finish().sha256}"})


def write_wacz(stream: BinaryIO, folder: Path, names: Names, package: bytes) -> None:
    """Write the WACZ of the files in ``folder``. Everything is stored as it is: viewers read ranges out of it."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as made:
        for path in (names.warc, INDEX, PAGES):
            with (folder / path).open("rb") as source:
                _add(made, inside(path), source)
        _add(made, PACKAGE, io.BytesIO(package))
        _add(made, PACKAGE_DIGEST, io.BytesIO(seal(package)))


def _add(made: zipfile.ZipFile, name: str, source: IO[bytes]) -> None:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    # As wide for a small site as for a large one.
    with made.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
