"""The statistics in the console: for the administrators of the site, and of that site alone."""

import csv
import io

import pytest
from django.utils import timezone

from govplatform.tenancy.queries import get_tenant
from search.models import AskedDay, AskedTerm

from .written import enter, write


@pytest.fixture
def counted(db):
    for code, term in (("alpha", "公积金"), ("beta", "宅基地")):
        tenant, today = get_tenant(code), timezone.localdate()
        AskedDay.objects.create(tenant=tenant, day=today, asked=41, without=7)
        enter([write(tenant, f"{term}办理指南")])
        AskedTerm.objects.create(tenant=tenant, day=today, term=term, asked=12, without=0)
        AskedTerm.objects.create(tenant=tenant, day=today, term=f"{term}=1", asked=6, without=6)


def test_an_administrator_sees_what_was_asked_on_the_site(counted, console):
    page = console("alpha_admin", "alpha").get("/admin/search-statistics/").content.decode()
    assert "公积金" in page and "宅基地" not in page
    assert "<dd>41</dd>" in page and "<dd>7</dd>" in page
    assert "http://alpha.localhost:8000/search/?q=%E5%85%AC%E7%A7%AF%E9%87%91" in page


def test_a_period_that_is_none_is_the_usual_one(counted, console):
    client = console("alpha_admin", "alpha")
    for days in ("7", "0", "x", "-1", "9" * 400):
        assert client.get("/admin/search-statistics/", {"days": days}).status_code == 200


def test_the_terms_can_be_taken_along(counted, console):
    answer = console("alpha_admin", "alpha").get("/admin/search-statistics/export/")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert rows[1:] == [["公积金", "12", "0"], ["公积金=1", "6", "6"]]


@pytest.mark.parametrize("reader", ["alpha_editor", "alpha_content", "alpha_auditor"])
def test_nobody_else_sees_them(counted, console, reader):
    client = console(reader, "alpha")
    for address in ("/admin/search-statistics/", "/admin/search-statistics/export/"):
        assert client.get(address).status_code in (403, 404)
