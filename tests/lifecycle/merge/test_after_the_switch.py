"""After the switch: what waits for somebody waits in the destination alone, and things go on from there."""

import io

import pytest
from django.core.files.base import ContentFile
from django_tenants.utils import tenant_context
from PIL import Image
from wagtail.models import Page

from govplatform.accounts.actions import deactivate_user
from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.actions import confirm_merge
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.merge.running import run_merge, verify_merge
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import retirement_of
from govplatform.refusals import Refused
from govplatform.review.models import AfterReview, RescanFinding
from govplatform.review.queries import find_gate_faults
from govplatform.review.rescans.actions import judge_rescan_finding
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.review.submission.followups import judge_after_review, open_followups
from govplatform.review.submission.queue import waiting_reviews
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.columns.actions import create_column
from sites.media.models import SiteImage, SiteRendition
from tests import factories
from tests.columns.test_addresses_below import renamed
from tests.lifecycle.life import clear_notices, merge_asked_for, retiring_beta
from tests.lifecycle.merge.county import body
from tests.review.rescan_content import WORD, forbid, rescan
from tests.review.reviewers import emergency

pytestmark = pytest.mark.django_db
__all__ = ["retiring_beta"]


@pytest.fixture
def beta(retiring_beta, alpha):
    return get_tenant("beta")


def begun(beta, alpha, **fields):
    return Merge.objects.create(source=beta, destination=alpha, application=retirement_of(beta), **fields)


def moved(beta, alpha, **fields):
    merge = begun(beta, alpha, **fields)
    carry(merge, progress=lambda *_: None)
    return merge


def test_what_waits_is_listed_in_the_destination_alone(alpha, beta):
    with tenant_context(beta):
        page = factories.draft_article("beta_editor", title="急", slug="urgent")
        submit_for_review(
            page,
            acting_user=factories.user("beta_editor"),
            emergency=emergency("beta_content", "beta_secret"),
        )
        factories.approve(page, "beta_content")
        factories.approve(page, "beta_secret")
        gone = factories.live_article("beta", title="撤", slug="gone")
        withdraw_page(gone, acting_user=factories.user("supervisor"), reason="泄密", break_glass=True)
        live = factories.live_article("beta", title="改", slug="edit")
        live.title = "改二"
        live.save_revision(user=factories.user("beta_editor"))
        submit_for_review(Article.objects.get(pk=live.pk), acting_user=factories.user("beta_editor"))
    from content_library.distribution.models import RecallReceipt

    RecallReceipt.objects.update(state=RecallReceipt.State.CONFIRMED)
    merge = moved(beta, alpha)
    seen = [(item.tenant.code, item.title) for item in open_followups(factories.user("supervisor"))]
    assert sorted(seen) == [("alpha", "急"), ("alpha", "撤")]
    assert [item.title for item in waiting_reviews(factories.user("beta_content"))] == []
    assert "改" in str([item.title for item in waiting_reviews(factories.user("alpha_content"))])
    with tenant_context(alpha):
        judge_after_review(
            AfterReview.objects.get(), acting_user=factories.user("both_content"), confirm=True, opinion="同意。"
        )
    assert verify_merge(merge)["faults"] == []


def test_what_a_rescan_found_is_judged_there(alpha, beta):
    with tenant_context(beta):
        factories.live_article(
            "beta", title="旧", slug="old", body=[{"type": "rich_text", "value": f"<p>关于{WORD}的说明。</p>"}]
        )
        forbid()
        rescan(beta)
        assert RescanFinding.objects.count() == 1
    merge = moved(beta, alpha)
    with tenant_context(alpha):
        item = RescanFinding.objects.get()
        secret = factories.user("alpha_secret")
        judge_rescan_finding(item, acting_user=secret, verdict="false_alarm", reason="是引文。")
    assert verify_merge(merge)["faults"] == []


def test_pictures_with_one_name_and_long_names_are_served_and_made_smaller_later(alpha, beta, citizen):
    def picture(name, colour, who):
        stream = io.BytesIO()
        Image.new("RGB", (1640, 960), colour).save(stream, "JPEG")
        return SiteImage.objects.create(
            title=name,
            description=name,
            file=ContentFile(stream.getvalue(), name=name),
            uploaded_by_user=factories.user(who),
        )

    for site, tenant, colour in (("alpha", alpha, "red"), ("beta", beta, "blue")):
        with tenant_context(tenant):
            for slug, name in (("same", "same.jpg"), ("long", "l" * 90 + ".jpg"), ("longer", "l" * 89 + "m.jpg")):
                one = picture(name, colour, f"{site}_editor")
                factories.publish(
                    factories.draft_article(
                        f"{site}_editor",
                        title=f"{site}{slug}",
                        slug=f"{slug}-{site}",
                        picture=one,
                        body=body(("image", {"image": one.pk, "alt": "图", "caption": "", "decorative": False})),
                    ),
                    site,
                )
        citizen(site).get(f"/news/same-{site}/")
        citizen(site).get(f"/news/long-{site}/")
    merge = moved(beta, alpha)
    assert verify_merge(merge)["faults"] == []
    with tenant_context(alpha):
        assert find_gate_faults()[1] == []
        for image in SiteImage.objects.all():
            image.get_rendition("fill-90x90")
        for rendition in SiteRendition.objects.all():
            assert rendition.is_named_after_its_image(), rendition.file.name
        urls = [rendition.url for rendition in SiteRendition.objects.all()]
    assert len(urls) > 6
    for url in urls:
        assert citizen("alpha").get(url).status_code == 200, url


def test_columns_and_pages_that_are_renamed_later_are_one_hop_away(alpha, beta):
    with tenant_context(beta):
        create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "towns", "beta_editor", title="乡镇一", slug="one"), "beta")
        factories.live_article("beta", title="甲", slug="jia")
    merge = moved(beta, alpha)
    with tenant_context(alpha):
        for slug, new in (("towns", "rural"), ("news", "dynamic")):
            renamed(slug, new)
    assert resolve_url("http://beta.localhost/towns/one/").location.endswith("/beta/rural/one/")
    assert resolve_url("http://beta.localhost/towns/").location.endswith("/beta/rural/")
    assert resolve_url("http://beta.localhost/").location.endswith(":8000/beta/")
    assert resolve_url("http://beta.localhost/news/jia/").location.endswith("/dynamic/jia/")
    assert resolve_url("http://alpha.localhost/news/jia/").location.endswith("/dynamic/jia/")
    assert verify_merge(merge)["faults"] == []
    with tenant_context(alpha):
        page = Article.objects.get(slug="jia")
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="有误")
    gone = resolve_url("http://beta.localhost/news/jia/")
    assert (gone.status, gone.title) == (410, "")
    assert verify_merge(merge)["faults"] == []


def test_taken_back_and_done_again_with_another_map(alpha, beta, citizen):
    with tenant_context(beta):
        create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        create_column("villages", title="村", column_type="news", acting_user=None)
        for slug in ("towns", "villages"):
            factories.publish(factories.draft_page(Article, slug, "beta_editor", title=slug, slug="one"), "beta")
    merge = moved(beta, alpha, wishes={"towns": "news", "villages": "news"})
    take_back(merge)
    assert citizen("beta").get("/towns/one/").status_code == 200
    with tenant_context(alpha):
        renamed("news", "dynamic")
    assert resolve_url("http://alpha.localhost/news/").location.endswith("/dynamic/")
    beta.refresh_from_db()
    again = Merge.objects.create(
        source=beta, destination=alpha, application=retirement_of(beta), wishes={"towns": "t", "villages": "v"}
    )
    carry(again, progress=lambda *_: None)
    assert verify_merge(again)["faults"] == []
    assert resolve_url("http://beta.localhost/towns/").location.endswith("8000/t/")
    assert resolve_url("http://beta.localhost/villages/").location.endswith("8000/v/")
    assert resolve_url("http://beta.localhost/villages/one/").location.endswith("8000/v/one/")


def test_whoever_began_it_is_gone_meanwhile(alpha, beta):
    merge = merge_asked_for()
    deactivate_user(factories.user("operator"), reason="离职", acting_user=None)
    merge = run_merge(merge.pk)
    assert (merge.state, merge.faults) == ("moved", []), (merge.reasons, merge.faults)
    clear_notices(merge.application)
    assert merge.verified_at is not None


def test_a_destination_that_went_offline_meanwhile(alpha, beta):
    merge = run_merge(merge_asked_for().pk)
    clear_notices(merge.application)
    Tenant.objects.filter(pk=alpha.pk).update(status="offline")
    merge = Merge.objects.get(pk=merge.pk)
    with pytest.raises(Refused):
        confirm_merge(merge, acting_user=factories.user("operator"))


def test_a_completion_notice_that_was_withdrawn_before_the_confirmation(alpha, beta):
    merge = run_merge(merge_asked_for().pk)
    clear_notices(merge.application)
    notice = merge.application.notices.get(kind="completion")
    with tenant_context(alpha):
        withdraw_page(
            Page.objects.get(pk=notice.page_id).specific, acting_user=factories.user("alpha_content"), reason="有误"
        )
    with pytest.raises(Refused, match="撤下"):
        confirm_merge(Merge.objects.get(pk=merge.pk), acting_user=factories.user("operator"))
