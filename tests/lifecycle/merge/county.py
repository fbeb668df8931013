"""A county site with pages that refer to one another in every way, on its way into its portal."""

import json

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.lifecycle.models import Merge, SiteApplication
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.tenancy.queries import get_tenant
from sites.columns.listing import list_page_in
from sites.columns.pinning import pin_page
from sites.service_guides.models import ServiceItem
from tests import factories
from tests.layers import layered
from tests.lifecycle.life import retiring
from tests.rights.acts_of_surveys import answered_survey
from tests.structured.samples import live


def body(*blocks):
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks], ensure_ascii=False)


@layered
def closing():
    """beta with pages that refer to one another in every way, on its way into alpha: its application."""
    beta = get_tenant("beta")
    with tenant_context(get_tenant("alpha")):
        factories.live_article("alpha", title="防汛通知", slug="flood")
    with tenant_context(beta):
        picture = factories.image(uploader="beta_editor")
        paper = factories.document(uploader="beta_editor")
        first = factories.live_article("beta", title="防汛通知", slug="flood", picture=picture)
        policy = factories.publish(factories.draft_policy("beta_editor", title="防汛办法", slug="rules"), "beta")
        text = (
            f'<p>见<a linktype="page" id="{first.pk}">通知</a>、<a linktype="document" id="{paper.pk}">附件</a>、'
            f'<a href="/news/flood/">旧写法</a>、<a href="http://beta.localhost/news/flood/#a">带锚点</a>、'
            f'<a href="https://www.gov.cn/x">外部</a>。</p>'
        )
        second = factories.draft_article("beta_editor", title="续报", slug="more")
        second.body = body(
            ("rich_text", text),
            ("image", {"image": picture.pk, "alt": "图", "caption": "", "decorative": False}),
            ("attachment", {"document": paper.pk, "title": "附件"}),
        )
        second.save_revision(user=factories.user("beta_editor"))
        second = factories.publish(second, "beta")
        factories.publish(factories.draft_interpretation(policy, "beta_editor", title="解读", slug="why"), "beta")
        named = [{"type": "policy", "value": policy.pk, "id": "00-rules"}]
        live(ServiceItem, "beta", slug="guide", policies=named)
        factories.draft_article("beta_editor", title="未发布的草稿")
        answered_survey("beta", "公布名录。")
        pin_page(first, factories.column(), timezone.localdate(), acting_user=factories.user("beta_editor"))
        list_page_in(first, [factories.column("notices")], acting_user=factories.user("beta_editor"))
    return retiring().pk


@pytest.fixture
def county(closing, alpha):
    """The site that ends, where it goes, and its application."""
    return get_tenant("beta"), alpha, SiteApplication.objects.get(pk=closing)


def begin(county):
    beta, alpha, _application = county
    beta.refresh_from_db()
    return Merge.objects.create(source=beta, destination=alpha, application=retirement_of(beta))
