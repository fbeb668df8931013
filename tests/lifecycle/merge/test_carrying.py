"""A merge carries everything with it, and can be taken back."""

import json

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.lifecycle.life import retiring

pytestmark = pytest.mark.django_db


def body(*blocks):
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks], ensure_ascii=False)


@pytest.fixture
def county(alpha):
    """beta with pages that refer to one another in every way, on its way into alpha."""
    beta = get_tenant("beta")
    with tenant_context(alpha):
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
        factories.draft_article("beta_editor", title="未发布的草稿")
    application = retiring()
    return beta, alpha, application


def begin(county):
    beta, alpha, application = county
    beta.refresh_from_db()
    return Merge.objects.create(source=beta, destination=alpha, application=retirement_of(beta))


def test_everything_is_there_and_proven(county):
    beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    assert merge.state == Merge.State.MOVED
    with tenant_context(alpha):
        assert Page.objects.filter(title="续报", live=True).count() == 1
        assert find_gate_faults()[1] == []
    checked, faults = find_merge_faults(merge)
    assert faults == [] and checked > 50
    assert not Resource.objects.filter(tenant=beta, page_id__in=[old for old, _n, row in merge.memory["pages"] if row])


def test_debug(county):
    from govplatform.review.gate.canonical import fields_of_page
    from govplatform.review.gate.digest import BOOKKEEPING

    beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        page = Page.objects.get(title="续报").specific
        a = fields_of_page(page, BOOKKEEPING)
        b = fields_of_page(page.live_revision.as_object(), BOOKKEEPING)
        for k in a:
            if a[k] != b[k]:
                print(k, a[k], b[k])
        print(a["body"])
    assert 0
