"""Citizens and editors have been there between the switch and the reversal: what nobody misses stands in no way."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page, PageSubscription

from govplatform.addresses.models import Address
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.actions import request_merge, revert_merge
from govplatform.lifecycle.merge.carrying.taking_back import reasons_against_taking_back
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.media.models import SiteImage
from tests import factories

from ..life import retiring_beta

pytestmark = pytest.mark.django_db
__all__ = ["retiring_beta"]


@pytest.fixture
def asked_merge(alpha, retiring_beta):
    """A live page of the source has a picture, and the merge is asked for."""
    beta = get_tenant("beta")
    with tenant_context(beta):
        factories.live_article("beta", title="有图", slug="pictured", picture=factories.image(uploader="beta_editor"))
    return request_merge(beta, alpha, acting_user=factories.user("operator"), queued=False).pk


def carried(merge_id):
    """The merge, the page in the destination and its picture."""
    merge = run_merge(merge_id)
    assert (merge.state, merge.faults) == ("moved", [])
    page = Article.objects.get(slug="pictured")
    return merge, page, SiteImage.objects.get(pk=page.picture_id)


def revert(merge, **how):
    return revert_merge(
        Merge.objects.get(pk=merge.pk), acting_user=factories.user("operator"), reason="栏目有误。", **how
    )


def test_a_picture_that_a_citizen_saw_in_another_size_is_no_loss(
    alpha, asked_merge, django_capture_on_commit_callbacks
):
    with tenant_context(alpha):
        merge, _page, picture = carried(asked_merge)
        made = picture.get_rendition("width-37")
        address, storage, name = made.url, made.file.storage, made.file.name
        assert Address.objects.filter(tenant=alpha, path=address, state="public").exists()
        assert reasons_against_taking_back(merge) == []
    with django_capture_on_commit_callbacks(execute=True):
        assert revert(merge).state == "reverted"
    with tenant_context(alpha):
        assert not SiteImage.objects.filter(pk=picture.pk).exists()
        assert not Address.objects.filter(tenant=alpha, path=address, state="public").exists()
        assert not storage.exists(name)
    assert resolve_url(f"http://alpha.localhost{address}").status == 410


def test_a_saved_draft_is_told_as_lost_and_given_up_with_the_subscription_of_its_editor(alpha, asked_merge):
    with tenant_context(alpha):
        merge, page, _picture = carried(asked_merge)
        page.title = "有图（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
        PageSubscription.objects.create(user=factories.user("alpha_editor"), page=page, comment_notifications=True)
    with pytest.raises(Refused) as refused:
        revert(merge)
    told = "".join(refused.value.reasons)
    assert "“有图”：有了新版本" in told.replace(f"（页面 {page.pk}）", "")
    assert "subscription" not in told and "None" not in told
    assert revert(merge, anyway=True).state == "reverted"
    with tenant_context(alpha):
        assert not Page.objects.filter(pk=page.pk).exists()


def test_what_a_page_of_the_destination_shows_has_to_be_taken_out_of_it_first(alpha, asked_merge):
    with tenant_context(alpha):
        merge, _page, picture = carried(asked_merge)
        own = factories.draft_page(Article, "news", "alpha_editor", title="自己的信息", slug="own", picture=picture)
    with pytest.raises(Refused, match="自己的信息"):
        revert(merge, anyway=True)
    merge.refresh_from_db()
    assert merge.state == "moved"
    with tenant_context(alpha):
        assert Article.objects.get(pk=own.pk).picture_id == picture.pk
