"""Where citizens write and ask after the switch: one hop to the site that goes on, and nothing typed is lost."""

import pytest
from django.test import Client

from govplatform.addresses.models import UnknownPath
from govplatform.addresses.nginx import export_map
from govplatform.addresses.resolving import resolve_url
from govplatform.cases.addresses import ASK, LETTERS, REQUEST_INFORMATION, WRITE
from govplatform.lifecycle.merge.actions import confirm_merge
from govplatform.lifecycle.models import Merge
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.models import Tenant
from sites.address_book.book import SiteBook
from tests import factories

from ..life import carried_merge

pytestmark = pytest.mark.django_db
__all__ = ["carried_merge"]
ALPHA = "http://alpha.localhost:8000"
DOORS = (*sorted(SiteBook.doors), "/interaction/unit/Ab3dEf6hIj9l/")


def ask(path, **sent):
    forget_hosts()
    client = Client(HTTP_HOST="beta.localhost", raise_request_exception=False)
    return client.post(path, sent, content_type="application/x-www-form-urlencoded") if sent else client.get(path)


def lead_over(paths=DOORS):
    for path in paths:
        answer = ask(f"{path}?number=1")
        assert (answer.status_code, answer.headers.get("Location")) == (301, f"{ALPHA}{path}"), path
        told = resolve_url(f"http://beta.localhost{path}")
        assert (told.status, told.location) == (301, f"{ALPHA}{path}")
        if not path.startswith("/interaction/unit/"):
            assert Client(HTTP_HOST="alpha.localhost").get(path).status_code == 200


def test_the_doors_of_a_closed_site_lead_to_where_it_has_gone(alpha, carried_merge, tmp_path):
    lead_over()
    assert ask(ASK.rstrip("/")).headers["Location"] == f"{ALPHA}{ASK}"
    confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    lead_over([ASK, WRITE])
    # Nobody has to map them, and they are answered while the application is down.
    assert not UnknownPath.objects.filter(path__startswith="/interaction/").exists()
    export_map(tmp_path / "ledger.conf")
    written = (tmp_path / "ledger.conf").read_text()
    for path in SiteBook.doors:
        assert f'"beta.localhost{path.rstrip("/")}" "{ALPHA}{path}";' in written


def test_of_a_site_that_closed_without_a_merge_they_lead_to_the_one_above(alpha):
    Tenant.objects.filter(code="beta").update(status="retired", parent=alpha)
    lead_over([ASK, WRITE, REQUEST_INFORMATION, LETTERS])
    Tenant.objects.filter(code="beta").update(parent=None)
    assert ask(ASK).status_code == 410


def test_a_form_that_was_open_during_the_switch_gives_back_what_was_typed(alpha, carried_merge):
    body = "title=路灯&text=三号路的路灯坏了<b>很久</b>".encode().decode("latin-1")
    client = Client(HTTP_HOST="beta.localhost")
    forget_hosts()
    answer = client.post(WRITE, body.encode("latin-1"), content_type="application/x-www-form-urlencoded")
    text = answer.content.decode()
    assert answer.status_code == 410 and answer.headers["Cache-Control"] == "no-store"
    assert f'href="{ALPHA}{WRITE}"' in text and "没有收到" in text
    assert "三号路的路灯坏了&lt;b&gt;很久&lt;/b&gt;" in text
    assert client.post("/interaction/letters/", {"x": "1"}).status_code in (405, 410)
