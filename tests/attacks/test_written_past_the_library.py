"""Rows of the common library that were written past the product are named: API, feeds and lists show them."""

import pytest
from django_tenants.utils import tenant_context

from content_library.models import ResourceVersion
from content_library.resources.record_faults import find_record_faults
from content_library.resources.records import version_digest
from govplatform.tenancy.queries import get_tenant
from tests.verbs import call_verb

from .conftest import execute, past_the_gate
from .test_library_imports import bring, outside

__all__ = ["bring", "outside"]

pytestmark = pytest.mark.django_db

KINDS = ("article", "policy", "interpretation", "rich", "topic")


def problems(site: str | None = "alpha") -> list[str]:
    if site is None:
        return [fault["problem"] for fault in find_record_faults(None)[1]]
    tenant = get_tenant(site)
    with tenant_context(tenant):
        return [fault["problem"] for fault in find_record_faults(tenant)[1]]


def test_what_the_product_wrote_is_whole(live):
    for site in ("alpha", "beta"):
        tenant = get_tenant(site)
        with tenant_context(tenant):
            checked, faults = find_record_faults(tenant)
        assert (checked >= (len(KINDS) if site == "alpha" else 1), faults) == (True, [])
    for kind in KINDS:
        assert live.resource(kind).current.number >= 1


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("title", "没有审过的标题", "标题"),
        ("url", "https://elsewhere.example/", "网址"),
    ],
)
def test_a_column_rewritten_by_sql_is_named(live, column, value, named):
    resource = live.resource("policy")
    execute(f"UPDATE public.content_library_resource SET {column} = %s WHERE id = %s", [value, resource.pk])
    [problem] = problems()
    assert named in problem


def test_another_index_number_is_named(live):
    past_the_gate("content_library_resource", live.resource("policy"), number="000000000/2026-00001")
    assert problems() == ["索引号与来源页面不同"]


def test_a_version_inserted_by_sql_is_named(live):
    """Its digest may be right: it is not what the page says."""
    resource = live.resource("article")
    made = ResourceVersion.objects.get(pk=resource.current_id)
    made.pk, made.number, made.html = None, made.number + 1, "<p>没有审过的正文</p>"
    made.digest = version_digest(made.metadata, made.html, made.text, [])
    made.save(force_insert=True)
    execute("UPDATE public.content_library_resource SET current_id = %s WHERE id = %s", [made.pk, resource.pk])
    assert problems() == ["内容与来源页面不同"]


def test_a_version_whose_text_was_rewritten_is_named(live):
    version = live.resource("article").current
    past_the_gate("content_library_resourceversion", version, html="<p>没有审过的正文</p>")
    assert problems() == ["版本的内容与它的摘要不符"]


def test_the_version_of_another_resource_is_named(live):
    one, other = live.resource("article"), live.resource("policy")
    execute("UPDATE public.content_library_resource SET current_id = %s WHERE id = %s", [other.current_id, one.pk])
    assert problems() == ["当前版本属于另一条资源"]


def test_what_came_from_another_platform_is_held_to_its_digest(live, outside, bring):
    resource = bring(outside)
    assert problems(None) == []
    execute("UPDATE public.content_library_resource SET title = '没有审过' WHERE id = %s", [resource.pk])
    assert problems(None) == ["标题与版本不符"]


def test_a_resource_whose_page_is_not_public_is_named(live):
    page = live("article")
    with tenant_context(get_tenant("alpha")):
        past_the_gate("wagtailcore_page", page, live=False)
    assert problems() == ["来源页面没有公开"]


def test_the_verb_names_them_by_site(live):
    assert call_verb("library", "verify", "--json").returncode == 0
    resource = live.resource("policy")
    execute("UPDATE public.content_library_resource SET url = 'https://x.example/' WHERE id = %s", [resource.pk])
    done = call_verb("library", "verify", "--site", "alpha", "--json")
    assert done.returncode == 1
    assert str(resource.uuid) in done.stdout and '"alpha"' in done.stdout
    assert call_verb("library", "verify", "--site", "beta", "--json").returncode == 0
