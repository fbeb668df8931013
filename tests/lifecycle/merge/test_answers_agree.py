"""What ``resolve`` says of an address is what the server answers there, for every address of a site on its way out."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.distribution.models import RecallReceipt
from govplatform.addresses.canonical import location_of, stored_form
from govplatform.addresses.entering import OldRow, enter_old
from govplatform.addresses.models import Address
from govplatform.addresses.nginx import export_map
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.actions import confirm_merge
from govplatform.lifecycle.models import SiteNotice
from govplatform.lifecycle.site_facts import YES, change_site_facts
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.columns.actions import create_column
from tests import factories
from tests.layers import layered
from tests.lifecycle.life import merge_carried_out

pytestmark = pytest.mark.django_db

#: What nobody ever entered, and other ways of writing what somebody did.
MORE = (
    "/nothing/", "/news/nothing/", "/search/", "/opensearch.xml", "/robots.txt", "/favicon.ico", "/NEWS/", "/news",
    "/news/index.html", "/news/?page=99", "/news/?utm=1", "/sitemap.xml", "/library/", "/static/x.css",
)  # fmt: skip


@layered
def pages_of_beta():
    beta = get_tenant("beta")
    with tenant_context(beta):
        paper = factories.document(uploader="beta_editor")
        picture = factories.image(uploader="beta_editor")
        body = [{"type": "attachment", "value": {"document": paper.pk, "title": "附件"}}]
        factories.live_article("beta", title="甲", slug="jia", picture=picture, body=body)
        for number in range(12):
            factories.live_article("beta", title=f"第{number}", slug=f"n{number}")
        gone = factories.live_article("beta", title="撤", slug="gone")
        withdraw_page(gone, acting_user=factories.user("beta_content"), reason="有误")
        RecallReceipt.objects.update(state=RecallReceipt.State.CONFIRMED)
        create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "towns", "beta_editor", title="乡镇一", slug="one"), "beta")
    enter_old(beta, "", [OldRow(stored_form("/old.html"), reason="旧站", to_tenant=beta.pk, to_path="/news/jia/")])


@pytest.fixture
def beta(pages_of_beta):
    return get_tenant("beta")


def differing(host, citizen_client, tenant):
    """Each address with (what resolve says, what the server says) where the two are not the same."""
    wrong = {}
    known = Address.objects.filter(tenant=tenant, host="").order_by("path").values_list("path", flat=True)
    for path in [*map(location_of, known), *MORE]:
        told = resolve_url(f"http://{host}{path}")
        answer = citizen_client.get(path)
        served = (answer.status_code, answer.headers.get("Location", ""))
        if served != (told.status, told.location):
            wrong[path] = ((told.status, told.location), served)
    return wrong


def test_before_it_is_confirmed_and_afterwards(beta, alpha, citizen, tmp_path):
    merge = merge_carried_out()
    beta = get_tenant("beta")
    with tenant_context(beta):
        notice = SiteNotice.objects.get(site=beta, kind="migration")
        path = site_path(Article.objects.get(pk=notice.page_id))
    assert (citizen("beta").get(path).status_code, resolve_url(f"http://beta.localhost{path}").status) == (200, 200)
    assert differing("beta.localhost", citizen("beta"), beta) == {}
    # From the switch on, not only when somebody has confirmed it, nginx knows where everything is.
    out = tmp_path / "unconfirmed.conf"
    export_map(out, [beta, alpha])
    lines = out.read_text()
    assert path.rstrip("/") not in lines
    for old in ("/news/jia", "/news/n3", "/towns/one"):
        place = resolve_url(f"http://beta.localhost{old}/").location
        assert place.startswith("http://alpha.localhost") and f'"beta.localhost{old}" "{place}"' in lines, old
    assert '"beta.localhost/news/gone" "gone"' in lines
    confirm_merge(merge, acting_user=factories.user("operator"))
    beta = get_tenant("beta")
    assert beta.status == "retired"
    assert differing("beta.localhost", citizen("beta"), beta) == {}
    # What the application answers itself nginx leaves to it.
    out = tmp_path / "ledger.conf"
    export_map(out, [beta])
    assert path.rstrip("/") not in out.read_text() and "beta.localhost/news/jia" in out.read_text()
    # Its term is over.
    SiteNotice.objects.filter(pk=notice.pk).update(down_at=timezone.now())
    assert resolve_url(f"http://beta.localhost{path}").status == 410
    assert differing("beta.localhost", citizen("beta"), beta) == {}


def test_of_a_site_that_ended_without_going_anywhere(beta, citizen):
    Tenant.objects.filter(pk=beta.pk).update(status=Tenant.Status.RETIRED)
    Address.objects.filter(tenant=beta, path="/old.html").delete()
    beta = get_tenant("beta")
    assert differing("beta.localhost", citizen("beta"), beta) == {}


def test_on_a_former_host(beta, citizen):
    Domain.objects.create(
        domain="was.localhost", tenant=beta, kind="public", is_primary=False, moved_at=timezone.now(),
        redirects_from=timezone.now(),
    )  # fmt: skip
    client = citizen("was")
    assert differing("was.localhost", client, beta) == {}


def test_on_a_former_host_while_its_notice_is_up(beta, citizen):
    Domain.objects.create(
        domain="was.localhost", tenant=beta, kind="public", is_primary=False, moved_at=timezone.now(),
        redirects_from=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    assert differing("was.localhost", citizen("was"), beta) == {}
    told = resolve_url("http://was.localhost/news/jia/")
    assert (told.status, "公告" in told.reason) == (200, True)


def test_traditional_addresses_of_a_site_that_has_gone_lead_where_nginx_leads(beta, alpha, citizen, tmp_path):
    """On its own host and a former one: nobody asks the application for what stands in the map, but while it is old."""
    for site in (beta, alpha):
        change_site_facts(site, acting_user=None, traditional=YES)
    Domain.objects.create(
        domain="was.localhost", tenant=beta, kind="public", is_primary=False, moved_at=timezone.now(),
        redirects_from=timezone.now(),
    )  # fmt: skip
    confirm_merge(merge_carried_out(), acting_user=factories.user("operator"))
    out = tmp_path / "ledger.conf"
    export_map(out, [get_tenant("beta")])
    told = dict(re.findall(r'^    "((?:beta|was)\.localhost/zh-hant/[^"?]*)" "([^"]+)";$', out.read_text(), re.M))
    assert {key.partition("/")[0] for key in told} == {"beta.localhost", "was.localhost"}
    for key, place in told.items():
        host, _slash, path = key.partition("/")
        answer = citizen(host.partition(".")[0]).get(f"/{path}/")
        served = "gone" if answer.status_code == 410 else answer.headers.get("Location", answer.status_code)
        assert served == place, key
