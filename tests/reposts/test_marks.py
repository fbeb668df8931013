"""A reposted text is cleaned and marked when it enters the library; a page that shows it reads nothing again."""

import pytest
from django.test import Client

from content_library.models import ResourceVersion
from content_library.resources.clean_html import is_clean, seal_of
from govplatform.review.queries import site_path
from govplatform.tenancy.models import Domain
from sites.pages import external_links
from sites.reposts import markup
from sites.reposts.markup import shown_html
from tests.public.test_external_links import many_links, marked_links, rich_text
from tests.statements import Statements

from .conftest import live_at, reposted_at


def visit(path: str) -> str:
    return Client(HTTP_HOST="beta.localhost").get(path).content.decode()


@pytest.fixture
def no_reading(monkeypatch):
    def begin() -> None:
        def refuse(*_args, **_kwargs):
            raise AssertionError("read when it is shown")

        monkeypatch.setattr(external_links, "find_places", refuse)
        monkeypatch.setattr("bleach.Cleaner.clean", refuse)

    return begin


def test_three_hundred_external_links_cost_a_repost_no_statement_and_no_reading(at, beta, no_reading):
    paths = []
    for slug, host in (("inside", "www{}.gov.cn"), ("outside", "www{}.example.org")):
        _page, resource = live_at("alpha", slug=slug, body=rich_text(many_links(host, 300)))
        repost = reposted_at("beta", resource)
        with at("beta"):
            paths.append(site_path(repost))
    for path in paths:
        visit(path)
    no_reading()
    counts = []
    for path in paths:
        visit(path)  # what a process keeps for some seconds is fresh
        with Statements() as captured:
            html = visit(path)
        counts.append([query["sql"] for query in captured])
    assert len(counts[0]) == len(counts[1]), counts
    assert len(marked_links(html)) == 300


def test_a_site_that_opens_takes_its_marks_away(at, beta):
    _page, resource = live_at("alpha", body=rich_text('<p><a href="https://new.example/">新站</a></p>'))
    with at("beta"):
        repost = reposted_at("beta", resource)
        path = site_path(repost)
    assert marked_links(visit(path)) == ["https://new.example/"]
    Domain.objects.create(tenant=beta, domain="new.example", kind=Domain.Kind.PUBLIC, is_primary=False)
    assert marked_links(visit(path)) == []


def test_the_library_itself_holds_no_marks(db):
    _page, resource = live_at("alpha", body=rich_text('<p><a href="https://out.example/">外站</a></p>'))
    assert "外部链接" not in resource.current.html + resource.current.text
    assert resource.current.link_marks["hosts"] == ["out.example"]
    assert is_clean(resource.current)


HOSTILE = (
    '<p onclick="x()">词<script>alert(1)</script><a href="javascript:x">一</a><a href="https://out.example/">二</a></p>'
)


@pytest.mark.parametrize("seal", ["", "0" * 64, "of another text"])
def test_what_the_library_did_not_clean_is_cleaned_when_it_is_shown(db, seal):
    version = ResourceVersion(pk=1, html=HOSTILE, digest="d" * 64, html_seal=seal_of("x") if " " in seal else seal)
    shown = shown_html(version)
    assert "script" not in shown and "onclick" not in shown and "词" in shown
    assert marked_links(shown) == ["https://out.example/"]


def test_a_list_that_changed_makes_every_seal_void(db, monkeypatch):
    version = ResourceVersion(pk=1, html="<p>词</p>", digest="d" * 64, html_seal=seal_of("<p>词</p>"))
    assert is_clean(version)
    monkeypatch.setattr("content_library.resources.clean_html.BODY", markup.BODY.__class__(frozenset({"p"}), {}))
    assert not is_clean(version)


def test_a_file_that_is_not_the_versions_own_does_not_enter():
    from content_library.resources.clean_html import clean_html
    from content_library.resources.records import LibraryRecord, RecordFile

    def opener():
        raise AssertionError

    own = RecordFile("document", "a" * 64, "附表一.docx", "附表", "application/x", opener)
    html = (
        f'<p><a href="library:blob/{"a" * 64}/附表一.docx" download="">附表</a>'
        f'<img src="library:blob/{"b" * 64}/x.png" alt="图"><a href="library:blob/{"a" * 64}/other.docx">别的</a></p>'
    )
    record = LibraryRecord(kind="article", metadata={}, html=html, text="", files=(own,))
    cleaned = clean_html(record)
    assert f'href="library:blob/{"a" * 64}/附表一.docx"' in cleaned
    assert "b" * 64 not in cleaned and "other.docx" not in cleaned
