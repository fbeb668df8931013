"""A host that a site has left: every address in one hop, wherever it is by then, and no answer for ever."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.merge.actions import request_merge
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.models import SiteNotice
from govplatform.review.queries import site_path
from govplatform.tenancy.hosts import forget_hosts, public_url
from govplatform.tenancy.models import Domain
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.columns.test_addresses_below import renamed
from tests.lifecycle.life import retiring

pytestmark = pytest.mark.django_db
FORMER = "old-beta.localhost"


@pytest.fixture
def former(alpha):
    tenant = get_tenant("beta")
    long_ago = timezone.now() - timedelta(days=90)
    Domain.objects.create(
        tenant=tenant, domain=FORMER, kind="public", is_primary=False, moved_at=long_ago, redirects_from=long_ago
    )
    with tenant_context(tenant):
        factories.live_article("beta", title="防汛", slug="flood")
    forget_hosts()
    return Client(HTTP_HOST=FORMER)


def test_a_page_that_is_elsewhere_on_the_site_is_one_hop_away(former):
    assert former.get("/news/flood/").headers["Location"] == public_url(get_tenant("beta"), "/news/flood/")
    with tenant_context(get_tenant("beta")):
        renamed("news", "reports")
    for path in ("/news/flood/", "/news/flood/index.html", "/NEWS/Flood"):
        answer = former.get(path)
        assert answer.status_code == 301
        assert answer.headers["Location"] == public_url(get_tenant("beta"), "/reports/flood/"), path


def test_nothing_is_led_there_for_ever(former):
    """A site may return to a host that it has left: browsers that kept the answer would go round in a circle."""
    assert former.get("/").headers["Cache-Control"] == "no-cache"


def test_after_a_merge_it_is_still_one_hop(former):
    retiring("beta")
    merge = request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=factories.user("operator"), queued=False)
    assert run_merge(merge.pk).state == "moved"
    forget_hosts()
    answer = former.get("/news/flood/")
    assert (answer.status_code, answer.headers["Location"]) == (301, public_url(get_tenant("alpha"), "/news/flood/"))
    assert former.get("/never/was/").status_code == 404
    assert former.post("/news/flood/").status_code == 405


def test_what_nobody_knows_on_a_closed_host_says_where_the_content_is(former):
    retiring("beta")
    merge = request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=factories.user("operator"), queued=False)
    run_merge(merge.pk)
    forget_hosts()
    answer = Client(HTTP_HOST="beta.localhost").get("/never/was/")
    told = answer.content.decode()
    assert answer.status_code == 404
    assert "本站内容已迁至“云江省澄州市人民政府”" in told and public_url(get_tenant("alpha")) in told


def test_the_migration_notice_is_up_for_its_term_also_after_the_switch(former):
    """A merge may come on the first of the thirty days: the notice stays where citizens found it."""
    application = retiring("beta")
    notice = application.notices.get(kind="migration")
    with tenant_context(get_tenant("beta")):
        page = Page.objects.get(pk=notice.page_id)
        path = site_path(page)
    before = Client(HTTP_HOST="beta.localhost").get(path)
    merge = request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=factories.user("operator"), queued=False)
    run_merge(merge.pk)
    forget_hosts()
    answer = Client(HTTP_HOST="beta.localhost").get(path)
    told = answer.content.decode()
    assert (before.status_code, answer.status_code) == (200, 200)
    assert page.title in told and "公示不少于30日" in told and public_url(get_tenant("alpha")) in told
    assert former.get(path).status_code == 200
    SiteNotice.objects.filter(pk=notice.pk).update(down_at=timezone.now())
    assert Client(HTTP_HOST="beta.localhost").get(path).status_code == 410
