"""Hosts that were never the platform's: whoever still follows an old link there is led to where the content is."""

import pytest
from django.test import Client

from govplatform.addresses.models import UnknownPath
from govplatform.addresses.resolving import resolve_url
from govplatform.addresses.unknown import forget_waiting
from govplatform.tenancy.hosts import forget_hosts, public_url
from govplatform.tenancy.models import Domain, Tenant
from tests.addresses.conftest import old, retire

OLD = "www.shuitou-old.example"


@pytest.fixture
def held(alpha, live):
    """The site alpha holds addresses of a host that it never had."""
    live("article")
    old(alpha, "/xw/1.html", host=OLD, to_path="/news/article/")
    old(alpha, "/show.asp", host=OLD)
    forget_hosts()
    return alpha


def ask(path: str, host: str = OLD, method: str = "get"):
    return getattr(Client(HTTP_HOST=host, raise_request_exception=False), method)(path)


def test_it_answers_as_the_verb_says(held):
    there = public_url(held, "/news/article/")
    for path, status, place in (
        ("/xw/1.html", 301, there),
        ("/XW//1.htm", 301, there),
        ("/show.asp", 410, ""),
        ("/never/there.html", 404, ""),
        ("/", 301, public_url(held, "/")),
        ("/news/article/", 301, there),
    ):
        answer = ask(path)
        assert (answer.status_code, answer.headers.get("Location", "")) == (status, place), path
        found = resolve_url(f"http://{OLD}{path}")
        assert (found.status, found.location) == (status, place), path


def test_its_pages_name_the_site_where_the_content_is(held):
    for path in ("/show.asp", "/never/there.html"):
        answer = ask(path)
        html = answer.content.decode()
        assert held.full_name in html and f'href="{public_url(held)}"' in html
        assert not answer.cookies and "Content-Security-Policy" in answer.headers


def test_what_nobody_knows_there_stands_in_the_work_list(held):
    forget_waiting()
    ask("/never/there.html?x=1")
    found = UnknownPath.objects.get(host=OLD)
    assert (found.tenant, found.path) == (held, "/never/there.html")


def test_where_two_sites_hold_addresses_the_one_that_knows_it_answers(held):
    beta = Tenant.objects.get(code="beta")
    old(beta, "/zc/7.html", host=OLD, to_path="/")
    forget_hosts()
    assert ask("/zc/7.html").headers["Location"] == public_url(beta, "/")
    assert ask("/xw/1.html").headers["Location"] == public_url(held, "/news/article/")


def test_it_never_takes_a_host_of_the_platform(held):
    old(held, "/news/", host="beta.localhost", to_path="/news/article/")
    forget_hosts()
    assert "Location" not in ask("/", host="beta.localhost").headers
    assert "Location" not in ask("/admin/login/", host="alpha.console.localhost").headers


def test_nothing_else_of_the_site_is_served_there(held):
    for path in ("/api/library/v1/resources", "/search/?q=a", "/sitemap.xml", "/admin/"):
        assert ask(path).status_code in (301, 404, 410), path
    assert ask("/xw/1.html", method="post").status_code == 405


def test_it_answers_for_a_closed_site(held):
    retire("alpha")
    assert ask("/xw/1.html").status_code == 410


def test_a_host_of_which_nothing_is_held_stays_unknown(held):
    assert ask("/", host="elsewhere.example").status_code == 400
    assert ask("/", host=f"x.{OLD}").status_code == 400


def test_a_site_that_takes_the_host_leads_on_what_others_hold_there(held):
    """The old name is given to another site of the platform: no address that was known becomes one nobody knows."""
    beta = Tenant.objects.get(code="beta")
    Domain.objects.create(tenant=beta, domain=OLD, kind="public", is_primary=False)
    forget_hosts()
    assert ask("/").status_code == 200
    for path, status, place in (
        ("/xw/1.html", 301, public_url(held, "/news/article/")),
        ("/show.asp", 410, ""),
        ("/never/there.html", 404, ""),
    ):
        answer = ask(path)
        assert (answer.status_code, answer.headers.get("Location", "")) == (status, place), path
        found = resolve_url(f"http://{OLD}{path}")
        assert (found.status, found.location) == (status, place), path
