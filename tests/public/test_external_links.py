"""Links that leave government sites: marked where they are stored, told apart when they are shown."""

import re
from html.parser import HTMLParser

import pytest
from django_tenants.utils import tenant_context

from govplatform.review.gate.digest import page_digest
from govplatform.review.queries import site_path
from govplatform.tenancy import hosts
from govplatform.tenancy.models import Domain, Tenant
from sites.articles.models import Article
from sites.pages import external_links
from sites.pages.external_links import Marker
from tests import factories
from tests.statements import Statements

from . import contents

MARK = "外部链接"


class Anchors(HTMLParser):
    """``found``: (href, words, class and rel) of every link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._words: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            first = {name: value or "" for name, value in reversed(attrs)}
            self._words = []
            self._head = (first.get("href", ""), f"{first.get('class', '')} {first.get('rel', '')}".strip())

    def handle_data(self, data):
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag):
        if tag == "a" and self._words is not None:
            self.found.append((self._head[0], "".join(self._words), self._head[1]))
            self._words = None


def rich_text(html: str) -> list[dict]:
    return [{"type": "rich_text", "value": html}]


def many_links(host: str, count: int = 2000) -> str:
    return "".join(
        f'<p>第{n}项见<a href="https://{host.format(n)}/report/{n}?year={n}">报告全文{n}</a>。</p>'
        for n in range(count)
    )


def marked_links(html: str) -> list[str]:
    return [href for href, words, extra in Anchors(html).found if MARK in words and "external noopener" in extra]


@pytest.fixture
def no_reading(monkeypatch):
    """From now on no text may be read for its links, and none cleaned."""

    def begin() -> None:
        def refuse(*_args, **_kwargs):
            raise AssertionError("read when it is shown")

        monkeypatch.setattr(external_links, "find_places", refuse)
        monkeypatch.setattr("bleach.Cleaner.clean", refuse)

    return begin


def test_two_thousand_external_links_cost_no_statement_and_no_reading(visit, alpha, no_reading):
    inside = factories.live_article(slug="inside", body=rich_text(many_links("www{}.gov.cn", 10)))
    outside = factories.live_article(slug="outside", body=rich_text(many_links("www{}.example.org")))
    visit(site_path(inside)), visit(site_path(outside))
    no_reading()
    with Statements() as without:
        visit(site_path(inside))
    with Statements() as with_links:
        html = visit(site_path(outside)).content.decode()
    assert len(with_links) == len(without)
    assert len(marked_links(html)) == 2000


@pytest.mark.parametrize(
    "source",
    [
        '<p><a href="https://evil.example/">词</a></p>',
        '<p><a title="a>b" href="https://evil.example/">词</a></p>',
        '<p><a href="https://evil.example/?a>b=&quot;c">词</a></p>',
        "<p><a href='https://evil.example/'>词</a></p>",
        "<p><a href=https://evil.example/>词</a></p>",
        '<P><A HREF="https://evil.example/">词</A></P>',
        '<p><a\nhref="https://evil.example/"\n>词</a></p>',
        '<p><a href="https://evil.example/">词',
        '<p><a href="https://evil.example/">词</p>',
        '<p><b><a href="https://evil.example/">词</b></a></p>',
        '<!-- <a href="https://www.gov.cn/"> --><a href="https://evil.example/">词</a>',
        '<p><a href="https://evil.example/" href="https://www.gov.cn/">词</a></p>',
        '<p><a href="https://evil.example&sol;.gov.cn/">词</a></p>',
        "<p><a href='https://evil.example&#x2f;.gov.cn/'>词</a></p>",
        '<p><a href="///evil.example/">词</a></p>',
        '<p><a href="http:/evil.example">词</a></p>',
        '<p><a href="http:\\\\evil.example">词</a></p>',
        '<p><a href="ht\ttp://evil.\nexample/">词</a></p>',
        '<p><a class="x" rel="opener" href="https://evil.example/">词</a></p>',
    ],
)
def test_no_way_of_writing_escapes_the_mark(db, source):
    from wagtail.rich_text import expand_db_html

    for kept in (external_links_kept(source), None):
        shown = expand_db_html(Marker(kept).rich_text(source))
        ((_href, words, extra),) = [link for link in Anchors(shown).found if "词" in link[1]]
        assert words.startswith("词") and MARK in words
        assert extra == "external noopener noreferrer"


def external_links_kept(*texts: str) -> dict:
    from govplatform.untrusted_files.link_places import places_in_texts

    return places_in_texts(texts)


def test_links_that_stay_are_left_as_they_are(db):
    source = (
        '<p><a href="https://www.gov.cn/">国</a><a href="/news/">本站</a><a href="#top">上</a><a>空</a>'
        '<a href="mailto:a@example.org">邮</a><a linktype="page" id="3">页</a>'
        '<a href="http://beta.localhost:8000/news/">县</a></p>'
    )
    assert Marker(external_links_kept(source)).rich_text(source) == source


def test_places_that_somebody_changed_tear_no_tag_apart(db):
    source = '<p title="x"><a href="https://evil.example/?onclick=1">词</a></p>'
    kept = external_links_kept(source)
    right = Marker(kept).rich_text(source)
    (key,) = kept["texts"]
    for places in ([20, 30, 0], [0, 0, 0], [5, 50, 9], [1], [-1, -1, -1]):
        shown = Marker({**kept, "texts": {key: places}}).rich_text(source)
        assert Anchors(shown).found == Anchors(right).found


def test_marking_changes_nothing_that_was_cleared(visit, alpha):
    draft = factories.draft_article(slug="cleared", body=rich_text('<p><a href="https://evil.example/">词</a></p>'))
    before = page_digest(draft.get_latest_revision_as_object())
    page = factories.publish(draft)
    assert page.link_marks["hosts"] == ["evil.example"]
    assert page_digest(page) == before
    assert "link_marks" not in page.get_latest_revision().content
    Article.objects.filter(pk=page.pk).update(link_marks=None)
    assert page_digest(Article.objects.get(pk=page.pk)) == before
    assert marked_links(visit(site_path(page)).content.decode()) == ["https://evil.example/"], (
        "stored before marks were"
    )


def test_a_site_that_opens_takes_its_marks_away_and_one_that_closes_gets_them_back(visit, alpha):
    body = rich_text('<p><a href="https://new.example/a">新站</a>和<a href="https://evil.example/">外站</a></p>')
    path = site_path(factories.live_article(slug="opens", body=body))
    both = ["https://new.example/a", "https://evil.example/"]
    assert marked_links(visit(path).content.decode()) == both
    domain = Domain.objects.create(
        tenant=Tenant.objects.get(code="beta"), domain="new.example", kind=Domain.Kind.PUBLIC, is_primary=False
    )
    assert marked_links(visit(path).content.decode()) == both[1:]
    domain.delete()
    assert marked_links(visit(path).content.decode()) == both


def test_a_site_that_another_process_opens_takes_its_marks_away_after_a_minute(visit, alpha, monkeypatch):
    path = site_path(
        factories.live_article(slug="elsewhere", body=rich_text('<a href="https://new.example/">新站</a>'))
    )
    assert marked_links(visit(path).content.decode())
    beta = Tenant.objects.get(code="beta")
    Domain.objects.bulk_create([Domain(tenant=beta, domain="new.example", kind="public", is_primary=False)])
    assert marked_links(visit(path).content.decode())
    now = hosts.time.monotonic()
    monkeypatch.setattr(hosts.time, "monotonic", lambda: now + 61)
    assert not marked_links(visit(path).content.decode())


def test_every_text_of_an_interpretation_is_marked(visit, alpha, no_reading):
    policy = contents.live_policy()
    sections = {name: f'<p><a href="https://{name.replace("_", "-")}.example/">{name}</a></p>' for name in
                ("background", "aims", "main_content", "problems_solved")}  # fmt: skip
    page = contents.live_interpretation(policy, body=rich_text('<a href="https://body.example/">文</a>'), **sections)
    no_reading()
    marked = marked_links(visit(site_path(page)).content.decode())
    assert sorted(marked) == sorted(
        f"https://{name}.example/" for name in ("background", "aims", "main-content", "problems-solved", "body")
    )


def test_a_draft_that_is_previewed_is_marked_too(alpha, rf):
    from sites.pages.rendering import rendered_body

    page = factories.live_article(slug="drafted", body=rich_text('<a href="https://one.example/">一</a>'))
    page.body = rich_text_value(page, '<a href="https://two.example/">二</a>')
    page.save_revision()
    request = rf.get("/")
    request.is_preview = True
    html = rendered_body(page.get_latest_revision_as_object(), request).html
    assert marked_links(html) == ["https://two.example/"]


def rich_text_value(page, html):
    return page._meta.get_field("body").stream_block.to_python([{"type": "rich_text", "value": html}])


def test_the_mark_is_read_out_and_leads_nowhere(visit, alpha):
    html = visit(site_path(contents.rich_article())).content.decode()
    (mark,) = re.findall(r'<span class="external-mark">.*?</span>', html)
    assert MARK in mark and 'aria-hidden="true"' in mark and "href=" not in mark.replace('href="#i-out"', "")


def test_a_text_with_a_link_that_waits_for_its_page_is_put_together_once(visit, alpha, monkeypatch):
    from sites.pages import rendering

    draft = factories.draft_article(slug="later")
    link = f'<p><a id="{draft.pk}" linktype="page">详见</a></p>'
    path = site_path(factories.live_article(slug="waits", body=rich_text(link)))
    rendered, render = [], rendering._render
    monkeypatch.setattr(rendering, "_render", lambda page: rendered.append(page.pk) or render(page))
    for _reader in range(3):
        assert "/later/" not in visit(path).content.decode()
    assert len(rendered) == 1
    with tenant_context(alpha):
        factories.publish(draft)
    for _reader in range(2):
        assert "/later/" in visit(path).content.decode()
    assert len(rendered) == 2
