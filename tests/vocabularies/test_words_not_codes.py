"""People read words: no page of citizens and no screen of the console shows the code of a term."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import ColumnMapping, StandingClearance, Subscription
from content_library.models import Resource
from content_library.vocabularies.actions import add_term, merge_terms
from content_library.vocabularies.queries import get_term
from govplatform.review.queries import site_path
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.conftest import console_client
from tests.console.latin import Shown
from tests.isolation.addresses import console_addresses
from tests.isolation.conftest import plant
from tests.layers import layered
from tests.public import contents
from tests.reposts.conftest import reposted_at, resource_of

#: Codes that occur nowhere else, and their words. ``proactive`` is one that the platform begins with.
CODES = {
    "0799": "工业、交通／低空物流",
    "zzkind": "会议纪要类",
    "zzaudience": "灵活就业人员",
    "zzorg": "低空经济办公室",
    "proactive": "主动公开",
}
#: Addresses of Wagtail that know nothing of classes.
ELSEWHERE = re.compile(r"/admin/(images|documents|collections|embeds|choose|rich_text|api|users|workflows|fleet)/")


def codes_in(text: str) -> list[str]:
    return [code for code in [*CODES, "0798"] if re.search(rf"(?<![0-9A-Za-z_-]){code}(?![0-9A-Za-z_-])", text)]


def shown_codes(html: str) -> list[str]:
    """Codes that a reader of the page, a screen reader or a search engine meets."""
    shown = Shown(html)
    tags = re.findall(r'<meta name="[^"]*" content="([^"]*)"', html)
    return codes_in(" ".join([*shown.parts, *tags]))


@layered
def coded() -> dict[str, Any]:
    """A policy of alpha with all codes, reposted on beta; what was set by bulk changes and standing rules too.

    ``pages`` and ``planted`` by site: a page with codes, and what else the site's addresses may name.
    """
    operator = factories.user("operator")
    top = get_term("subject", "07")
    add_term("subject", "低空物流", code="0799", parent=top, acting_user=None)
    old = add_term("subject", "无人机运输", code="0798", parent=top, acting_user=None)
    add_term("kind", "会议纪要类", code="zzkind", acting_user=None)
    add_term("audience", "灵活就业人员", code="zzaudience", acting_user=None)
    add_term("organisation", "低空经济办公室", code="zzorg", acting_user=None)
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    with tenant_context(alpha):
        policy = contents.live_policy(subject_class="0798", document_kind="zzkind", slug="coded", audience="zzaudience")
        interpretation = contents.live_interpretation(policy, subject_class="0799")
        article = factories.live_article(subject_class="0799", audience="zzaudience", slug="coded-article")
        topic = contents.live_topic(subject_class="0799")
        pages = [site_path(page) for page in (policy, interpretation, article, topic)]
    merge_terms(old, get_term("subject", "0799"), acting_user=operator)
    resource = resource_of(policy)
    reposts = [reposted_at("beta", resource), reposted_at("beta", resource_of(article))]
    with tenant_context(beta):
        reposted = [site_path(page) for page in reposts]
    Resource.objects.filter(pk=resource.pk).update(audience="zzaudience", organisation="zzorg")
    editor, reviewer = factories.user("beta_editor"), factories.user("beta_content")
    Subscription.objects.create(tenant=beta, subject_class="0799", made_by=editor)
    ColumnMapping.objects.create(tenant=beta, subject_class="0799", column="news")
    StandingClearance.objects.create(
        tenant=beta, source=alpha, subject_class="0799", reason="同类信息较多。", proposed_by=reviewer,
        proposed_at=timezone.now(), ends_on=timezone.localdate(),
    )  # fmt: skip
    return {
        "alpha": pages, "beta": reposted, "resource": resource.uuid,
        "pages": {"alpha": policy.pk, "beta": reposts[0].pk},
        "planted": {site.code: plant(site).values[0] for site in (alpha, beta)},
    }  # fmt: skip


def test_citizens_read_words_on_every_kind_of_page(coded):
    fixed = ["/", "/news/", "/policies/", "/interpretations/", "/sitemap/", "/news/feed.xml", "/nothing/"]
    for site in ("alpha", "beta"):
        client = Client(HTTP_HOST=f"{site}.localhost")
        for path in [*fixed, *coded[site]]:
            assert shown_codes(client.get(path).content.decode()) == [], (site, path)
    html = Client(HTTP_HOST="beta.localhost").get(coded["beta"][0]).content.decode()
    for words in ("工业、交通／低空物流", "会议纪要类", "灵活就业人员", "主动公开"):
        assert words in html


def test_programs_get_the_words_beside_the_codes(coded):
    client = Client(HTTP_HOST="alpha.localhost")
    found = client.get(f"/api/library/{coded['resource']}/").json()
    assert (found["subject_class"], found["subject_class_label"]) == ("0798", CODES["0799"])
    assert (found["document_kind"], found["document_kind_label"]) == ("zzkind", CODES["zzkind"])
    assert (found["audience"], found["audience_label"]) == ("zzaudience", CODES["zzaudience"])
    assert found["organisation"] == CODES["zzorg"]
    feed = client.get("/api/library/feeds/all.atom").content.decode()
    assert re.search(rf'<category (?=[^>]*term="0798")(?=[^>]*label="{CODES["0799"]}")', feed)
    assert codes_in(re.sub(r'term="[^"]*"', "", feed)) == []


@pytest.mark.parametrize(
    ("who", "site"),
    [
        ("alpha_editor", "alpha"), ("beta_editor", "beta"), ("supervisor", "console"),
        *(
            pytest.param(*other, marks=pytest.mark.soak)
            for other in (("alpha_content", "alpha"), ("alpha_auditor", "alpha"), ("operator", "console"))
        ),
    ],
)  # fmt: skip
def test_no_screen_of_the_console_shows_a_code(coded, who, site):
    tenant = get_tenant("beta" if site == "beta" else "alpha")
    with tenant_context(tenant):
        page = Page.objects.get(pk=coded["pages"][tenant.code]).specific
        revision = page.get_latest_revision().pk
        parent = page.get_parent().pk
    values = {
        **coded["planted"][tenant.code],
        "page_id": page.pk, "page_pk": page.pk, "pk": page.pk, "object_id": page.pk, "revision_id": revision,
        "parent_page_id": parent, "resource_uuid": coded["resource"], "term_code": "0799",
        "content_type_app_name": page._meta.app_label, "content_type_model_name": page._meta.model_name,
    }  # fmt: skip
    client = console_client(who, site)
    client.raise_request_exception = False
    looked, left = 0, {}
    for address in console_addresses(values):
        if ELSEWHERE.match(address.path):
            continue
        response = client.get(address.path, {"subject_class": "07"} if "library" in address.path else {})
        if response.status_code == 200 and not response.streaming and "html" in response.headers["Content-Type"]:
            looked += 1
            if found := shown_codes(response.content.decode()):
                left[address.path] = found
    assert looked > 5
    assert left == {}
