"""A merge carries everything with it, and can be taken back."""

import json

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.merge.carrying.taking_back import reasons_against_taking_back
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.hosts import public_url
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


def state_of(schema):
    """Table -> (rows, checksum) of a schema."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), \'\')) FROM "{schema}"."{table}" t'
            )
            found[table] = cursor.fetchone()
    return found


PUBLIC = """
SELECT 'resource', id, tenant_id, page_id, url FROM content_library_resource
UNION ALL SELECT 'version', id, revision_id, clearance_id, digest FROM content_library_resourceversion
UNION ALL SELECT 'repost', id, tenant_id, page_id, state || path FROM content_library_repost
UNION ALL SELECT 'target', id, tenant_id, page_id, state || coalesce(ended_at::text, '') FROM pushes_pushtarget
ORDER BY 1, 2
"""


def public_rows():
    with connection.cursor() as cursor:
        cursor.execute(PUBLIC)
        return cursor.fetchall()


def test_taken_back_nothing_of_it_is_left(county):
    beta, alpha, _application = county
    merge = begin(county)
    before = state_of(alpha.schema_name), state_of(beta.schema_name), public_rows()
    carry(merge, progress=lambda *_: None)
    assert state_of(alpha.schema_name)["articles_article"] != before[0]["articles_article"]
    assert reasons_against_taking_back(merge) == []
    take_back(merge)
    assert merge.state == Merge.State.REVERTED
    after = state_of(alpha.schema_name), state_of(beta.schema_name), public_rows()
    for there, then in zip(after[:2], before[:2], strict=True):
        assert {table for table in then if there[table] != then[table]} <= {"review_frameclearance"}
    assert after[2] == before[2]
    beta.refresh_from_db()
    assert beta.moved_into is None


def test_old_addresses_lead_to_the_new_ones(county):
    beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    for path, wanted in {
        "/news/flood/": "/news/flood-beta/",
        "/news/more/": "/news/more/",
        "/news/": "/news/",
        "/": "/",
    }.items():
        answer = resolve_url(f"http://beta.localhost{path}")
        assert (answer.status, answer.location) == (301, public_url(alpha, wanted)), path
