"""One click from the start page of the demo into a console, and nowhere else."""

import pytest
from django.core import signing
from django.test import Client

from govplatform.audit.models import Entry
from govplatform.settings import base, demo
from govplatform.tenancy.queries import get_tenant
from sites.demo.sign_in import way_in

OF_THE_DEMO = ("DEMO_SIGN_IN", "ROOT_URLCONF", "CONSOLE_URLCONF", "CONSOLE_OPEN_BESIDES")
HOST = "alpha.console.localhost"


@pytest.fixture
def served(settings, db):
    for name in OF_THE_DEMO:
        setattr(settings, name, getattr(demo, name))


def _path(username="alpha_editor"):
    return way_in(get_tenant("alpha"), username).partition(":8000")[2]


def test_the_settings_of_the_demo_alone_have_it():
    assert (base.DEMO_SIGN_IN, demo.DEMO_SIGN_IN) == (False, True)


def test_one_click_signs_in_and_is_on_record(served):
    browser = Client(HTTP_HOST=HOST)
    answer = browser.get(_path())
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200
    assert Entry.objects.get(act="account.sign_in").chain == "site_alpha"


def test_somebody_else_signed_in_becomes_the_one_who_was_clicked(served):
    browser = Client(HTTP_HOST=HOST)
    browser.get(_path("alpha_editor"))
    browser.get(_path("alpha_auditor"))
    assert "审计" in browser.get("/admin/").content.decode()


@pytest.mark.parametrize("word", ["", "alpha_editor", "x:y:z", "Ａ" * 500])
def test_a_word_that_is_not_ours_leads_to_the_sign_in_page(served, word):
    browser = Client(HTTP_HOST=HOST)
    assert browser.get("/admin/demo-sign-in/", {"as": word}).headers["Location"] == "/admin/login/"
    assert browser.get("/admin/").status_code == 302


def test_a_word_signed_for_something_else_opens_nothing(served):
    browser = Client(HTTP_HOST=HOST)
    browser.get("/admin/demo-sign-in/", {"as": signing.dumps("alpha_editor", salt="another")})
    assert browser.get("/admin/").status_code == 302


def test_without_a_demo_there_is_no_such_page(served, settings):
    path = _path()
    for name in OF_THE_DEMO:
        setattr(settings, name, getattr(base, name))
    assert way_in(get_tenant("alpha"), "alpha_editor") == ""
    assert Client(HTTP_HOST=HOST).get(path).status_code in (302, 404)
    assert not Entry.objects.filter(act="account.sign_in").exists()


def test_the_start_page_offers_it_where_it_is(served, settings):
    page = Client(HTTP_HOST="localhost").get("/").content.decode()
    assert "/admin/demo-sign-in/?as=" in page
    settings.DEMO_SIGN_IN = False
    assert "demo-sign-in" not in Client(HTTP_HOST="localhost").get("/").content.decode()
