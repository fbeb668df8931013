"""The exported map before the real nginx, with no application behind it."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from govplatform.addresses.canonical import forms_of_path
from govplatform.addresses.entering import OldRow, enter_old, rules_of
from govplatform.addresses.known import Kind
from govplatform.addresses.leading import lead_objects
from govplatform.addresses.models import HostRules
from govplatform.addresses.nginx import export_map
from govplatform.addresses.queries import reasons_against_old_host
from govplatform.tenancy.models import Tenant
from govplatform.verbs import EXIT_REFUSED
from tests.ports import free_port
from tests.serving.front_server import FrontServer

from .conftest import answer, old, retire

pytestmark = pytest.mark.nginx
BETA = "http://beta.localhost:8000"


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def ask(front: FrontServer, host: str, path: bytes, header: str = "Location") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=20)
    connection.putrequest("GET", path.decode("latin-1"), skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers.get(header, "")


@pytest.fixture
def front(tmp_path: Path) -> Iterator[FrontServer]:
    """Not running yet; nothing listens where the application should be."""
    static = tmp_path / "static"
    static.mkdir()
    return FrontServer(tmp_path / "front", free_port(), static)


def exported(front: FrontServer):
    return export_map(front.folder / "etc" / "govplatform" / "ledger.conf")


def test_nginx_answers_for_a_closed_site_as_the_application_does(alpha, live, front):
    number = live("article", "beta").pk
    lead_objects(alpha, Tenant.objects.get(code="beta"), [(Kind.PAGE, live("article").pk, number)])
    HostRules.objects.create(tenant=alpha, host="old.localhost", charset="gbk", significant=["id"])
    old(alpha, "/通知/公告.htm", host="old.localhost", to_path="/news/article/")
    old(alpha, '/odd "name" $x;{}.htm', to_path="/news/article/")
    retire("alpha")
    report = exported(front)
    assert report.entries > 10
    assert "syntax is ok" in front.test()
    with front.running():
        for path in (b"/news/article/", b"/news/article", b"/NEWS/article/index.html", b"/news//article/",
                     b"/odd%20%22name%22%20$x;%7B%7D.htm"):  # fmt: skip
            assert ask(front, "alpha.localhost", path) == (301, f"{BETA}/news/article/"), path
            assert answer(path.decode()) == (301, f"{BETA}/news/article/"), path
        for path in ("/%CD%A8%D6%AA/%B9%AB%B8%E6.htm", "/%E9%80%9A%E7%9F%A5/%E5%85%AC%E5%91%8A.htm"):
            assert ask(front, "old.localhost", path.encode()) == (301, f"{BETA}/news/article/"), path
        # A merge may be taken back: what a browser was told while the application was down it asks for again.
        assert ask(front, "alpha.localhost", b"/news/article/", "Cache-Control") == (301, "no-cache")
        assert ask(front, "alpha.localhost", b"/news/third/")[0] == 410
        # neither known nor answered by anybody while the application is down
        assert ask(front, "alpha.localhost", b"/never-there/")[0] == 503
        assert ask(front, "beta.localhost", b"/news/article/")[0] == 503


def test_parameters_count_where_they_tell_pages_apart(alpha, live, front):
    HostRules.objects.create(tenant=alpha, host="old.localhost", significant=["id"])
    rules = rules_of(alpha, "old.localhost")
    for number, place in ((1, "/news/article/"), (2, "/news/second/")):
        form = forms_of_path(f"/show.jsp?id={number}", rules)[0]
        enter_old(alpha, "old.localhost", [OldRow(form, to_path=place)])
    exported(front)
    with front.running():
        root = "http://alpha.localhost:8000"
        assert ask(front, "old.localhost", b"/show.jsp?id=1") == (301, f"{root}/news/article/")
        assert ask(front, "old.localhost", b"/show.jsp?id=2") == (301, f"{root}/news/second/")
        assert ask(front, "old.localhost", b"/show.jsp?id=3")[0] == 503


def test_what_is_not_clear_to_nginx_is_left_to_the_application(alpha, live, front):
    old(alpha, "/a/", to_path="/news/article/")
    old(alpha, "/A", to_path="/news/second/")
    old(alpha, "/" + "x" * 1_500, to_path="/news/article/")
    report = exported(front)
    assert report.left_out == 2
    with front.running():
        assert ask(front, "alpha.localhost", b"/a")[0] == 503


def test_no_line_of_the_map_can_be_made_to_say_something_else(alpha, live, front):
    for path in ('/";} return 200; %23', "/a;b", "/${host}", "/~^.*$", "/*", "/\\n"):
        old(alpha, path, to_path="/news/article/")
    exported(front)
    assert "syntax is ok" in front.test()
    with front.running():
        assert ask(front, "alpha.localhost", b"/anything")[0] == 503
        assert ask(front, "alpha.localhost", b"/%22;%7D%20return%20200;%20%23")[0] == 301


def test_a_host_may_be_named_like_a_word_of_a_map(alpha, live, front):
    hosts = ("default", "hostnames", "include", "volatile")
    for host in hosts:
        assert reasons_against_old_host(alpha, host) == []
        old(alpha, "/", host=host, to_path="/news/article/")
    assert exported(front).entries >= len(hosts)
    assert "syntax is ok" in front.test()
    with front.running():
        assert ask(front, "alpha.localhost", b"/anything") == (503, "")


def test_the_verb_writes_the_file_or_nothing(verb, live, tmp_path):
    out = tmp_path / "ledger.conf"
    done = verb("ledger", "export", "--format", "nginx", "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["entries"] == 0
    assert "map $host$ledger_path" in out.read_text()
    lost = verb("ledger", "export", "--format", "nginx", "--out", str(tmp_path / "no" / "where.conf"))
    assert lost.returncode == EXIT_REFUSED
