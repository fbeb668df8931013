"""Crawls that were made to do harm: what unpacks to far more than it is, and what has no end."""

import gzip
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from govplatform.sentences import unpacked
from sites.arrivals.reading.bounds import MEBIBYTE, CrawlBounds
from sites.arrivals.reading.crawl import INDEX, CrawlRefused, Entry, unpack, unpack_in_child
from tests.arrivals.old_site import HOST

pytestmark = pytest.mark.unit

SMALL = CrawlBounds(records=50, file_bytes=MEBIBYTE, total_bytes=4 * MEBIBYTE, head_bytes=10_000)
PAGE = b"<html><title>a</title><h1>a</h1></html>"


def record(path: str, body: bytes, *, kind: str = "response", more: bytes = b"") -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + more + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://{HOST}{path}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def entries(folder, content: bytes, bounds: CrawlBounds = SMALL):
    source = folder / "crawl.warc.gz"
    source.write_bytes(content)
    kept = folder / "kept"
    kept.mkdir(exist_ok=True)
    return list(unpack(source, kept, host=HOST, bounds=bounds))


def refused(folder, content: bytes) -> str:
    with pytest.raises(CrawlRefused) as told:
        entries(folder, content)
    return str(unpacked(told.value.reason))


@pytest.mark.parametrize("kind", ["response", "request", "metadata"])
def test_what_unpacks_to_too_much_is_refused_also_where_it_is_passed_over(tmp_path, kind):
    bomb = gzip.compress(record("/a.html", b" " * (6 * MEBIBYTE), kind=kind))
    assert len(bomb) < 20_000
    assert "解开后超过" in refused(tmp_path, bomb)


def test_one_content_that_is_too_large_is_told_and_the_rest_is_read(tmp_path):
    content = gzip.compress(record("/large.html", b" " * (2 * MEBIBYTE))) + gzip.compress(record("/b.html", PAGE))
    large, other = entries(tmp_path, content)
    assert (large.file, large.page) == ("", True) and other.file


def test_a_content_that_is_packed_once_more_counts_unpacked(tmp_path):
    inner = gzip.compress(b" " * (3 * MEBIBYTE))
    (one,) = entries(tmp_path, gzip.compress(record("/a.html", inner, more=b"Content-Encoding: gzip\r\n")))
    assert one.size > MEBIBYTE and one.file == ""


def test_a_crawl_packed_as_a_whole_is_read_like_one_packed_record_by_record(tmp_path):
    records = [record(f"/{number}.html", PAGE + b"%d" % number) for number in range(3)]
    whole, each = gzip.compress(b"".join(records)), b"".join(map(gzip.compress, records))
    plain = [(one.address, one.sha256) for one in entries(tmp_path, b"".join(records))]
    assert len(plain) == 3
    for content in (whole, each):
        assert [(one.address, one.sha256) for one in entries(tmp_path, content)] == plain


def test_a_crawl_packed_twice_says_so(tmp_path):
    assert "压缩了两层" in refused(tmp_path, gzip.compress(gzip.compress(record("/a.html", PAGE))))


@pytest.mark.parametrize(
    "head",
    [
        b"X: " + b"a" * 200_000,
        b"X: b\r\n" * 20_000,
        b"Content-Length: 0\r\n\r\n" + b"\r\n" * 20_000,
    ],
)
def test_a_head_without_end_is_given_up_early(tmp_path, head):
    assert "损坏" in refused(tmp_path, gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n" + head))


def test_tiny_records_without_number_are_refused(tmp_path):
    content = b"".join(gzip.compress(record(f"/{number}", b"")) for number in range(60))
    assert "50" in refused(tmp_path, content)


def test_an_address_without_end_is_told_and_kept_short(tmp_path):
    long, other = entries(
        tmp_path,
        gzip.compress(record("/" + "a" * 9_000, PAGE)) + gzip.compress(record("/b.html", PAGE)),
        CrawlBounds(head_bytes=100_000),
    )
    assert (len(long.address), long.file, long.page) == (2_000, "", True) and other.file


def test_a_crawl_that_was_broken_off_is_read_as_far_as_it_goes(tmp_path):
    first, second = gzip.compress(record("/a.html", PAGE)), gzip.compress(record("/b.html", PAGE * 50))
    assert entries(tmp_path, first + second[: len(second) // 2])[0].address.endswith("/a.html")


def test_no_address_holds_what_only_escapes_may_write(tmp_path):
    """A control character in an address or a redirect cannot be stored: it ended the import of the whole site."""
    moved = record("/m.html", b"", more=b"Location: /a\x00b\r\n").replace(b" 200 OK", b" 302 NO")
    far = record("/f.html", b"", more=b"Location: /" + b"x" * 5_000 + b"\r\n").replace(b" 200 OK", b" 302 NO")
    turned = record("/a\u202eb.html", PAGE)
    found = entries(tmp_path, b"".join(map(gzip.compress, [record("/a\x00b.html", PAGE), moved, far, turned])))
    assert [(one.address.partition(HOST)[2], one.location.partition(HOST)[2]) for one in found] == [
        ("/a%00b.html", ""),
        ("/m.html", "/a%00b"),
        ("/f.html", ""),
        ("/a%E2%80%AEb.html", ""),
    ]


def test_a_host_of_a_mirror_that_is_a_link_is_none(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.html").write_bytes(PAGE)
    mirror = tmp_path / "mirror"
    (mirror / HOST).mkdir(parents=True)
    (mirror / HOST / "a.html").write_bytes(PAGE)
    (mirror / "files.other").symlink_to(tmp_path / "elsewhere")
    told = [one.address for one in unpack(mirror, tmp_path, host=HOST, bounds=SMALL)]
    assert told == [f"http://{HOST}/a.html"]
    (mirror / HOST / "a.html").unlink()
    (mirror / HOST).rmdir()
    (mirror / HOST).symlink_to(tmp_path / "elsewhere")
    assert list(unpack(mirror, tmp_path, host=HOST, bounds=SMALL)) == []


def test_names_of_files_in_an_old_encoding_come_through(tmp_path):
    """As Windows packs them: bytes of GBK, which are no text to this machine."""
    placed = b"000000"
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as package:
        package.writestr(f"{HOST}/{placed.decode()}.html", PAGE)
    name = "新闻页".encode("gbk")
    (tmp_path / "old.zip").write_bytes((tmp_path / "old.zip").read_bytes().replace(placed, name))
    args = {"source": str(tmp_path / "old.zip"), "host": HOST, "folder": str(tmp_path), "bounds": SMALL.to_json()}
    assert unpack_in_child(args) == {"entries": 1}
    (line,) = (tmp_path / INDEX).read_text(encoding="utf-8").splitlines()
    entry = Entry(**json.loads(line))
    assert entry.address.endswith("/" + quote(name) + ".html") and Path(entry.file).read_bytes() == PAGE
