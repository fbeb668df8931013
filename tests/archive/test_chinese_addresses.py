"""Addresses with Chinese characters in an archive: exported, verified, read, and replayed by others' software."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.test import Client
from warcio.archiveiterator import ArchiveIterator

from govplatform.archive.models import Archive
from govplatform.archive.package.layout import ADDRESSES, Names
from govplatform.archive.package.opening import json_lines, opened
from govplatform.archive.package.written import stamp
from govplatform.archive.verification.checking import verify_archive
from tests import factories
from tests.archive.pywb_server import replayed, replaying

NAME = "附件1：申报表（2026年 第二批）.txt"
CONTENT = "姓名，乡镇，面积。".encode()
HOST = "alpha.localhost:8000"


@pytest.fixture
def made(alpha: Any, export: Any) -> tuple[Path, str]:
    """(folder of an archive of alpha, path of an attachment whose name is Chinese, as the ledger has it)."""
    paper = factories.document(CONTENT, NAME, uploader="alpha_editor")
    page = factories.draft_article(title="关于申报的通知", slug="apply")
    page.body = json.dumps([{"type": "attachment", "value": {"document": paper.pk, "title": "申报表"}}])
    page.save_revision(user=factories.user("alpha_editor"))
    factories.publish(page, "alpha")
    folder = export().folder
    [line] = [one for one in json_lines(folder / ADDRESSES) if not unquote(one["address"]).isascii()]
    return folder, urlsplit(line["address"]).path


def names_in(folder: Path) -> Names:
    return Names(json.loads((folder / "data/certificate.json").read_bytes())["archive"])


def test_it_is_whole_and_named_as_it_is_asked_for(made: tuple[Path, str]):
    folder, path = made
    assert path.isascii() and "申报表" in unquote(path)
    result = verify_archive(folder)
    assert (result.ok, result.faults) == (True, [])
    with opened(folder, names_in(folder).name) as archive:
        found = archive.find(f"http://{HOST}{path}")
        assert found is not None and b"".join(found.holder.chunks()) == CONTENT
        for written in (quote(unquote(path)), quote(unquote(path)).lower(), unquote(path)):
            assert archive.find_loosely(f"http://{HOST}{written}") is not None, written


def test_a_reader_of_warc_that_is_not_ours_finds_it(made: tuple[Path, str]):
    folder, path = made
    with (folder / names_in(folder).warc).open("rb") as stream:
        found = [
            record.content_stream().read()
            for record in ArchiveIterator(stream, check_digests="raise")
            if record.rec_type == "response" and record.rec_headers.get_header("WARC-Target-URI").endswith(path)
        ]
    assert found == [CONTENT]


def test_the_reader_shows_it_however_the_browser_writes_it(alpha: Any, made: tuple[Path, str]):
    folder, path = made
    archive = Archive.objects.create(
        tenant=alpha, name=names_in(folder).name, folder=str(folder), state=Archive.State.DONE,
        state_at="2026-03-01T08:00:00+08:00", addresses=1,
    )  # fmt: skip

    def ask(below: str) -> Any:
        return Client(HTTP_HOST="archive.localhost", raise_request_exception=False).get(f"/{archive.pk}{below}")

    page = ask("/at/news/apply/")
    assert page.status_code == 200 and path.rpartition("/")[2].lower() in page.content.decode().lower()
    for written in (path, unquote(path)):
        answer = ask(f"/at{written}")
        assert answer.status_code == 200 and b"".join(answer) == CONTENT, written


def test_pywb_replays_it(made: tuple[Path, str], tmp_path: Path):
    folder, path = made
    [line] = [one for one in json_lines(folder / ADDRESSES) if one["address"].endswith(path)]
    with replaying(folder / names_in(folder).warc, tmp_path) as port:
        status, body = replayed(port, f"/kept/{stamp(line['date'])}id_/{line['address']}")
    assert (status, hashlib.sha256(body).hexdigest()) == (200, line["sha256"])
