"""Unknown paths are counted: bounded in rows, in memory and in statements, and without anything personal."""

import pytest
from wagtail.models import Page

from govplatform.addresses import unknown
from govplatform.addresses.actions import map_address
from govplatform.addresses.canonical import forms_of_path
from govplatform.addresses.entering import enter_past
from govplatform.addresses.known import Kind, KnownAddress
from govplatform.addresses.leading import lead_objects
from govplatform.addresses.models import UnknownPath
from govplatform.addresses.queries import unknown_paths
from govplatform.addresses.suggesting import suggestions
from govplatform.tenancy.models import Tenant
from tests.statements import Statements

from .conftest import ask, retire


def counts(tenant):
    return dict(UnknownPath.objects.filter(tenant=tenant).values_list("path", "count"))


def flood(tenant, number):
    for one in range(number):
        unknown.note_unknown(tenant, "alpha.localhost", forms_of_path(f"/flood/{one}"))


def test_what_nobody_knows_is_counted_without_its_query(alpha):
    for query in ("", "?name=张三", "?page=7"):
        assert ask(f"/xwzx/t2019.htm{query}").status_code == 404
    assert counts(alpha) == {"/xwzx/t2019.htm": 3}


def test_known_addresses_and_drafts_are_not_counted(alpha, live):
    for path in ("/news/article/", "/news/article", "/news/?page=99"):
        ask(path)
    assert counts(alpha) == {}


@pytest.mark.parametrize(
    "path",
    [
        "/q/13912345678", "/q/11010119900307451X/", "/q/zhang@example.cn", "/" + "长" * 301, "/8613912345678",
        "/+86 139-1234-5678", "/１３９１２３４５６７８", "/zhang＠example.cn", "/0711-88888888", "/6222021234567890123",
        "/110101 19900307 451x", "/reset/" + "9f86d081884c7d65" * 3, "/reset/MTIz:1wAbCd:x7Qm-pL2k9RtZ4vB8nY0",
        "/sso/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9.html",
    ],
)  # fmt: skip
def test_what_may_name_a_person_is_counted_without_its_path(alpha, path):
    ask(path)
    assert counts(alpha) == {"": 1}


@pytest.mark.parametrize(
    "path",
    [
        "/zwgk/201911/t20191112_1234567.shtml", "/P020191112345678901234.pdf", "/W020191112345678901234.DOC",
        "/art/8a8080e46f1c2d3b016f1c2d3b000001.html", "/info/1b4e28ba-2fa1-11d2-883f-0016d3cca427.html",
        "/art/2019/11/12/art_1234_5678901.html", "/content/20191112123456789.html", "/001/002/1573812345678.htm",
    ],
)  # fmt: skip
def test_what_old_sites_name_their_pages_is_kept(path):
    assert not unknown._may_be_personal(path)


def test_a_flood_costs_few_statements_and_little_memory(alpha):
    with Statements() as sent:
        flood(alpha, 20_000)
    # an insert with its savepoint for each token, and a trim now and then
    assert len([sql for sql in sent if "INSERT INTO public.addresses_unknownpath" in sql]) < 1_000
    assert len(unknown._waiting.counts) <= unknown._WAITING_AT_MOST + 1


def test_the_table_stays_bounded_and_keeps_what_is_asked_for_often(alpha, monkeypatch):
    for _time in range(5):
        ask("/wanted.htm")
    # every statement is sent, as after days of quiet between them
    monkeypatch.setattr(unknown._waiting, "per_second", 1e9)
    monkeypatch.setattr(unknown, "KEPT", 50)
    flood(alpha, 2_500)
    rows = UnknownPath.objects.filter(tenant=alpha)
    assert rows.count() <= 1_000 + unknown._TOLERANCE + 1
    assert counts(alpha)["/wanted.htm"] == 5


def test_nothing_is_lost_while_statements_wait(alpha, monkeypatch):
    monkeypatch.setattr(unknown._waiting, "per_second", 0.0)
    flood(alpha, 5_000)
    monkeypatch.setattr(unknown._waiting, "per_second", 1e9)
    flood(alpha, 1)
    assert sum(counts(alpha).values()) == 5_001


def test_suggestions_are_public_addresses_that_look_alike(alpha, live):
    ask("/gzdt/article.html")
    row = unknown_paths().get(tenant=alpha)
    assert suggestions(row)[0].path == "/news/article/"


OLD_HOST = "www.old.example"


@pytest.fixture
def old_articles(alpha, live):
    """Two articles of an old site are public in the column news, one in the column of policies."""
    numbers = {
        "/gzdt/2019/1.shtml": live("article").pk,
        "/gzdt/2019/2.shtml": live("rich").pk,
        "/zcwj/3.shtml": live("policy").pk,
    }
    known = [(KnownAddress(path, Kind.PAGE, "旧", number), "moved") for path, number in numbers.items()]
    enter_past(alpha, known, host=OLD_HOST)
    return {path: Page.objects.get(pk=number).get_parent().slug for path, number in numbers.items()}


@pytest.mark.parametrize(
    "path", ["/gzdt/", "/gzdt", "/gzdt/index.html", "/gzdt/list_2.html", "/gzdt/2019/index_3.shtml"]
)
def test_an_old_list_is_the_column_in_which_its_articles_are(alpha, old_articles, path):
    assert ask(path, host=OLD_HOST).status_code == 404
    row = unknown_paths().get(tenant=alpha)
    column = old_articles["/gzdt/2019/1.shtml"]
    assert suggestions(row)[0].path == f"/{column}/"


def test_an_old_article_that_was_not_brought_in_may_lead_to_its_column(alpha, old_articles):
    ask("/gzdt/2019/77.shtml", host=OLD_HOST)
    found = [row.path for row in suggestions(unknown_paths().get(tenant=alpha))]
    assert f"/{old_articles['/gzdt/2019/1.shtml']}/" in found


def test_an_old_address_like_nothing_may_lead_to_the_home_page(alpha, old_articles):
    ask("/wenjuan/vote.jsp", host=OLD_HOST)
    assert [row.path for row in suggestions(unknown_paths().get(tenant=alpha))] == ["/"]


def test_a_path_that_is_mapped_on_one_host_waits_on_the_other(alpha, old_articles):
    ask("/wenjuan/vote.jsp", host=OLD_HOST)
    ask("/wenjuan/vote.jsp")
    map_address(alpha, OLD_HOST, "/wenjuan/vote.jsp", target="/", reason="旧问卷", acting_user=None)
    assert [row.host for row in unknown_paths().filter(tenant=alpha)] == ["alpha.localhost"]
    map_address(alpha, "", "/wenjuan/vote.jsp", target="/", reason="旧问卷", acting_user=None)
    assert not unknown_paths().filter(tenant=alpha).exists()


def test_of_a_site_whose_content_is_elsewhere_addresses_of_that_site_are_offered(alpha, live, console):
    pairs = [(Kind.PAGE, live("article").pk, live("article", "beta").pk)]
    beta = Tenant.objects.get(code="beta")
    lead_objects(alpha, beta, pairs)
    Tenant.objects.filter(pk=alpha.pk).update(moved_into=beta)
    retire("alpha")
    ask("/news/index_2.shtml")
    row = unknown_paths().get(tenant=alpha)
    [found, *_others] = suggestions(row)
    assert (found.tenant, found.path) == (beta, "/news/")
    text = console("operator", "console").get("/admin/ledger/unknown/").content.decode()
    target = 'name="target" value="http://beta.localhost:8000/news/"'
    assert target in text
    given = {"id": row.pk, "act": "map", "target": "http://beta.localhost:8000/news/"}
    assert console("operator", "console").post("/admin/ledger/unknown/", given).status_code == 302
    answer = ask("/news/index_2.shtml")
    assert (answer.status_code, answer.headers["Location"]) == (301, "http://beta.localhost:8000/news/")
