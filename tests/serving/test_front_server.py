"""nginx with the shipped configuration, before an application that gives back what it was sent."""

import http.server
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from govplatform.cases.addresses import REQUEST_INFORMATION, WRITE
from govplatform.serving.buffering import limits
from sites.interaction.writing import LARGEST_WITH_FILES
from tests.ports import free_port

from .front_server import SHIPPED, FrontServer
from .slow_clients import Door, half_a_body, half_a_head, is_held, many, read_all, reader, silent, status

pytestmark = pytest.mark.nginx

_HASHED = "/static/page.0123456789ab.css"


class Mirror(http.server.BaseHTTPRequestHandler):
    """Answers with the head that it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"{self.requestline}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    (folder / "page.css").write_text("body{}")
    (folder / _HASHED.rpartition("/")[2]).write_text("body{}")
    with (folder / "large.bin").open("wb") as large:
        large.truncate(32 * 1024 * 1024)
    return folder


@pytest.fixture(scope="module")
def front(static: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontServer]:
    application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    made = FrontServer(tmp_path_factory.mktemp("front"), application.server_address[1], static)
    with made.running():
        yield made
    application.shutdown()
    application.server_close()


@pytest.fixture(scope="module")
def hasty(front: FrontServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontServer]:
    """The same with a second where the shipped configuration has many, and with no application behind."""
    short = dict.fromkeys(("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"), "1s")
    made = FrontServer(tmp_path_factory.mktemp("hasty"), free_port(), front.static, short)
    with made.running():
        yield made


def test_nginx_accepts_the_shipped_configuration_without_a_warning(front: FrontServer):
    said = front.test()
    assert "syntax is ok" in said
    assert "[warn]" not in said


def test_the_application_is_told_what_nginx_saw_and_not_what_the_client_says(front: FrontServer):
    claims = {
        "X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "444", "X-Real-IP": "203.0.113.2", "Forwarded": "for=203.0.113.3", "Proxy": "evil.example",
        "X_Forwarded_For": "203.0.113.4", "X-Request-Id": "evil.example",
    }  # fmt: skip
    door = Door(front.plain, source="127.0.0.7")
    seen = door.get("/", headers="".join(f"{name}: {value}\r\n" for name, value in claims.items())).decode()
    assert "203.0.113" not in seen
    assert "evil.example" not in seen
    lines = [line for line in seen.splitlines() if line.lower().startswith(("x-", "forwarded", "proxy", "host"))]
    *lines, name = sorted(lines)
    assert lines == ["Host: alpha.localhost", "X-Forwarded-For: 127.0.0.7", "X-Forwarded-Proto: http"]
    assert re.fullmatch("X-Request-Id: [0-9a-f]{32}", name)


def test_over_tls_the_application_is_told_so(front: FrontServer):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", front.secure), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="alpha.localhost") as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: alpha.localhost\r\nConnection: close\r\n\r\n")
        assert b"X-Forwarded-Proto: https" in read_all(client)


def test_the_archive_host_is_asked_and_sent_nothing(front: FrontServer):
    """Its own server, not that of the sites: it takes questions alone, and parts of files go through."""
    door, host = Door(front.plain), "archive.localhost"
    seen = door.get("/3/at/film.mp4?x=1", host=host, headers='Range: bytes=1000-\r\nIf-Range: "sha1:A"\r\n')
    assert status(seen) == 200
    for words in (b"GET /3/at/film.mp4?x=1 HTTP/1.1", b"Host: archive.localhost", b"Range: bytes=1000-", b"If-Range:"):
        assert words in seen, words
    head = f"Host: {host}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
    for method in ("POST", "PUT", "DELETE"):
        assert status(Door(front.plain).send(f"{method} /3/at/ HTTP/1.1\r\n{head}".encode())) == 403, method
    long = f"Host: {host}\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n".encode() + b"x" * 2000
    assert status(Door(front.plain).send(b"GET /3/ HTTP/1.1\r\n" + long)) == 413
    # A site of nearly the same name is a site.
    assert (
        status(Door(front.plain).send(f"POST / HTTP/1.1\r\n{head.replace(host, 'archives.localhost')}".encode())) == 200
    )


def test_the_archive_host_has_its_style_sheets_and_its_words_while_nothing_is_behind(hasty: FrontServer):
    door = Door(hasty.plain)
    assert status(door.get("/static/page.css", host="archive.localhost")) == 200
    answer = door.get("/3/at/", host="archive.localhost")
    assert status(answer) == 503 and "网站暂时无法访问" in answer.decode()


def test_plain_http_leads_to_https(front: FrontServer):
    answer = Door(front.redirecting).get("/news/?page=2")
    assert status(answer) == 301
    assert b"ocation: https://alpha.localhost/news/?page=2\r\n" in answer


def test_a_host_that_is_not_ours_reads_so_and_reaches_no_application(front: FrontServer):
    for port in (front.plain, front.redirecting):
        answer = Door(port).get("/", host="www.evil.example")
        assert status(answer) == 421
        assert "本平台没有这个域名对应的网站" in answer.decode()
    assert status(Door(front.plain).send(b"GET / HTTP/1.0\r\n\r\n")) == 421


def test_static_files_need_no_application(hasty: FrontServer):
    door = Door(hasty.plain)
    plain, hashed = door.get("/static/page.css"), door.get(_HASHED)
    assert status(plain) == status(hashed) == 200
    assert b"max-age=60" in plain
    assert b"immutable" in hashed
    assert b"X-Content-Type-Options: nosniff" in hashed
    missing = door.get("/static/none.css")
    assert status(missing) == 404
    assert "没有找到这个文件" in missing.decode()


def test_without_an_application_a_person_reads_that_the_site_is_away(hasty: FrontServer):
    answer = Door(hasty.plain).get("/")
    assert status(answer) == 503
    assert "网站暂时无法访问" in answer.decode()


@pytest.mark.parametrize("kind", [silent, half_a_head, half_a_body, reader], ids=lambda kind: kind.__name__)
def test_a_client_that_does_not_go_on_is_left(hasty: FrontServer, kind: object):
    client = kind(Door(hasty.plain, large="/static/large.bin"))  # type: ignore[operator]
    if kind is reader:
        # it takes nothing, so it is not told
        for _turn in range(300):
            if not _is_connected(client):
                break
        else:
            raise AssertionError("nginx keeps the connection")
    else:
        read_all(client)
    client.close()


def _is_connected(client: socket.socket) -> bool:
    """Whether the server still has the other end; looked at every tenth of a second."""
    threading.Event().wait(0.1)
    theirs = f":{client.getsockname()[1]:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(fields[2].endswith(theirs) and fields[3] == "01" for fields in map(str.split, lines))


def test_many_requests_from_one_address_take_nothing_from_another(front: FrontServer):
    limit = int(re.findall(r"^limit_conn connections (\d+);", _shipped("limits.conf"), re.M)[0])
    attacker = Door(front.plain, source="127.0.0.2")
    with many(limit, half_a_body, attacker) as clients:
        assert all(map(is_held, clients))
        refused = attacker.get("/")
        assert status(refused) == 429
        assert "访问过于频繁" in refused.decode()
        assert status(Door(front.plain, source="127.0.0.3").get("/")) == 200


def test_signing_in_takes_nothing_large_and_not_often(front: FrontServer):
    door, console = Door(front.plain, source="127.0.0.4"), "alpha.console.localhost"
    head = f"POST /admin/login/ HTTP/1.1\r\nHost: {console}\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n"
    assert status(door.send(head.encode() + b"x" * 100_000)) == 413
    answers = [status(door.get("/admin/login/", host=console)) for _ in range(40)]
    assert answers[0] == 200
    assert 429 in answers
    assert status(Door(front.plain, source="127.0.0.5").get("/admin/login/", host=console)) == 200


def test_an_upload_that_stops_half_way_leaves_no_file(front: FrontServer):
    client = Door(front.plain).connect()
    head = "POST /admin/images/add/ HTTP/1.1\r\nHost: alpha.console.localhost\r\nContent-Length: 9000000\r\n\r\n"
    client.sendall(head.encode() + b"x" * 3_000_000)
    _until_bodies(front, 1)
    # what it keeps has no name: nothing is left of it whatever happens to nginx
    assert [path for path in (front.folder / "temp").rglob("*") if path.is_file()] == []
    client.close()
    _until_bodies(front, 0)


def _until_bodies(front: FrontServer, count: int) -> None:
    for _turn in range(300):
        if len(front.open_bodies()) == count:
            return
        threading.Event().wait(0.1)
    raise AssertionError(front.open_bodies())


def test_nginx_and_the_application_take_bodies_of_the_same_size():
    sizes = {
        name: int(re.findall(r"^client_max_body_size (\d+)m;", _shipped(name), re.M)[0]) * 1024 * 1024
        for name in ("limits.conf", "console.conf")
    }
    assert sizes == {"limits.conf": limits.PUBLIC_BODY_BYTES, "console.conf": limits.CONSOLE_BODY_BYTES}
    sized = r"^location = (\S+) \{(?:\s*#[^\n]*)*\s*client_max_body_size (\d+)m;"
    with_files = re.findall(sized, _shipped("public.conf"), re.M)
    assert {path: int(size) * 1024 * 1024 for path, size in with_files} == dict.fromkeys(
        limits.FILES_PATHS, limits.FILES_BODY_BYTES
    )
    assert {WRITE, REQUEST_INFORMATION} < set(limits.FILES_PATHS) and limits.FILES_BODY_BYTES > LARGEST_WITH_FILES


def _shipped(name: str) -> str:
    return (SHIPPED / "govplatform" / name).read_text()


@pytest.mark.parametrize(
    "path", ["/search/?q=", "/search?scope=all&q=", "/api/search/?q=", "/api/search/suggest?q=", "/%73earch/?q="]
)
def test_what_citizens_search_for_is_in_no_log(front: FrontServer, path: str):
    """Logs are kept for a year with the address that asked: of a search they have the path, and not the words."""
    asked = "11010519491231002X"
    door = Door(front.plain, source="127.0.0.9")
    assert status(door.get(f"{path}{asked}")) == 200
    assert status(door.get("/news/?page=2", headers=f"Referer: https://alpha.localhost{path}{asked}\r\n")) == 200
    lines = (front.folder / "log" / "govplatform.log").read_text().splitlines()
    ours = [line for line in lines if line.startswith("127.0.0.9 ")]
    assert "?page=2" in ours[-1] and "/search" in ours[-2]
    assert not [line for line in ours if asked in line]


def test_what_opens_an_account_is_in_no_log(front: FrontServer):
    """A one-time link is a password until it is used; the application's line of the same request has its id."""
    door = Door(front.plain, host="alpha.console.localhost", source="127.0.0.8")
    door.get("/admin/people/start/MQ/one-time-token/?next=1")
    lines = (front.folder / "log" / "govplatform.log").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("127.0.0.8 ")]
    assert "/start/*/*/" in line and "one-time-token" not in line
    assert re.search(r" [0-9a-f]{32}$", line)
    # what the page of such a link fetches comes from there
    for link in ("/admin/people/start/MQ/one-time-token/", "/admin/start/MQ/one-time-token/?next=1"):
        door.get("/static/x.css", headers=f"Referer: https://alpha.console.localhost{link}\r\n")
    lines = (front.folder / "log" / "govplatform.log").read_text().splitlines()
    assert not [line for line in lines if "one-time-token" in line]
    assert len([line for line in lines if line.startswith("127.0.0.8 ") and "start/*/*/" in line]) == 3
