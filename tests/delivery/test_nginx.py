"""Published files behind the real nginx, with the application beside them and without it."""

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import brotli
import pytest
from django_tenants.utils import tenant_context

from govplatform.addresses.canonical import location_of
from govplatform.addresses.nginx import export_map
from govplatform.addresses.queries import public_addresses
from govplatform.cases.addresses import ASK, WRITE
from govplatform.cases.letters import TEXT
from govplatform.cases.models import Case
from govplatform.delivery.delivering import deliver, take_down
from govplatform.delivery.release.layout import place_of
from govplatform.delivery.release.store import Store, copy_into
from govplatform.lifecycle.site_facts import YES, change_site_facts
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.current import leave_tenant
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from govplatform.traditional.addresses import is_variant, variant_of
from tests import factories
from tests.addresses.conftest import old
from tests.serving.slow_clients import Door, status
from tests.verbs import call_verb

from .front import Answer, Application, Front
from .test_publisher import until

pytestmark = pytest.mark.nginx

ARTICLE = "/news/article/"
#: What a server says of itself, of the connection and of what it can, and not of the answer.
_OF_THE_SERVER = {"date", "server", "connection", "accept-ranges", "vary", "etag", "last-modified", "keep-alive"}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    front = Front(tmp_path_factory.mktemp("front"))
    yield front
    front.stop()


@pytest.fixture
def front(started: Front, live: Any, db: None, settings: Any) -> Front:
    """nginx with the files of site alpha, which every test begins with: what the first one delivered."""
    settings.WHITENOISE_USE_FINDERS = True
    settings.DELIVERY_ROOT = started.root
    settings.STATIC_ROOT = started.folder / "static"
    if started.process is None:
        deliver(get_tenant("alpha"))
        done = call_verb(
            "nginx_config", "--out", str(started.etc), "--root", str(started.root), "--port", str(started.port),
            "--application", f"127.0.0.1:{started.behind}", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert set(json.loads(done.stdout)) >= {"hosts", "files"}
        other = started.root / "beta.localhost" / "current"
        (other / "inside").mkdir(parents=True)
        (other / "inside" / "index.html").write_text("of another site")
        started.start()
    return started


@pytest.fixture
def application(front: Front) -> Iterator[Application]:
    with Application(front.behind).running() as running:
        yield running
    leave_tenant()


def sent(answer: Answer) -> dict[str, str]:
    headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_SERVER}
    # the same name may be written with more or fewer escapes
    return headers | {"content-disposition": unquote(headers.get("content-disposition", ""))}


def test_a_file_is_sent_as_the_application_sends_it(front: Front, application: Application):
    targets = [location_of(path) for path in public_addresses(get_tenant("alpha")).values_list("path", flat=True)]
    leave_tenant()
    kinds = set()
    for target in targets:
        from_file = front.ask(target)
        made = application.ask(target)
        assert (from_file.status, from_file.body) == (made.status, made.body), target
        assert sent(from_file) == sent(made), target
        assert from_file["ETag"] and not from_file["ETag"].startswith("W/"), target
        assert from_file["Last-Modified"] == "", target
        kinds.add(from_file["Content-Type"])
    # each of them once: nginx asked for none
    assert len(application.asked) == len(targets)
    assert {"text/html; charset=utf-8", "application/rss+xml; charset=utf-8", "application/xml", "text/csv"} <= kinds


def test_compressed_files_are_sent_to_those_who_read_them(front: Front):
    plain, packed = front.ask(ARTICLE), front.ask(ARTICLE, Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip" and packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert packed.body == (front.tree() / "news/article/index.html.gz").read_bytes()
    assert packed["ETag"] != plain["ETag"]
    # browsers read both, and are given the smaller one
    for accepted in ("gzip, deflate, br", "br;q=0.5, gzip", "BR"):
        browser = front.ask(ARTICLE, Accept_Encoding=accepted)
        assert browser["Content-Encoding"] == "br", accepted
        assert browser.body == (front.tree() / "news/article/index.html.br").read_bytes()
        assert sent(browser) == sent(plain) | {
            name: browser[name] for name in ("content-encoding", "content-length") if name in sent(browser)
        }
        assert browser["Vary"] == "Accept-Encoding" and browser["ETag"] not in (packed["ETag"], plain["ETag"])
    again = front.ask(ARTICLE, Accept_Encoding="br", If_None_Match=browser["ETag"])
    assert (again.status, again.body) == (304, b"")
    for accepted in ("gzip, br;q=0", "gzip, brand", "gzip, xbr"):
        assert front.ask(ARTICLE, Accept_Encoding=accepted)["Content-Encoding"] == "gzip", accepted
    smaller = (front.tree() / "news/article/index.html.br").read_bytes()
    assert brotli.decompress(smaller) == plain.body and len(smaller) < len(packed.body)


#: Ways to write an address that is none, or not this one; each is answered as the application answers it, or refused.
WAYS = (
    "/news/article", "/news//article/", "//news/article/", "/news/./article/", "/news/x/../article/", "/%2e%2e/",
    "/news/article/index.html", "/news/article/index%2Ehtml", "/news/article/%69ndex.html", "/index.html.gz",
    "/index.html.br",
    "/news/article/index.html.g%7A", "/.release.json", "/%2erelease.json", "/.gone/news/article/index.html.html",
    "/.gone/", "/.none", "/News/article/", "/NEWS/ARTICLE/", "/news/article./", "/news/article/.", "/news/article%20/",
    "/news%2Farticle/", "/news%5Carticle/", "/news\\article/", "/news%252Farticle%252F", "/%2Fnews/article/",
    "/news/article/%00", "/news/article/?%00", "/news/article/;x", "/news/article/?page=1", "/news/article/?page=2",
    "/news/?page=02", "/news/?page=2&page=1", "/news/?x=1", "/?", "/x.php", "/index.php", "/feed.xml/", "/robots.txt/",
    "/ROBOTS.TXT", "/../beta.localhost/current/inside/", "/..%2f..%2fbeta.localhost/current/inside/",
    "/e%CC%81/", "/%E9/", "/%e9%80/", "/" + "x" * 300 + "/", "/" + "x/" * 600, "/documents/", "/media/site_beta/x.jpg",
    "/search/", "/opensearch.xml", "/api/search/?q=x", "http://alpha.localhost/news/article/",
)  # fmt: skip


def test_an_address_written_otherwise_is_answered_by_the_application(front: Front, application: Application):
    for target in WAYS:
        from_front, made = front.ask(target), application.ask(target.removeprefix("http://alpha.localhost"))
        assert b"of another site" not in from_front.body, target
        if from_front.status not in (400, 414):
            told = ("Location", "Cache-Control", "Content-Type", "Content-Security-Policy")
            facts = [(one.status, *map(one.__getitem__, told)) for one in (from_front, made)]
            assert facts[0] == facts[1], target
    assert front.ask("/" + "x" * 20_000).status == 414


def test_other_methods_are_the_application_s(front: Front, application: Application):
    head, page = front.ask(ARTICLE, "HEAD"), front.ask(ARTICLE)
    assert (head.status, head.body) == (200, b"") and sent(head) == sent(page)
    assert application.asked == []
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        from_front, made = front.ask(ARTICLE, method), application.ask(ARTICLE, method)
        assert (from_front.status, from_front["Allow"]) == (made.status, made["Allow"]) == (405, "GET, HEAD"), method


def test_what_a_browser_has_is_not_sent_again_and_a_part_is_a_part(front: Front):
    page = front.ask(ARTICLE)
    unchanged = front.ask(ARTICLE, If_None_Match=page["ETag"])
    assert (unchanged.status, unchanged.body, unchanged["ETag"]) == (304, b"", page["ETag"])
    assert unchanged["Content-Security-Policy"] == page["Content-Security-Policy"]
    # A time says nothing: header and menu change without one.
    assert front.ask(ARTICLE, If_Modified_Since="Fri, 01 Jan 2038 00:00:00 GMT").status == 200
    large = front.tree() / "documents" / "1" / "large.zip"
    with large.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    target = "/documents/1/large.zip"
    tag = front.ask(target, "HEAD")["ETag"]
    part = front.ask(target, Range="bytes=104857500-", If_Range=tag)
    assert (part.status, len(part.body), part["Content-Range"]) == (206, 100, "bytes 104857500-104857599/104857600")
    assert front.ask(target, Range="bytes=104857600-").status == 416
    assert front.ask(target, "HEAD", Range="bytes=0-9", If_Range='"other"').status == 200
    assert front.ask(target, "HEAD", Range="bytes=0-9", If_Range="Fri, 01 Jan 2038 00:00:00 GMT").status == 200
    # somebody who reads slowly and goes away takes nothing from the next one
    with Door(front.port).connect(receive=4096) as slow:
        slow.sendall(f"GET {target} HTTP/1.1\r\nHost: alpha.localhost\r\n\r\n".encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 200")
        assert front.ask(ARTICLE).status == 200
    # a little at a time, from the middle, and then on from where it stopped
    for begin in (50_000_000, 50_300_000):
        with Door(front.port).connect(receive=4096) as slow:
            slow.sendall(f"GET {target} HTTP/1.1\r\nHost: alpha.localhost\r\nRange: bytes={begin}-{begin + 299_999}\r\n"
                         f"If-Range: {tag}\r\nConnection: close\r\n\r\n".encode())  # fmt: skip
            got = b"".join(iter(lambda: slow.recv(2_000), b""))
        assert got.startswith(b"HTTP/1.1 206") and len(got.partition(b"\r\n\r\n")[2]) == 300_000
    large.unlink()


def put_in_place(content: bytes, path: Path, front: Front) -> None:
    """As a release puts it there."""
    store = Store(front.root)
    digest = store.put(content)
    assert copy_into(store.path_of(digest), path, digest)


def test_other_bytes_of_the_same_second_and_length_are_another_answer(front: Front):
    path = front.tree() / "robots.txt"
    before, first = path.read_bytes(), front.ask("/robots.txt")
    put_in_place(before.replace(b"Allow", b"Abbow"), path, front)
    assert front.ask("/robots.txt", If_None_Match=first["ETag"]).status == 200
    put_in_place(before, path, front)
    assert front.ask("/robots.txt", If_None_Match=first["ETag"]).status == 304


STRANGE_HOSTS = (
    "evil.example", "x.alpha.localhost", "127.0.0.1", "", ".store", "beta.localhost/current", "../alpha", "trees", "..",
    "alpha.localhost/../beta.localhost", "alpha.localhost\\", "alpha.localhost%00",
)  # fmt: skip


def test_hosts_that_are_not_ours_are_refused_and_none_leads_into_another_folder(front: Front):
    for host in ("alpha.localhost:80", "ALPHA.localhost", "Alpha.Localhost:80", "alpha.localhost.:1"):
        assert front.ask(ARTICLE, host=host).status == 200, host
    for host in STRANGE_HOSTS:
        answer = front.ask("/inside/", host=host)
        assert answer.status in (400, 421) and b"of another site" not in answer.body, host
    assert status(Door(front.port).send(b"GET / HTTP/1.0\r\n\r\n")) == 421
    assert status(Door(front.port).send(b"GET /inside/ HTTP/1.1\r\nHost: a\r\nHost: alpha.localhost\r\n\r\n")) == 400
    named = Door(front.port).send(
        b"GET http://beta.localhost/inside/ HTTP/1.1\r\nHost: alpha.localhost\r\nConnection: close\r\n\r\n"
    )
    # what the line of the request names counts, for nginx and for whoever reads its log
    assert b"of another site" in named


def test_a_link_that_somebody_planted_leads_nowhere(front: Front):
    tree, secret = front.tree(), front.folder / "secret"
    secret.mkdir(exist_ok=True)
    (secret / "index.html").write_text("secret")
    for name, target in (("planted", secret), ("other", front.root / "beta.localhost" / "current" / "inside")):
        (tree / name).symlink_to(target)
    (tree / "planted.txt").symlink_to(secret / "index.html")
    for address in ("/planted/", "/other/", "/planted.txt"):
        answer = front.ask(address)
        assert answer.status == 404 and b"secret" not in answer.body and b"another" not in answer.body, address
    for name in ("planted", "other", "planted.txt"):
        (tree / name).unlink()


def test_the_files_answer_while_the_application_is_away(front: Front):
    for target in ("/", ARTICLE, "/?from=x", f"{ARTICLE}?from=wechat&x=//y", "/news/?page=1", "/robots.txt"):
        answer = front.ask(target)
        place = front.tree() / (place_of(target.partition("?")[0]))
        assert (answer.status, answer.body) == (200, place.read_bytes()), target
        assert answer["Content-Security-Policy"].startswith("default-src 'none'"), target
    closed = front.ask("/news/article?x=1")
    assert (closed.status, closed["Location"], closed["Cache-Control"]) == (301, "/news/article/?x=1", "no-cache")
    for target in ("/news/?page=0", "/documents/9/x.pdf", "/search/?q=x", "/api/search/?q=x", "/%0d%0aX:y",
                   "//news/article", "/opensearch.xml", "/SEARCH/x", "/media/site_alpha/x.jpg", "/a:b/",
                   f"/{'x' * 240}/", "/a%3Fb/", "/a%E2%80%AEb/"):  # fmt: skip
        answer = front.ask(target)
        assert answer.status in (400, 503) and answer["Location"] == "", target
    notice, name = (front.tree() / ".answers" / "503.html").read_bytes(), get_tenant("alpha").full_name.encode()
    for target, method in (("/documents/9/x.pdf", "GET"), ("/nowhere/", "POST"), ("/search/?q=x", "GET"),
                           ("/search/", "POST"), ("/letters/", "POST"), (ARTICLE, "POST")):  # fmt: skip
        answer = front.ask(target, method)
        assert (answer.status, answer.body) == (503, notice), (target, method)
        assert (answer["Retry-After"], answer["Cache-Control"]) == ("60", "no-cache")
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "本站暂时只能阅读已发布的页面".encode() in notice and name in notice and b'href="/news/"' in notice
    assert b'role="search"' not in notice
    log = (front.etc / "log" / "error.log").read_text()
    assert "/documents/9/" in log and "/search/" not in log and "/api/search" not in log
    # A release from before this had none.
    (front.tree() / ".answers").rename(front.folder / "aside")
    assert "网站暂时无法访问" in front.ask("/nowhere/").body.decode()
    (front.folder / "aside").rename(front.tree() / ".answers")


def test_where_nothing_was_ever_published_that_is_said_in_the_look_of_the_site(front: Front):
    """The application is away; with it, and between two sites: ``test_outages``."""
    notice = (front.tree() / ".answers" / "404.html").read_bytes()
    unknown = ("/nowhere/", "/nowhere", "/nowhere.html", "/news/nowhere/?x=1", "/news/?page=9", "/zh-hant/nowhere/")
    for target in unknown:
        answer = front.ask(target)
        assert (answer.status, answer.body, answer["Cache-Control"]) == (404, notice, "no-cache"), target
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer["Retry-After"] == answer["Location"] == "" and answer["Content-Type"].startswith("text/html")
    assert (front.ask("/nowhere/", "HEAD").status, front.ask("/nowhere/", "HEAD").body) == (404, b"")
    assert "没有找到这个页面".encode() in notice and get_tenant("alpha").full_name.encode() in notice
    assert b'role="search"' not in notice and b'href="/news/"' in notice
    # what has moved since the ledger was exported leads somewhere, and who else is asked for it is away
    for place in ("moved/index.html.html", "moved.html.html"):
        mark = front.tree() / ".moved" / place
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    assert front.ask("/moved/").status == front.ask("/moved.html").status == 503
    assert front.ask("/.moved/moved/index.html.html").status == front.ask("/.answers/404.html").status == 503
    # a host of which the ledger was not exported may have been anything
    ledger = front.etc / "govplatform" / "ledger.conf"
    ledger.write_text(ledger.read_text().replace('"alpha.localhost" "1";', ""))
    assert front.process is not None
    front.process.send_signal(signal.SIGHUP)
    until(lambda: front.ask("/nowhere/").status == 503)
    export_map(ledger)
    front.process.send_signal(signal.SIGHUP)
    until(lambda: front.ask("/nowhere/").status == 404)


def test_a_page_with_a_query_is_better_than_an_excuse(front: Front, application: Application):
    assert front.ask("/?x=1").body == application.ask("/?x=1").body
    application.fails = True
    answer = front.ask("/?x=1")
    assert (answer.status, answer.body) == (200, (front.tree() / "index.html").read_bytes())
    # What is made for each question alone has no file to stand in.
    assert front.ask("/search/?q=x").status == 500


def test_letters_go_to_the_application_within_bounds_of_their_own_and_are_never_kept(
    front: Front, application: Application
):
    for target in (WRITE, ASK, variant_of(WRITE)):
        shown, made = front.ask(target), application.ask(target)
        assert shown.status == made.status == (404 if is_variant(target) else 200), target
        assert shown["Cache-Control"] == ("no-cache" if is_variant(target) else "no-store") and shown["ETag"] == ""
    asked = len(application.asked)
    longest, too_long = (b"text=" + b"%E5%AD%97" * size for size in (TEXT, 30_000))
    # files may come with a letter: three of five megabytes, and one that is refused by its name
    for target, body in ((WRITE, too_long * 90), (ASK, too_long)):
        refused = front.send(target, body)
        assert refused.status == 413 and "内容太大".encode() in refused.body and len(application.asked) == asked
    # in whole, and neither is taken: no kind was chosen, no token came with it
    taken = front.send(WRITE, longest)
    assert len(application.asked) == asked + 1 and (taken.status, taken["Cache-Control"]) == (422, "no-store")
    assert not Case.objects.exists()


def test_letters_are_sent_by_people_and_wait_for_nobody_while_the_application_is_away(front: Front):
    notice = (front.tree() / ".answers" / "503.html").read_bytes()
    for answer in (front.send(WRITE, b"text=x"), front.ask(ASK), front.ask(f"{WRITE}?kind=x")):
        assert (answer.status, answer.body, answer["Cache-Control"]) == (503, notice, "no-cache")
    # who sends hundreds at once is refused there and reads on
    said = {front.ask(WRITE).status for _time in range(150)}
    assert said == {503, 429} and "访问过于频繁".encode() in front.ask(WRITE).body
    assert front.ask(ARTICLE).status == 200


def test_what_is_gone_is_said_with_and_without_the_application(front: Front, live: Any):
    tenant = get_tenant("alpha")
    page = live("third")
    address = site_path(page)
    deliver(tenant)
    with tenant_context(tenant):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert take_down(tenant) is not None
    body = (front.tree() / ".gone" / f"{place_of(address)}.html").read_bytes()
    for target in (address, f"{address}?from=x"):
        answer = front.ask(target)
        assert (answer.status, answer.body, answer["Cache-Control"]) == (410, body, "no-cache"), target
    assert front.ask(f"/.gone/{place_of(address)}.html").status == 503
    with Application(front.behind).running() as application:
        made, from_file = application.ask(address), front.ask(address)
        assert (made.status, made.body, sent(made)) == (from_file.status, from_file.body, sent(from_file))
        assert len(application.asked) == 1


def test_traditional_pages_are_sent_and_gone_like_the_others(front: Front, live: Any):
    page = live("third")
    tenant = get_tenant("alpha")
    change_site_facts(tenant, acting_user=None, traditional=YES)
    tenant.refresh_from_db()
    address = variant_of(site_path(page))
    deliver(tenant)
    with Application(front.behind).running() as application:
        for target in (address, variant_of("/"), variant_of("/news/?page=2")):
            from_file, made = front.ask(target), application.ask(target)
            assert (from_file.status, from_file.body, sent(from_file)) == (made.status, made.body, sent(made)), target
        leave_tenant()
    assert b'lang="zh-Hant"' in front.ask(address).body
    with tenant_context(tenant):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="测试撤回")
    assert take_down(tenant) is not None
    assert front.ask(address).status == 410
    old(tenant, "/gone/here/", to_path=ARTICLE)
    export_map(front.etc / "govplatform" / "ledger.conf")
    ledger = (front.etc / "govplatform" / "ledger.conf").read_text()
    there = f"{public_url(tenant, variant_of(ARTICLE))}"
    assert f'"{tenant.public_host}/zh-hant/gone/here" "{there}";' in ledger


def test_former_addresses_lead_on_while_the_application_is_away(front: Front):
    old(get_tenant("alpha"), "/gone/there.htm", to_path=ARTICLE)
    export_map(front.etc / "govplatform" / "ledger.conf")
    said = front.test()
    assert "syntax is ok" in said and "[warn]" not in said
    assert front.process is not None
    front.process.send_signal(signal.SIGHUP)
    for _attempt in range(100):
        answer = front.ask("/gone/there.htm")
        if answer.status == 301:
            break
        threading.Event().wait(0.1)
    assert answer["Location"] == "http://alpha.localhost:8000/news/article/"
