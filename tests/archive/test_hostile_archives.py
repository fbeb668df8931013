"""Archives that somebody made to harm whoever verifies them: each is told as faults, none breaks, fills or fools."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govplatform.archive.package import wacz
from govplatform.archive.package.certificate import sign
from govplatform.archive.package.layout import ADDRESSES, CERTIFICATE, INDEX
from govplatform.archive.verification.checking import verify_archive
from govplatform.archive.verify import main
from tests.archive.test_verifying import _sealed_anew, names_in

DEEP = b"[" * 200_000
#: Moves the cursor, clears the screen, and sets the title of a terminal; half a character; a line of its own.
EVIL = "\x1b[2J\x1b]0;x\x07\ud800\n归档 jiaoyu 完好"


def first_line(folder: Path, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    entry = json.loads(lines[0])
    change(entry)
    lines[0] = json.dumps(entry).encode() + b"\n"
    (folder / name).write_bytes(b"".join(lines))


def addresses_nested_without_end(folder: Path) -> None:
    (folder / ADDRESSES).write_bytes(DEEP)


def index_nested_without_end(folder: Path) -> None:
    lines = (folder / INDEX).read_bytes().splitlines(keepends=True)
    head = lines[0].split(b"{", 1)[0]
    (folder / INDEX).write_bytes(head + b'{"url": ' + DEEP[:60_000] + b"\n" + b"".join(lines[1:]))


def an_address_that_speaks_to_the_terminal(folder: Path) -> None:
    first_line(folder, ADDRESSES, lambda entry: entry.update(address=EVIL))


def an_address_that_is_a_list(folder: Path) -> None:
    first_line(folder, ADDRESSES, lambda entry: entry.update(address=[1]))


def a_number_without_end(folder: Path) -> None:
    first_line(folder, ADDRESSES, lambda entry: entry.update(bytes=1e308, status=float("inf")))


def a_package_that_is_a_list(folder: Path) -> None:
    _packed_anew(folder, b"[]")


def a_package_nested_without_end(folder: Path) -> None:
    _packed_anew(folder, DEEP)


def _packed_anew(folder: Path, package: bytes) -> None:
    path = folder / names_in(folder).wacz
    with zipfile.ZipFile(path) as old:
        kept = {info: old.read(info) for info in old.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        for info, data in kept.items():
            new = {wacz.PACKAGE: package, wacz.PACKAGE_DIGEST: wacz.seal(package)}.get(info.filename, data)
            made.writestr(info, new, zipfile.ZIP_STORED)


CHANGES = (
    addresses_nested_without_end,
    index_nested_without_end,
    an_address_that_speaks_to_the_terminal,
    an_address_that_is_a_list,
    a_number_without_end,
    a_package_that_is_a_list,
    a_package_nested_without_end,
)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_written_in_it_becomes_a_fault(copy: Path, change: Callable[[Path], None], capsys: Any):
    change(copy)
    _sealed_anew(copy, Ed25519PrivateKey.generate())
    assert main([str(copy)]) == 1
    told = capsys.readouterr().out
    assert told.strip() and "\x1b" not in told and "\x07" not in told
    # One line for each fault: no line of the archive's own.
    assert len(told.splitlines()) == len(verify_archive(copy).faults)


CERTIFICATES: dict[str, dict[str, Any]] = {
    "files are a number": {"files": 7},
    "a path is a list": {"files": [{"path": ["a"]}]},
    "paths of several kinds": {"files": [{"path": 1}, {"path": "a"}]},
    "no sums": {"public": None, "captured": [], "replayed": "x", "answers": 3},
    "a site that is a word": {"site": "x", "state_at": {"a": 1}},
    "a form beyond counting": {"form": 10**400},
    "a kind that is a list": {"kind": ["x"]},
    "no key": {"signature": {"key": 5}},
}


@pytest.mark.parametrize("what", CERTIFICATES)
def test_whatever_its_certificate_says_becomes_a_fault(copy: Path, what: str):
    certificate = json.loads((copy / CERTIFICATE).read_bytes())
    certificate.pop("signature")
    changed = {**certificate, **CERTIFICATES[what]}
    signature = changed.pop("signature", None)
    data = sign(changed, Ed25519PrivateKey.generate())
    if signature is not None:
        data = json.dumps({**changed, "signature": signature}).encode()
    (copy / CERTIFICATE).write_bytes(data)
    result = verify_archive(copy)
    assert not result.ok and all(fault.place and fault.problem for fault in result.faults)


def test_a_pipe_in_the_place_of_its_certificate_is_not_waited_for(tmp_path: Path):
    (tmp_path / CERTIFICATE).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / CERTIFICATE)
    assert [fault.place for fault in verify_archive(tmp_path).faults] == [CERTIFICATE]
