"""What the public hosts answer for former addresses, for closed sites, and for what tries to lead elsewhere."""

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from govplatform.addresses.known import Kind
from govplatform.addresses.leading import lead_objects
from govplatform.addresses.models import Address, ListedHost
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from tests import factories

from .conftest import answer, ask, old, retire

BETA = "http://beta.localhost:8000"


def corrected(page, **fields):
    """The page with other fields, through the review once more."""
    draft = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=factories.user("alpha_editor"))
    return factories.publish(type(page).objects.get(pk=page.pk))


def test_a_page_is_found_at_the_address_it_had_before_a_correction(alpha, live):
    page = live("article")
    corrected(page, slug="corrected")
    assert answer("/news/article/") == (301, "/news/corrected/")
    corrected(page, slug="again")
    assert answer("/news/article/") == answer("/news/corrected/") == (301, "/news/again/")
    corrected(page, slug="article")
    assert answer("/news/article/") == (200, "")
    assert answer("/news/again/") == (301, "/news/article/")


def test_a_withdrawn_page_is_gone_at_every_address_it_had_and_comes_back_at_each(alpha, live):
    page = corrected(live("article"), slug="corrected")
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    for path in ("/news/article/", "/news/corrected/"):
        gone = ask(path)
        assert gone.status_code == 410
        assert page.title not in gone.content.decode()
    factories.publish(type(page).objects.get(pk=page.pk))
    assert answer("/news/article/") == (301, "/news/corrected/")


@pytest.mark.parametrize(
    "written",
    [
        "/NEWS/Article/",
        "/news/article/index.html",
        "/news/article.html",
        "/news//article",
        "/./news/article",
        "/news/article",
    ],
)
def test_other_ways_of_writing_an_address_lead_to_it(alpha, live, written):
    assert answer(written) == (301, "/news/article/")


def test_ways_that_could_mean_two_pages_lead_nowhere(alpha, live):
    old(alpha, "/a.html", to_path="/news/article/")
    old(alpha, "/A.jsp", to_path="/news/second/")
    assert answer("/a.html") == (301, "/news/article/")
    assert answer("/A.jsp") == (301, "/news/second/")
    assert answer("/a.php")[0] == 404


def test_an_old_address_in_gbk(alpha, live):
    old(alpha, "/通知/关于.htm", to_path="/news/article/")
    old(alpha, "/模.htm", to_path="/news/second/")
    old(alpha, "/ģ.htm", to_path="/news/third/")
    for written, place in (
        ("/%CD%A8%D6%AA/%B9%D8%D3%DA.htm", "/news/article/"),
        ("/%E9%80%9A%E7%9F%A5/%E5%85%B3%E4%BA%8E.htm", "/news/article/"),
        # the same bytes in two encodings: what is known in UTF-8 comes first
        ("/%C4%A3.htm", "/news/third/"),
        ("/%E6%A8%A1.htm", "/news/second/"),
    ):
        assert answer(written) == (301, place), written


def test_a_shorter_list_leads_from_its_last_page_to_its_first(alpha):
    pages = [factories.live_article(slug=f"n-{number}") for number in range(21)]
    assert answer("/news/?page=2") == (200, "")
    withdraw_page(pages[0], acting_user=factories.user("alpha_content"), reason="来源有误。")
    assert answer("/news/?page=2") == (301, "/news/")
    assert answer("/news/?page=3")[0] == 404


def moved_to_beta(live, *names):
    """The pages of alpha live on beta: as a merge leaves the ledger."""
    alpha, beta = Tenant.objects.get(code="alpha"), Tenant.objects.get(code="beta")
    number = live("article", "beta").pk
    lead_objects(alpha, beta, [(Kind.PAGE, live(name).pk, number) for name in names])
    return retire("alpha")


def test_a_closed_site_leads_to_where_its_pages_are_in_one_hop(alpha, live):
    corrected(live("article"), slug="corrected")
    moved_to_beta(live, "second")
    Address.objects.filter(tenant=alpha, object_id=live("second").pk).update(title="第二条信息")
    number = Address.objects.get(tenant=alpha, path="/news/corrected/").object_id
    beta = Tenant.objects.get(code="beta")
    lead_objects(alpha, beta, [(Kind.PAGE, number, Address.objects.get(tenant=beta, path="/news/second/").object_id)])
    assert answer("/news/second/") == (301, f"{BETA}/news/article/")
    for former in ("/news/article/", "/news/corrected/", "/NEWS/article/index.html"):
        assert answer(former) == (301, f"{BETA}/news/second/")


def test_what_was_moved_twice_is_one_hop_away(alpha, live):
    moved_to_beta(live, "article")
    new = NewSite("gamma", "gamma.localhost", "gamma.console.localhost", "澄州市青石县人民政府", "portal", "county")
    with schema_context("public"):
        open_site(new, acting_user=None)
    third = Tenant.objects.get(code="gamma")
    beta = Tenant.objects.get(code="beta")
    page = Address.objects.get(tenant=beta, path="/news/article/").object_id
    home = Address.objects.get(tenant=third, path="/").object_id
    lead_objects(beta, third, [(Kind.PAGE, page, home)])
    retire("beta")
    assert answer("/news/article/") == (301, "http://gamma.localhost:8000/")
    assert answer("/news/article/", "beta") == (301, "http://gamma.localhost:8000/")


def test_a_closed_site_says_what_was_there_and_why_it_is_gone(alpha, live):
    withdraw_page(live("second"), acting_user=factories.user("alpha_content"), reason="来源有误。")
    moved_to_beta(live, "article")
    gone = ask("/news/third/")
    assert gone.status_code == 410
    assert "第三条信息" in gone.content.decode()
    assert "本站已经关停" in gone.content.decode()
    withdrawn = ask("/news/second/")
    assert withdrawn.status_code == 410
    assert "第二条信息" not in withdrawn.content.decode()
    assert answer("/never-there/")[0] == 404


def test_a_closed_site_answers_when_its_schema_is_gone(own_database, live):
    moved_to_beta(live, "article")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA site_alpha CASCADE")
    browser = Client(HTTP_HOST="alpha.localhost")
    assert browser.get("/news/article/").headers["Location"] == f"{BETA}/news/article/"
    assert browser.get("/news/third/").status_code == 410
    assert browser.get("/never-there/").status_code == 404
    assert browser.post("/news/third/").status_code == 405


def test_circles_made_past_all_checks_are_gone(alpha, live):
    old(alpha, "/a", to_path="/b")
    old(alpha, "/b", to_path="/c")
    old(alpha, "/c", to_path="/a")
    old(alpha, "/self", to_path="/self")
    for path in ("/a", "/b", "/c", "/self"):
        assert answer(path)[0] == 410, path
    old(alpha, "/c", to_path="/news/article/")
    assert answer("/a") == answer("/b") == (301, "/news/article/")


@pytest.mark.parametrize(
    "place",
    ["//evil.example/", "/\\evil.example/", "\\\\evil.example/", "https:evil.example", "https://evil.example/",
     "https://alpha.localhost@evil.example/", "https://evil.example\\@alpha.localhost/", "javascript:alert(1)",
     "https://alpha.localhost\r\nSet-Cookie: a=b"],
)  # fmt: skip
def test_nothing_that_was_stored_leads_to_a_strange_host(alpha, place):
    old(alpha, "/stored-as-url", to_url=place)
    old(alpha, "/stored-as-path", to_path=place)
    for path in ("/stored-as-url", "/stored-as-path"):
        response = ask(path)
        assert response.status_code == 410
        assert not response.cookies


def test_a_listed_host_may_be_led_to_until_it_is_taken_off(alpha):
    old(alpha, "/out", to_url="https://new.example.gov.cn/x")
    assert answer("/out")[0] == 410
    listed = ListedHost.objects.create(host="new.example.gov.cn", reason="迁至省级平台")
    assert answer("/out") == (301, "https://new.example.gov.cn/x")
    listed.delete()
    assert answer("/out")[0] == 410


@pytest.mark.parametrize(
    "path",
    ["/%5cevil.example/", "/%2f%2fevil.example/", "/%0d%0aSet-Cookie:%20x=1", "/a%00b", "/..%2f..%2fx",
     "/" + "a/" * 900, "/%ff%fe"],
)  # fmt: skip
def test_hostile_requests_are_answered_plainly(alpha, path):
    response = ask(path)
    assert response.status_code in (400, 404)
    assert not response.cookies
    assert "evil" not in response.headers.get("Location", "")


def test_a_redirect_is_asked_for_again_the_next_time(alpha, live):
    old(alpha, "/x", to_path="/news/article/")
    response = ask("/x")
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_verb_s_answer_is_the_server_s(alpha, live):
    page = live("article")
    corrected(page, slug="corrected")
    root = "http://alpha.localhost:8000"
    for path in ("/news/article/", "/news/corrected/", "/nothing/", "/NEWS/second"):
        found = resolve_url(f"{root}{path}")
        assert (found.status, found.location) == answer(path), path
    assert resolve_url("http://nowhere.example/x").status == 404
    assert resolve_url("not an address").status == 404


def test_head_is_answered_and_nothing_is_led_on_by_post(alpha, live):
    old(alpha, "/x", to_path="/news/article/")
    browser = Client(HTTP_HOST="alpha.localhost")
    assert browser.head("/x").status_code == 301
    assert browser.post("/x").status_code in (404, 405)


def test_a_page_at_its_present_address_never_leads_elsewhere(alpha, live):
    old(alpha, "/news/article/", to_path="/news/second/")
    assert answer("/news/article/") == (200, "")
    assert site_path(live("article")) == "/news/article/"
