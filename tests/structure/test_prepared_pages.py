"""The prepared pages are what a publication just now would have made."""

import pytest
from django.conf import settings
from django.test import Client
from django_tenants.utils import tenant_context

from govplatform.audit.chain import find_chain_faults
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.tenancy.queries import get_tenant
from tests.pages import MODES

pytestmark = pytest.mark.django_db
PAGES = {
    "alpha": ("article", "second", "third", "paper", "rich", "policy", "interpretation", "topic",
              *(f"{mode}_source" for mode in MODES)),
    "beta": ("article", "second", *MODES),
}  # fmt: skip


@pytest.mark.parametrize("site", PAGES)
def test_each_is_live_cleared_and_answers(live, site):
    with tenant_context(get_tenant(site)):
        assert find_gate_faults() == (len(PAGES[site]), [])
    for name in PAGES[site]:
        page = live(name, site)
        assert page.live, name
        answer = Client(HTTP_HOST=f"{site}.localhost").get(site_path(page))
        assert answer.status_code == (302 if name == "link" else 200), name


def test_their_files_are_where_this_process_keeps_its_media(live):
    assert b"".join(Client(HTTP_HOST="alpha.localhost").get(_attachment(live("paper"))).streaming_content)
    with tenant_context(get_tenant("alpha")):
        assert live("rich").picture.file.path.startswith(str(settings.MEDIA_ROOT))


def _attachment(page):
    with tenant_context(get_tenant("alpha")):
        document = page.body[1].value["document"]
        return f"/documents/{document.pk}/{document.filename}"


def test_the_audit_of_their_publication_is_whole(live):
    assert find_chain_faults()[1] == []


def test_without_them_nothing_is_published(db):
    for site in PAGES:
        with tenant_context(get_tenant(site)):
            assert find_gate_faults() == (0, [])
