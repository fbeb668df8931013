"""Corrections and withdrawals at the source: mirrors follow, pinned ones are told, what was taken back is gone."""

from urllib.parse import quote

import pytest
from django.utils.html import escape
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Repost, Resource
from content_library.resources.actions import withdraw_resource
from govplatform.refusals import Refused
from govplatform.review.queries import describe_page, find_gate_faults, site_path
from govplatform.review.submission.actions import withdraw_page
from sites.reposts.actions import adopt_newest_version, repost_resource, take_down
from tests import factories
from tests.pages import ATTACHED, paragraphs, with_attachment

from .conftest import corrected_at, record_of, reposted_at, resource_of, run_jobs

pytestmark = pytest.mark.django_db


def at_site(site, page):
    from govplatform.tenancy.queries import get_tenant

    tenant = get_tenant(site)
    with tenant_context(tenant):
        return describe_page(Page.objects.get(pk=page.pk).specific, tenant)


def test_a_mirror_of_a_superior_source_follows_with_the_correction_itself(beta, live, citizen):
    source, page = live("mirror_source"), live("mirror", "beta")
    address = site_path(page)
    assert "来源正文" in citizen("beta").get(address).content.decode()
    corrected_at("alpha", source, title="新标题", body=paragraphs("新文"))
    shown = citizen("beta").get(address).content.decode()
    assert "新文" in shown and "来源正文" not in shown
    assert "新标题" in shown and "来源标题甲" not in shown
    told = at_site("beta", page)
    assert (told["version"], told["pending_version"]) == (2, None)
    for listing in ("/news/", "/"):
        words = citizen("beta").get(listing).content.decode()
        assert "来源标题甲" not in words, listing
    assert "新标题" in citizen("beta").get("/news/").content.decode()
    assert "新标题" in citizen("beta").get("/news/feed.xml").content.decode()
    with tenant_context(beta):
        assert find_gate_faults() == (6, [])


def test_a_mirror_of_a_lower_source_waits_for_the_own_reviewers(alpha, live, citizen):
    source = live("article", "beta")
    page = reposted_at("alpha", live.resource("article", "beta"))
    address = site_path(page)
    corrected_at("beta", source, body=paragraphs("新文"))
    told = at_site("alpha", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (1, 2, None)
    # The mirror is asked and brought up; and what the search has of both pages.
    assert run_jobs() == 2 + 2
    told = at_site("alpha", page)
    assert (told["status"], told["version"], told["pending_version"]) == ("live", 1, 2)
    assert told["next_step"] == "content"
    assert "县里的正文" in citizen("alpha").get(address).content.decode()
    with tenant_context(alpha):
        draft = Page.objects.get(pk=page.pk)
        factories.approve(draft, "alpha_content")
        factories.approve(draft, "alpha_secret")
    told = at_site("alpha", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (2, None, None)
    shown = citizen("alpha").get(address).content.decode()
    assert "新文" in shown and "县里的正文" not in shown


def test_a_correction_during_the_review_is_asked_for_when_the_review_ends(alpha, live):
    source = live("article", "beta")
    page = reposted_at("alpha", live.resource("article", "beta"))
    corrected_at("beta", source, body=paragraphs("二"))
    run_jobs()
    corrected_at("beta", source, body=paragraphs("三"))
    run_jobs()
    with tenant_context(alpha):
        draft = Page.objects.get(pk=page.pk)
        factories.approve(draft, "alpha_content")
        factories.approve(draft, "alpha_secret")
    run_jobs()
    told = at_site("alpha", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (2, 3, "content")


def test_a_pinned_page_stays_and_is_told(beta, live, citizen):
    source, page = live("pinned_source"), live("pinned", "beta")
    corrected_at("alpha", source, body=paragraphs("新文"))
    run_jobs()
    assert "来源正文" in citizen("beta").get(site_path(page)).content.decode()
    told = at_site("beta", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (1, 2, None)
    with tenant_context(beta):
        assert adopt_newest_version(page, acting_user=factories.user("beta_editor"), submit=True) == 2
        factories.approve(page, "beta_content")
        factories.approve(page, "beta_secret")
    assert "新文" in citizen("beta").get(site_path(page)).content.decode()
    assert at_site("beta", page)["pending_version"] is None


def test_an_outdated_mirror_draft_is_not_submitted(beta, live):
    source, resource = live("article"), live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    corrected_at("alpha", source, body=paragraphs("新文"))
    with tenant_context(beta):
        if (record := record_of(draft)).pending is None:
            assert record.version == 2
        with pytest.raises(Refused) as refusal:
            factories.submit(draft, "beta_editor")
        assert "第 2 版" in "".join(refusal.value.reasons)
    run_jobs()
    with tenant_context(beta):
        page = factories.publish(type(draft).objects.get(pk=draft.pk), "beta")
    assert (page.version, record_of(page).version) == (2, 2)


def test_a_link_is_not_told(beta, live):
    source, page = live("link_source"), live("link", "beta")
    corrected_at("alpha", source, body=paragraphs("新文"))
    assert at_site("beta", page)["pending_version"] is None


def test_a_correction_that_may_not_be_reposted_is_not_followed(beta, live, citizen):
    source, page = live("mirror_source"), live("mirror", "beta")
    corrected_at("alpha", source, body=paragraphs("新文"), repostable=False)
    assert "来源正文" in citizen("beta").get(site_path(page)).content.decode()
    assert at_site("beta", page)["pending_version"] == 2
    run_jobs()
    assert at_site("beta", page)["next_step"] is None


@pytest.mark.parametrize("mode", ["mirror", "pinned", "link", "copy"])
def test_what_the_source_withdraws_is_gone_with_the_next_request(alpha, beta, live, citizen, mode):
    source, page, neighbour = live(f"{mode}_source"), live(mode, "beta"), live("second", "beta")
    address, title = site_path(page), source.title
    reader = citizen("beta")
    assert reader.get(address).status_code == (302 if mode == "link" else 200)
    assert title in reader.get(site_path(neighbour)).content.decode(), "as a related item"
    assert title in reader.get("/news/").content.decode()
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回")
    with tenant_context(beta):
        assert Page.objects.get(pk=page.pk).live, "no job has run"
    gone = reader.get(address)
    assert gone.status_code == 410 and title not in gone.content.decode()
    for listing in ("/news/", "/", "/news/feed.xml", "/sitemap.xml"):
        words = reader.get(listing).content.decode()
        assert title not in words and address not in words, listing
    assert title not in reader.get(site_path(neighbour)).content.decode()
    assert run_jobs() >= 1
    with tenant_context(beta):
        assert not Page.objects.get(pk=page.pk).live
        assert find_gate_faults() == (5, [])
    assert record_of(page).state == "withdrawn"
    assert reader.get(address).status_code == 410


def test_a_draft_of_what_was_withdrawn_ends_its_review(alpha, beta, live):
    source, resource = live("article"), live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        factories.submit(draft, "beta_editor")
        factories.approve(draft, "beta_content")
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回")
    with tenant_context(beta), pytest.raises(Refused) as refusal:
        factories.approve(draft, "beta_secret")
    assert "撤回" in "".join(refusal.value.reasons)
    run_jobs()
    assert at_site("beta", draft)["next_step"] is None
    assert record_of(draft).state == "withdrawn"


def test_taking_down_twice_or_after_a_restoration_does_nothing(alpha, beta, live, citizen):
    source, resource = live("mirror_source"), live.resource("mirror_source")
    page = live("mirror", "beta")
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回")
        factories.publish(_with_revision(source))
    with tenant_context(beta):
        assert take_down(page.pk, reason="晚到的作业") == []
    assert citizen("beta").get(site_path(page)).status_code == 200
    withdraw_resource(Resource.objects.get(pk=resource.pk), reason="再次")
    with tenant_context(beta):
        assert take_down(page.pk, reason="再次") == [site_path(page)]
        assert take_down(page.pk, reason="再次") == []


def _with_revision(source):
    page = type(source).objects.get(pk=source.pk)
    page.save_revision(user=factories.user("alpha_editor"))
    return type(source).objects.get(pk=source.pk)


def test_withdrawn_here_it_can_be_reposted_again(beta, live):
    resource = live.resource("mirror_source")
    page = live("mirror", "beta")
    with tenant_context(beta):
        withdraw_page(page, acting_user=factories.user("beta_content"), reason="本县不适用")
        assert record_of(page).state == "withdrawn"
        made = repost_resource(
            resource, column=factories.column(), mode="link", acting_user=factories.user("beta_editor")
        )
    assert made.page_id != page.pk
    assert Repost.objects.filter(resource=resource).count() == 2
    assert not Resource.objects.get(pk=resource.pk).is_withdrawn


def test_attachments_live_as_long_as_a_page_shows_them(alpha, beta, live, citizen):
    source, resource = live("paper"), live.resource("paper")
    file = resource.current.files.get()
    address = f"/library/files/{file.blob_id}/{file.name}"
    reader = citizen("beta")
    draft = reposted_at("beta", resource, live=False)
    assert reader.get(address).status_code == 404, "a draft shows nothing"
    with tenant_context(beta):
        page = factories.publish(draft, "beta")
    html = reader.get(site_path(page)).content.decode()
    assert escape(f"/library/files/{file.blob_id}/{quote(file.name)}") in html
    assert "library:blob" not in html
    answer = reader.get(address)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, ATTACHED)
    assert "attachment" in answer.headers["Content-Disposition"]
    for other in (
        f"/library/files/{file.blob_id}/other.txt",
        f"/library/files/{'0' * 64}/{file.name}",
        "/library/files/x/y",
    ):
        assert reader.get(other).status_code == 404, other
    assert citizen("alpha").get(address).status_code == 404, "the source has its own address for it"
    with tenant_context(alpha):
        another = with_attachment("见附件。", b"second")
    corrected_at("alpha", source, body=another)
    assert reader.get(address).status_code == 410, "the mirror shows the corrected file"
    newer = resource_of(source).current.files.get()
    assert reader.get(f"/library/files/{newer.blob_id}/{newer.name}").status_code == 200
    with tenant_context(alpha):
        withdraw_page(type(source).objects.get(pk=source.pk), acting_user=factories.user("alpha_content"), reason="撤")
    assert reader.get(f"/library/files/{newer.blob_id}/{newer.name}").status_code == 410


def test_a_copys_own_attachment_is_gone_with_the_source(alpha, beta, live, citizen):
    source, page = live("copy_source"), live("copy", "beta")
    with tenant_context(beta):
        document = next(block.value["document"] for block in page.body if block.block_type == "attachment")
        address = f"/documents/{document.pk}/{document.filename}"
    reader = citizen("beta")
    assert reader.get(address).status_code == 200
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="撤")
    assert reader.get(address).status_code == 410


def test_the_county_shows_the_provinces_interpretation(alpha, live, citizen):
    policy, explained = live("policy"), live("interpretation")
    policy_page = reposted_at("beta", resource_of(policy), column="policies")
    source_url = resource_of(explained).url
    html = citizen("beta").get(site_path(policy_page)).content.decode()
    assert f'<a href="{source_url}">{explained.title}</a>' in html
    assert "澄政发〔2026〕3号" in html and "现行有效" in html
    explained_page = reposted_at("beta", resource_of(explained), column="interpretations")
    html = citizen("beta").get(site_path(policy_page)).content.decode()
    assert f'<a href="{site_path(explained_page)}">{explained.title}</a>' in html
    html = citizen("beta").get(site_path(explained_page)).content.decode()
    assert f'<a href="{site_path(policy_page)}">{policy.title}</a>' in html
    with tenant_context(alpha):
        withdraw_page(explained, acting_user=factories.user("alpha_content"), reason="撤")
    assert explained.title not in citizen("beta").get(site_path(policy_page)).content.decode()


def test_a_repealed_policy_says_so_also_on_a_pinned_page(alpha, live, citizen):
    policy = live("policy")
    page = reposted_at("beta", resource_of(policy), "pinned", column="policies")
    corrected_at("alpha", policy, validity="repealed", validity_note="由新办法代替。")
    html = citizen("beta").get(site_path(page)).content.decode()
    assert "已废止" in html and "由新办法代替" in html


def test_the_source_site_retired_and_the_repost_lives_on(live, citizen):
    from govplatform.tenancy.models import Tenant

    page = live("mirror", "beta")
    Tenant.objects.filter(code="alpha").update(status=Tenant.Status.RETIRED)
    assert "来源正文" in citizen("beta").get(site_path(page)).content.decode()
