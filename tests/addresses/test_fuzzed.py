"""Whatever a path, a query or a host is made of: one plain answer, and no way off the platform."""

import itertools

import pytest
from django.http import HttpResponse
from django.test import Client
from django_tenants.utils import tenant_context

from govplatform.addresses import unknown
from govplatform.addresses.models import UnknownPath
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

pytestmark = pytest.mark.django_db

PARTS = (
    b"/",
    b"//",
    b"/\\",
    b"\\\\",
    b"/%2f",
    b"/%2f%2f",
    b"/%5c",
    b"/.//",
    b"/..//",
    b"/;jsessionid=1/",
    b"/\t/",
    b"/\xef\xbc\x8f",
    b"/\xe3\x80\x82",
    b"/%0d%0aX-Evil:%201",
    b"/%250d%250a",
    b"/\r\nX-Evil: 1",
    b"/\xe2\x80\xa8",
    b"/\xc2\x85",
    b"/\x00",
    b"/%00",
    b"/\xed\xa0\x80",
    b"/\xff\xfe",
    b"/\xc0\xaf",
    b"/\xcd\xa8\xd6\xaa",
    b"/\x81\x30\x81",
    b"/@",
    b"/http://",
    b"/https:",
    b"/&#x2f;",
    b"/%e0%80%af",
    b"/" + b"a" * 8000,
    b"/" + b"%E4%BD%A0" * 900,
    b"/" + b"a/" * 3000,
    b"/~",
    b"/$",
    b"/{}",
    b"/%",
    b"/%zz",
    b"/?",
)
ENDS = (b"evil.example", b"evil.example/%2e%2e", b"@evil.example/", b"news/flood/", b"")
QUERIES = (
    "",
    "page=2",
    "page=%0d%0aX-Evil:1",
    "next=//evil.example",
    "page=\xff",
    "p=" + "9" * 5000,
    "page=1&page=2",
    "%00",
    "page=%ff",
)


def ask(client, raw, query, **more):
    return client.generic(more.pop("method", "GET"), "/", PATH_INFO=raw.decode("latin1"), QUERY_STRING=query, **more)


@pytest.fixture(params=["live", "retired", "moved"])
def site(request, alpha):
    with tenant_context(alpha):
        factories.live_article("alpha", title="防汛", slug="flood")
    if request.param == "retired":
        Tenant.objects.filter(pk=alpha.pk).update(status="retired")
    if request.param == "moved":
        Tenant.objects.filter(pk=alpha.pk).update(moved_into=get_tenant("beta"), status="retiring")
    forget_hosts()
    unknown.forget_waiting()
    return alpha


def test_one_plain_answer(site):
    client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
    bad = []
    for part, end in itertools.product(PARTS, ENDS):
        for query in QUERIES if part in PARTS[:3] else QUERIES[:1]:
            answer = ask(client, part + end, query)
            place = answer.headers.get("Location", "")
            if answer.status_code not in (200, 301, 400, 404, 410, 414):
                bad.append((answer.status_code, part + end, query))
            if (
                place
                and not (place.startswith("/") and place[1:2] not in ("/", "\\"))
                and not place.startswith(("http://alpha.localhost", "http://beta.localhost"))
            ):
                bad.append((place, part + end, query))
            if "X-Evil" in answer.headers or not place.isascii():
                bad.append((place, part + end))
    assert not bad, bad[:20]


def test_methods_and_heads(site):
    client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
    for method in ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "PROPFIND", "X" * 300):
        for path in (b"/news/flood/", b"/never/", b"/news/flood/index.html"):
            answer = ask(client, path, "", method=method)
            assert answer.status_code in (200, 301, 404, 405, 410), (method, path, answer.status_code)
            assert not answer.cookies
    for heads in (
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_ORIGINAL_URL": "//evil.example"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_REWRITE_URL": "/admin/"},
        {"HTTP_HOST": "alpha.localhost:99999"},
        {"HTTP_HOST": "ALPHA.localhost."},
        {"HTTP_HOST": "alpha.localhost@evil.example"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "alpha.localhost,evil.example"},
        {"HTTP_HOST": "alpha.localhost\u3002"},
        {"HTTP_HOST": "[::1]"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "a" * 70000},
        {"HTTP_HOST": "alpha.localhost:80:80"},
        {"HTTP_HOST": "alpha.localhost\r\nX: 1"},
    ):
        answer = ask(client, b"/news/flood/index.html", "", **heads)
        assert answer.status_code in (200, 301, 400, 404, 410), heads
        assert "evil" not in answer.headers.get("Location", "") and b"evil" not in answer.content, heads
    assert HttpResponse
    assert UnknownPath.objects.filter(path__contains="\r").count() == 0
