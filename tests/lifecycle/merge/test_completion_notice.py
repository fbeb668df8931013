"""The completion notice says where the content went, column by column, in words that its reviewers see."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.models import Merge, SiteNotice
from govplatform.lifecycle.notices.texts import notice_text
from govplatform.tenancy.queries import get_tenant

from ..life import carried_merge, retiring_beta

pytestmark = pytest.mark.django_db
__all__ = ["carried_merge", "retiring_beta"]


def test_each_column_is_named_with_its_address_of_now(carried_merge):
    merge = Merge.objects.get(pk=carried_merge)
    notice, _made = SiteNotice.objects.get_or_create(
        application=merge.application, kind=SiteNotice.Kind.COMPLETION, site=merge.destination
    )
    told = [line for line in notice_text(notice).paragraphs if "现在的网址" in line]
    with tenant_context(get_tenant("beta")):
        columns = dict(Page.objects.live().filter(depth=3, show_in_menus=True).values_list("slug", "title"))
    there = {slug: resolve_url(f"http://beta.localhost:8000/{slug}/") for slug in columns}
    led = {slug: answer.location for slug, answer in there.items() if answer.status == 301}
    assert led and all(address.startswith("http://alpha.localhost") for address in led.values())
    assert sorted(told) == sorted(f"原“{columns[slug]}”栏目现在的网址：{address}。" for slug, address in led.items())
