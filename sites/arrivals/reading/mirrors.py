"""A mirrored directory that came as a ZIP file: its files are written out, none of them anywhere else."""

import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from govplatform.untrusted_files.zip_limits import ZipLimits, open_member
from sites.arrivals.reading.bounds import MEBIBYTE, CrawlBounds

_MOST_PARTS = 40
_LONGEST_PART = 250


def zip_limits(bounds: CrawlBounds) -> ZipLimits:
    """Return the bounds of a ZIP that holds a crawl; pages compress well, so its ratio is generous."""
    return ZipLimits(
        members=bounds.records,
        total_bytes=bounds.total_bytes,
        member_bytes=bounds.total_bytes,
        ratio=300,
        ratio_from_bytes=8 * MEBIBYTE,
    )


def unpack_mirror(package: zipfile.ZipFile, folder: Path, limits: ZipLimits, spend: Callable[[int], None]) -> None:
    """Write the files of a ZIP below ``folder``, by the names that the server's files had, of whatever encoding.

    Links, names that lead out of the folder and names that no disk takes are left out. Of two with one name the first
    counts. Raises FileFault.
    """
    root = os.fsencode(folder)
    os.makedirs(root, exist_ok=True)
    for member in package.infolist():
        parts = _parts_of(member)
        if not parts:
            continue
        path = os.path.join(root, *parts)
        if os.path.lexists(path):
            continue
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            continue
        with open(path, "xb") as out:
            shutil.copyfileobj(open_member(package, member, limits, spend), out)


def _parts_of(member: zipfile.ZipInfo) -> list[bytes]:
    """The path of an entry in bytes, [] for one that is left out."""
    if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
        return []
    name = member.filename.replace("\\", "/")
    try:
        raw = name.encode("utf-8" if member.flag_bits & 0x800 else "cp437")
    except UnicodeError:
        raw = name.encode("utf-8", "replace")
    parts = raw.split(b"/")
    if len(parts) > _MOST_PARTS or any(part in (b"", b".", b"..") or len(part) > _LONGEST_PART for part in parts):
        return []
    return parts


def names_of_host(host: str) -> tuple[str, ...]:
    """Return the names of the directory that wget writes the pages of a host to: as given, with and without www."""
    return (host, f"www.{host}", host.removeprefix("www."))


def top_of_mirror(folder: Path, host: str) -> Path:
    """Return the directory that wget wrote to: below folders that hold nothing else than one more folder."""
    names = names_of_host(host)
    while not any((folder / name).is_dir() for name in names):
        inside = list(folder.iterdir())
        if len(inside) != 1 or not inside[0].is_dir():
            break
        folder = inside[0]
    return folder
