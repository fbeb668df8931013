"""Archives for the tests: parts of office files changed, and files nobody should have to open."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path


def rewrite(
    path: Path, change: Callable[[str, bytes], bytes | None] = lambda _name, data: data, **added: bytes
) -> Path:
    """The archive with each part changed (None drops it) and parts added (``word__comments`` for word/comments.xml)."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts |= {name.replace("__", "/") + ".xml": data for name, data in added.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            changed = change(name, data)
            if changed is not None:
                archive.writestr(name, changed)
    return path


def replaced(part: str, old: str, new: str) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        assert old.encode() in data, data[:2000]
        return data.replace(old.encode(), new.encode(), 1)

    return change


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def zeros(size: int) -> bytes:
    """An archive with one entry of so many zero bytes."""
    target = io.BytesIO()
    entry = zipfile.ZipInfo("0.dll")
    entry.compress_type = zipfile.ZIP_DEFLATED
    block = bytes(4 * 1024 * 1024)
    with zipfile.ZipFile(target, "w") as archive, archive.open(entry, "w", force_zip64=True) as stream:
        for _ in range(size // len(block)):
            stream.write(block)
    return target.getvalue()


def forty_two(floor_size: int, width: int, levels: int) -> bytes:
    """Like 42.zip: every level holds ``width`` copies of the level below, at the floor lie zero bytes."""
    data = zeros(floor_size)
    for level in range(levels):
        data = zipped({f"lib {level}{number}.zip": data for number in range(width)})
    return data


def declared(size: int) -> bytes:
    """An archive whose only entry says that it has ``size`` bytes, though it is small."""
    data = bytearray(zipped({"disk.img": b"\x00" * 1000}))
    if size < 2**32:
        central = data.index(b"PK\x01\x02")
        data[central + 24 : central + 28] = struct.pack("<I", size)
        return bytes(data)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(1000)) + packer.flush()
    name = b"disk.img"
    crc = zlib.crc32(bytes(1000))
    extra = struct.pack("<HHQ", 1, 8, size)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 45, 0, 8, 0, 0x21, crc, len(packed), 1000, len(name), 0)
    central_entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 45, 45, 0, 8, 0, 0x21, crc, len(packed), 0xFFFFFFFF, len(name), len(extra),
        0, 0, 0, 0, 0,
    )  # fmt: skip
    body = local + name + packed
    directory = central_entry + name + extra
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(body), 0)
    return body + directory + end


def locked(data: bytes) -> bytes:
    """The archive with the flag of a password on its entries."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + at] |= 1
            start = changed.find(mark, start + 4)
    return bytes(changed)
