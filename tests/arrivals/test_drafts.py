"""The verb import_site: pages of a crawl become drafts, each once, and their old addresses lead to them."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.resolving import resolve_url
from govplatform.tenancy.queries import get_tenant
from sites.arrivals import making
from sites.arrivals.actions import import_site
from sites.arrivals.models import Arrival, OldAddress
from sites.articles.models import Article
from sites.documents_in.models import ImportItem
from sites.media.models import SiteDocument, SiteImage
from tests import factories
from tests.arrivals.old_site import HOST, Answer, article, crawl, write_warc
from tests.documents_in.importing import call, review

TITLE = "岚河县检修山区供水设施"


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def bring_in(verb, source, *more):
    words = ["import_site", str(source), "--site", "alpha", "--host", HOST, "--as", "alpha_editor", *more]
    status, answer = call(verb, *words)
    assert status == 0, answer
    return answer


@pytest.fixture
def source(tmp_path):
    return write_warc(tmp_path / "old.warc.gz", crawl())


def test_a_page_comes_with_its_files_its_time_and_its_addresses(verb, source, citizen):
    answer = bring_in(verb, source)
    assert all(page["page"] for page in answer["pages"]) and len(answer["pages"]) == 3
    number = next(page["page"] for page in answer["pages"] if page["title"] == TITLE)
    with tenant_context(get_tenant("alpha")):
        page = Article.objects.get(pk=number)
        assert not page.live and page.first_published_at is None
        assert page.original_published_at.isoformat() == "2019-03-02T02:20:00+00:00"
        document = SiteDocument.objects.get()
        stored = str(page.body.get_prep_value())
        assert f'linktype="document" id="{document.pk}"' in stored
        assert SiteImage.objects.count() == 1 and "'type': 'image'" in stored
        item = ImportItem.objects.get(page=page)
        assert item.compared["missing"] == item.compared["added"] == 0, item.compared
        revision = page.save_revision(clean=False).as_object()
        assert revision.original_published_at == page.original_published_at
    assert call(verb, "submit", "--site", "alpha", "--page", str(number), "--as", "alpha_editor")[0] == 0
    review(verb, number, "alpha_content")
    assert review(verb, number, "alpha_secret")["status"] == "live"
    _status, shown = call(verb, "show_page", "--site", "alpha", "--page", str(number))
    path = shown["url"].partition("localhost:8000")[2]
    html = citizen("alpha").get(path).content.decode()
    assert "原发布时间：" in html and "2019-03-02 10:20" in html and "接收自原网站" in html
    for old in ("/xw/t20190302_1.html", "/print.jsp?id=1", "/old/1.html", "/moved.html"):
        assert resolve_url(f"http://{HOST}{old}").location == shown["url"], old
    assert resolve_url(f"http://{HOST}/print.jsp?id=2").status == 404
    assert resolve_url(f"http://{HOST}/att/table.txt").status == 301
    assert call(verb, "verify_gate", "--site", "alpha")[0] == 0


def test_started_again_it_makes_nothing_twice(verb, source):
    first = bring_in(verb, source, "--limit", "1")
    again = bring_in(verb, source)
    third = bring_in(verb, source)
    # A run that stops earlier takes nothing away from what another has brought in.
    bring_in(verb, source, "--limit", "1")
    numbers = {page["address"]: page["page"] for page in again["pages"]}
    assert first["pages"][0]["page"] == numbers[first["pages"][0]["address"]]
    assert {page["address"]: page["page"] for page in third["pages"]} == numbers
    with tenant_context(get_tenant("alpha")):
        assert Article.objects.count() == len(numbers) == 3
        assert SiteDocument.objects.count() == 1
        assert OldAddress.objects.filter(page__isnull=True, reason="").count() == 0
        for old in ("/old/1.html", "/moved.html", "/print.jsp?id=1", "/att/table.txt"):
            assert OldAddress.objects.get(address=f"http://{HOST}{old}").page_id in numbers.values()


def test_after_an_interruption_it_goes_on(verb, source, monkeypatch):
    made = []
    whole = making.import_read_document

    def stop(*args, **named):
        if made:
            raise KeyboardInterrupt
        made.append(whole(*args, **named))
        return made[0]

    monkeypatch.setattr(making, "import_read_document", stop)
    with tenant_context(get_tenant("alpha")):
        with pytest.raises(KeyboardInterrupt):
            import_site(source, host=HOST, acting_user=factories.user("alpha_editor"))
        assert Arrival.objects.get().state == Arrival.State.FAILED
        assert Article.objects.count() == 1
        monkeypatch.setattr(making, "import_read_document", whole)
        found = import_site(source, host=HOST, acting_user=factories.user("alpha_editor"))
        assert len(found.pages) == Article.objects.count() == 3
        assert {row.page for row in found.pages} == set(Page.objects.type(Article).values_list("pk", flat=True))


def test_a_name_with_an_escaped_slash_is_the_name_of_a_file(verb, tmp_path):
    """It was taken for a way out of the folder, and the import of the whole site broke off."""
    page = article("岚河县好的一页").replace(
        b"</p>", b'</p><p><a href="/f/%2e%2e%2f%2e%2e%2ftable%0a.txt">x</a></p>', 1
    )
    paper = Answer("/f/%2e%2e%2f%2e%2e%2ftable%0a.txt", "登记一览".encode(), kind="text/plain")
    answer = bring_in(verb, write_warc(tmp_path / "old.warc.gz", [Answer("/xw/%2e%2e%2fa%0a.html", page), paper]))
    assert [one["title"] for one in answer["pages"]] == ["岚河县好的一页"]
    with tenant_context(get_tenant("alpha")):
        assert SiteDocument.objects.get().title == "table.txt"
