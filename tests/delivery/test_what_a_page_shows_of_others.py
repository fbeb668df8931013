"""A word of a vocabulary, the name and the address of another site: files that show them follow at once."""

from typing import Any

from django_tenants.utils import tenant_context

from content_library.resources.moved_sites import move_addresses
from content_library.vocabularies.actions import merge_terms, rename_term
from content_library.vocabularies.queries import find_term, get_term
from govplatform.delivery.delivering import deliver
from govplatform.delivery.models import Change
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.cases.conftest import prepare_columns
from tests.cases.test_life import cleared, handed_in
from tests.reposts.conftest import live_at, reposted_at

from .delivered import delivered_once, site
from .looking import delivered, out_of_date

__all__ = ["delivered_once", "site"]


def after(tenant: Tenant) -> list[str]:
    deliver(tenant)
    return out_of_date(tenant)


def test_a_word_of_a_vocabulary_is_followed(site: Tenant, live: Any):
    with tenant_context(site):
        page = factories.publish(factories.draft_policy(subject_class="0201"))
    assert after(site) == []
    word = find_term("subject", "0201")
    assert word is not None and word.label.encode() in (delivered(site, site_path(page)) or b"")
    rename_term(get_term("subject", "0201"), acting_user=None, label="改过名字的小类")
    assert out_of_date(site) != []
    assert after(site) == [] and "改过名字的小类".encode() in (delivered(site, site_path(page)) or b"")
    # The word above it stands before it.
    rename_term(get_term("subject", "02"), acting_user=None, label="改过名字的大类")
    assert after(site) == [] and "改过名字的大类".encode() in (delivered(site, site_path(page)) or b"")
    merge_terms(get_term("subject", "0201"), get_term("subject", "0202"), acting_user=None)
    assert after(site) == [] and "改过名字的小类".encode() not in (delivered(site, site_path(page)) or b"")
    # Of a word that no page shows no site hears.
    deliver(site)
    rename_term(get_term("subject", "0901"), acting_user=None, label="没有页面的小类")
    assert not Change.objects.filter(tenant=site).exists()


def test_the_host_of_a_source_is_followed_by_those_who_repost_it(site: Tenant, live: Any):
    """Alpha's page is shown by beta, with a link to it."""
    beta = get_tenant("beta")
    page, resource = live_at("alpha", title="会搬家的来源")
    shown = reposted_at("beta", resource)
    deliver(beta)
    assert out_of_date(beta) == []
    before, after_move = "http://alpha.localhost:8000", "http://moved.localhost:8000"
    assert before.encode() in (delivered(beta, site_path(shown)) or b"")
    assert move_addresses(site.pk, before, after_move) > 0
    assert out_of_date(beta) != []
    assert after(beta) == []
    assert f"{after_move}{site_path(page)}".encode() in (delivered(beta, site_path(shown)) or b"")
    # Its name may stand there as well.
    Change.objects.all().delete()
    site.full_name = "改过名字的网站"
    site.save()
    assert Change.objects.filter(tenant=beta, everything=False).exists()


def test_a_column_of_letters_follows_what_other_sites_answer(site: Tenant, live: Any):
    prepare_columns()
    deliver(site)
    path = "/letters/"
    assert "路灯".encode() not in (delivered(site, path) or b"")
    _case, page = handed_in()
    page = cleared(page)
    assert after(site) == [] and "路灯".encode() in (delivered(site, path) or b"")
    with tenant_context(get_tenant("beta")):
        withdraw_page(page, acting_user=factories.user("beta_content"), reason="有误。")
    assert after(site) == [] and "路灯".encode() not in (delivered(site, path) or b"")
