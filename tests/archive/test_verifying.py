"""What a verification finds: any bit, any file, anything that was put in, taken out or signed anew."""

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import bagit
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from warcio.archiveiterator import ArchiveIterator

from govplatform.archive.package.bag import close_bag
from govplatform.archive.package.certificate import files_of, sign
from govplatform.archive.package.layout import ADDRESSES, CERTIFICATE, Names
from govplatform.archive.package.opening import json_lines
from govplatform.archive.verification.checking import verify_archive
from govplatform.digests import digest_of_file
from tests.database import ROOT


def names_in(folder: Path) -> Names:
    return Names(json.loads((folder / CERTIFICATE).read_bytes())["archive"])


def flip(path: Path, place: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def test_a_flipped_bit_anywhere_is_found_and_its_file_named(copy: Path, subtests: Any):
    chance = random.Random(20261129)
    for name in names_in(copy).everything():
        path = copy / name
        whole = path.read_bytes()
        places = {0, len(whole) - 1, len(whole) // 2, *[chance.randrange(len(whole)) for _number in range(6)]}
        for place in places:
            with subtests.test(file=name, place=place):
                flip(path, place, chance.randrange(8))
                result = verify_archive(copy)
                path.write_bytes(whole)
                assert not result.ok
                assert name in result.faults[0].place
    assert verify_archive(copy).ok


def test_the_broken_record_is_named(copy: Path):
    names = names_in(copy)
    lines = list(json_lines(copy / ADDRESSES))
    page = next(line for line in lines if line["address"].endswith("/news/article/"))
    index = (copy / "data/indexes/index.cdxj").read_text()
    entry = next(json.loads(line.split(" ", 2)[2]) for line in index.splitlines() if page["address"] in line)
    flip(copy / names.warc, int(entry["offset"]) + int(entry["length"]) // 2, 3)
    assert page["address"] in verify_archive(copy).faults[0].place


def test_missing_and_added_files_are_found(copy: Path, subtests: Any):
    for name in names_in(copy).everything():
        with subtests.test(missing=name):
            kept = (copy / name).read_bytes()
            (copy / name).unlink()
            assert name in verify_archive(copy).faults[0].place
            (copy / name).write_bytes(kept)
    for name in ("data/extra.txt", "note.txt", "data/archive/.hidden"):
        with subtests.test(added=name):
            (copy / name).write_text("x")
            assert verify_archive(copy).faults[0].place == name
            (copy / name).unlink()
    (copy / "data/empty").mkdir()
    assert verify_archive(copy).faults[0].place == "data/empty"
    (copy / "data/empty").rmdir()
    (copy / "data/link").symlink_to("/etc/passwd")
    assert verify_archive(copy).faults[0].place == "data/link"
    (copy / "data/link").unlink()
    assert verify_archive(copy).ok


def _sealed_anew(folder: Path, key: Ed25519PrivateKey | None) -> None:
    """What somebody does who changed a file and knows the form: manifests, a certificate with a key of their own."""
    names = names_in(folder)
    certificate = json.loads((folder / CERTIFICATE).read_bytes())
    if key is not None:
        certificate.pop("signature")
        certificate["files"] = files_of({name: digest_of_file(folder / name) for name in names.certified()})
        (folder / CERTIFICATE).write_bytes(sign(certificate, key))
    payload = {name: digest_of_file(folder / name) for name in names.payload()}
    facts = {
        "Source-Organization": certificate["site"]["organiser"] or certificate["site"]["name"],
        "External-Identifier": names.name,
        "External-Description": certificate["site"]["name"],
        "Bagging-Date": certificate["state_at"][:10],
    }
    close_bag(folder, names, payload, facts)


def test_new_manifests_do_not_hide_a_change(copy: Path):
    path = copy / "data/metadata/archive.csv"
    path.write_bytes(path.read_bytes().replace("政策".encode(), "改动".encode(), 1))
    _sealed_anew(copy, None)
    assert "data/metadata/archive.csv" in verify_archive(copy).faults[0].place


def test_another_key_is_told_from_the_platform_s(whole: Path, copy: Path):
    own = verify_archive(whole).key
    _sealed_anew(copy, Ed25519PrivateKey.generate())
    assert verify_archive(copy).ok and verify_archive(copy).key != own
    assert verify_archive(copy, key=own).faults[0].place == CERTIFICATE
    assert verify_archive(whole, key=own).ok


def test_a_name_that_leads_out_of_the_folder_opens_nothing(copy: Path):
    certificate = json.loads((copy / CERTIFICATE).read_bytes())
    certificate.pop("signature")
    certificate["archive"] = "../../../../etc/passwd"
    (copy / CERTIFICATE).write_bytes(sign(certificate, Ed25519PrivateKey.generate()))
    assert verify_archive(copy).faults[0].place == CERTIFICATE


def test_a_newer_form_is_not_guessed_at(copy: Path):
    certificate = json.loads((copy / CERTIFICATE).read_bytes())
    certificate.pop("signature")
    certificate["form"] = 99
    (copy / CERTIFICATE).write_bytes(sign(certificate, Ed25519PrivateKey.generate()))
    assert "99" in verify_archive(copy).faults[0].problem


def offline(*words: str) -> subprocess.CompletedProcess[str]:
    """``python -m govplatform.archive.verify`` where there is no setting and no database."""
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE", "TEST_"))
    }
    environ.update(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", PYTHONPATH=str(ROOT / "platform"))
    return subprocess.run(
        [sys.executable, "-m", "govplatform.archive.verify", *words],
        capture_output=True, text=True, env=environ, cwd="/", check=False,
    )  # fmt: skip


def test_verification_needs_neither_settings_nor_database(copy: Path):
    done = offline(str(copy), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["faults"] == [] and json.loads(done.stdout)["ok"] is True
    flip(copy / ADDRESSES, 40, 1)
    done = offline(str(copy))
    assert done.returncode == 1 and done.stdout.startswith(ADDRESSES)
    assert offline(str(copy / "nothing")).returncode == 2


def test_the_verb_needs_no_database(whole: Path):
    environ = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "verify_archive", str(whole), "--json"],
        capture_output=True, text=True, env=environ, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) >= {"ok", "checked", "faults"}


def test_other_people_s_code_finds_the_bag_valid(copy: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bagit, "CHECKSUM_ALGOS", {*bagit.CHECKSUM_ALGOS, "sm3"})
    bag = bagit.Bag(str(copy))
    assert set(bag.algorithms) == {"sha256", "sm3"}
    bag.validate()
    (copy / "data/metadata/archive.csv").write_text("x")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(copy)).validate()


def test_other_people_s_code_reads_the_records(whole: Path):
    names = names_in(whole)
    listed = list(json_lines(whole / ADDRESSES))
    with (whole / names.warc).open("rb") as stream:
        records = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            body = record.content_stream().read()
            records.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), len(body)))
    assert records[0][0] == "warcinfo"
    assert [one[1] for one in records[1:]] == [line["address"] for line in listed]
    assert [one[2] for one in records[1:]] == [0 if line["revisit"] else line["bytes"] for line in listed]
    assert any(line["revisit"] for line in listed)


def test_the_file_for_viewers_holds_the_same(whole: Path):
    names = names_in(whole)
    with zipfile.ZipFile(whole / names.wacz) as archive:
        assert archive.testzip() is None
        assert archive.read(f"archive/{names.warc_file}") == (whole / names.warc).read_bytes()
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert all(page["title"] and page["url"].startswith("http://alpha.localhost:8000/") for page in pages[1:])
    assert len({page["id"] for page in pages[1:]}) == len(pages) - 1


def test_an_archive_made_by_an_older_version_is_verified(tmp_path: Path, subtests: Any):
    """One archive of each form is kept for good beside the tests."""
    kept = sorted((Path(__file__).parent / "kept").glob("form-*.tar.gz"))
    assert kept
    for packed in kept:
        with subtests.test(archive=packed.name):
            shutil.unpack_archive(packed, tmp_path / packed.stem, filter="data")
            folder = next((tmp_path / packed.stem).iterdir())
            assert verify_archive(folder).faults == []


def test_headers_without_end_are_given_up_early(copy: Path):
    """A record of some kilobytes that would unpack to headers of half a gigabyte."""
    names = names_in(copy)
    compressor = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(compressor.compress(b"x" * 2**20) for _number in range(512)) + compressor.flush()
    (copy / names.warc).write_bytes(bomb)
    _sealed_anew(copy, Ed25519PrivateKey.generate())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert names.warc in verify_archive(copy).faults[0].place
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
