"""No link reaches citizens that the scan did not see, and a scan that cannot be carried out says why."""

import pytest
from django.db import DataError, connection

from govplatform.confidentiality.models import Scan
from govplatform.refusals import Refused
from govplatform.review.gate.scans import current_scan, run_scan, scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.untrusted_files.links import read_link
from sites.articles.models import Article
from sites.pages.external_links import Marker
from sites.pages.text import PageText, read_rich_text
from tests import factories
from tests.factories import user

pytestmark = pytest.mark.django_db
EVIL = "https://evil.example/x"
DISGUISES = {
    "plain": f'<p><a href="{EVIL}">x</a></p>',
    "greater": '<p><a href="https://evil.example/?x=>y">x</a></p>',
    "no scheme": '<p><a href="///evil.example/x">x</a></p>',
    "one slash": '<p><a href="http:/evil.example">x</a></p>',
    "backslashes": '<p><a href="\\\\evil.example\\x">x</a></p>',
    "tab and newline": '<p><a href="ht\ttps:/\n/evil.exa\tmple/">x</a></p>',
    "tab by reference": '<p><a href="ht&#9;tps://evil.exa&#10;mple/">x</a></p>',
    "userinfo": '<p><a href="https://www.gov.cn@evil.example/">x</a></p>',
    "dot of another script": '<p><a href="https://evil。example/">x</a></p>',
    "given twice": f'<p><a href="{EVIL}" href="/news/">x</a></p>',
    "behind an empty comment": f'<p>a<!--> <a href="{EVIL}">x</a> --></p>',
    "behind a comment that ends early": f'<p>a<!-- --!> <a href="{EVIL}">x</a> --></p>',
    "without quotes": f"<p><a href={EVIL}>x</a></p>",
    "in capitals": f"<P><A HREF='{EVIL}'>x</A></P>",
    "behind a slash": f'<p><a/href="{EVIL}">x</a></p>',
    "put together by cleaning": f'<p><a hr<svg></svg>ef="{EVIL}">x</a></p>',
    "between tags that go": f'<p><title></title><a href="{EVIL}">x</a></p>',
    "in a link of the page": f'<p><a href="/news/"><a href="{EVIL}">x</a></a></p>',
}


@pytest.mark.parametrize("html", DISGUISES.values(), ids=DISGUISES)
def test_the_scan_sees_the_link_and_citizens_see_its_mark(html):
    text = PageText()
    read_rich_text(text, html)
    assert "evil.example" in {read_link(link["url"]).host for link in text.links}
    marked = Marker().rich_text(html)
    assert marked.count('class="external"') == marked.count("external-mark") == 1


@pytest.mark.parametrize(
    "address", ["http://[evil/", "javascript:alert(1)", " java\tscript:alert(1)", "https://", "data:text/html,x"]
)
def test_what_leads_nowhere_is_a_finding_and_no_exception(alpha, address):
    page = factories.draft_article(body=[{"type": "rich_text", "value": f'<p><a href="{address}">x</a></p>'}])
    scan = scan_now(page, acting_user=user("alpha_editor"))
    assert scan.state == Scan.State.DONE
    assert scan.findings.filter(rule="external-link").exists()


def test_words_are_read_once_and_tags_separate_them():
    text = PageText()
    read_rich_text(text, "<p>甲<!-- 注 --></p><p>乙</P>")
    assert text.body == ["甲\n\n乙"] and text.hidden == [" 注 "]


def test_a_number_put_together_by_cleaning_is_read(alpha):
    text = PageText()
    read_rich_text(text, "<p>138<svg>x</svg>00138000</p>")
    assert any("13800138000" in words for words in text.body)


def _broken(error):
    def scan_pieces(self):
        raise error

    return scan_pieces


@pytest.mark.parametrize("error", [ValueError("Invalid IPv6 URL"), RecursionError(), DataError("bad"), KeyError("x")])
def test_a_page_that_cannot_be_read_ends_its_scan_and_the_reviewer_reads_why(alpha, console, monkeypatch, error):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    scan = current_scan(page)
    monkeypatch.setattr(Article, "scan_pieces", _broken(error))
    run_scan(scan)
    scan.refresh_from_db()
    assert scan.state == Scan.State.FAILED and "意外" in scan.failure
    monkeypatch.undo()
    html = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    connection.set_tenant(alpha)
    assert scan.failure in html


def test_bottomless_tags_end_the_scan_with_their_reason(alpha):
    page = factories.draft_article(body=[{"type": "rich_text", "value": "<div>" * 600}])
    with pytest.raises(Refused, match="嵌套过深"):
        scan_now(page, acting_user=user("alpha_editor"))
    assert current_scan(page).state == Scan.State.FAILED


def test_a_storage_that_is_away_is_tried_again_and_says_so(alpha, monkeypatch):
    page = factories.draft_article()
    submit_for_review(page, acting_user=user("alpha_editor"))
    scan = current_scan(page)
    with monkeypatch.context() as patch:
        patch.setattr("govplatform.confidentiality.running.read_pieces", lambda *words: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            run_scan(scan)
    scan.refresh_from_db()
    assert scan.state == Scan.State.QUEUED and "自动再试" in scan.failure
    run_scan(scan)
    scan.refresh_from_db()
    assert (scan.state, scan.failure) == (Scan.State.DONE, "")
