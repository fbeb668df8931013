"""The check of the WACZ: it holds the same WARC, index and list of pages as the archive, and describes them rightly."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.digests import CHUNK, Digest
from govplatform.system_words import system_words

from ..package import wacz
from ..package.layout import INDEX, PAGES, Names
from .faults import Fault

_MOST = 1024 * 1024


def check_wacz(folder: Path, names: Names, digests: Mapping[str, Digest]) -> Iterator[Fault]:
    """Yield what is wrong with the WACZ, naming the member."""
    try:
        with zipfile.ZipFile(folder / names.wacz) as archive:
            yield from _members(archive, names, digests)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        NotImplementedError,
        AttributeError,
        # RecursionError among them
        RuntimeError,
        EOFError,
    ) as error:
        yield Fault(names.wacz, _("不是可读的 WACZ 文件（%(error)s）。") % {"error": system_words(error)})


def _members(archive: zipfile.ZipFile, names: Names, digests: Mapping[str, Digest]) -> Iterator[Fault]:
    found = [info.filename for info in archive.infolist()]
    if found != wacz.members(names) or any(info.compress_type for info in archive.infolist()):
        yield Fault(names.wacz, _("WACZ 的组成与归档不符。"))
        return
    described = {}
    for path in (names.warc, INDEX, PAGES):
        member = wacz.inside(path)
        digest = _digest(archive, member)
        described[member] = {"hash": f"sha256:{digests[path].sha256}", "bytes": digests[path].bytes}
        if digest != digests[path].sha256:
            yield Fault(f"{names.wacz} {member}", _("与归档里的同一文件不符。"))
    package = archive.open(wacz.PACKAGE).read(_MOST)
    seal = archive.open(wacz.PACKAGE_DIGEST).read(_MOST)
    if seal != wacz.seal(package):
        yield Fault(f"{names.wacz} {wacz.PACKAGE_DIGEST}", _("与归档里的同一文件不符。"))
    resources = json.loads(package).get("resources", [])
    if {one["path"]: {"hash": one["hash"], "bytes": one["bytes"]} for one in resources} != described:
        yield Fault(f"{names.wacz} {wacz.PACKAGE}", _("登记的文件与归档不符。"))


def _digest(archive: zipfile.ZipFile, member: str) -> str:
    digest = hashlib.sha256()
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
