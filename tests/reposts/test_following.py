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

from .conftest import corrected_at, live_at, record_of, reposted_at, resource_of, run_jobs

pytestmark = pytest.mark.django_db


def paragraphs(text):
    return [{"type": "rich_text", "value": f"<p>{text}</p>"}]


def at_site(site, page):
    from govplatform.tenancy.queries import get_tenant

    tenant = get_tenant(site)
    with tenant_context(tenant):
        return describe_page(Page.objects.get(pk=page.pk).specific, tenant)


def test_a_mirror_of_a_superior_source_follows_with_the_correction_itself(beta, citizen):
    source, resource = live_at("alpha", title="旧标题", body=paragraphs("旧文"))
    page = reposted_at("beta", resource)
    address = site_path(page)
    assert "旧文" in citizen("beta").get(address).content.decode()
    corrected_at("alpha", source, title="新标题", body=paragraphs("新文"))
    shown = citizen("beta").get(address).content.decode()
    assert "新文" in shown and "旧文" not in shown
    assert "新标题" in shown and "旧标题" not in shown
    told = at_site("beta", page)
    assert (told["version"], told["pending_version"]) == (2, None)
    for listing in ("/news/", "/"):
        words = citizen("beta").get(listing).content.decode()
        assert "旧标题" not in words, listing
    assert "新标题" in citizen("beta").get("/news/").content.decode()
    assert "新标题" in citizen("beta").get("/news/feed.xml").content.decode()
    with tenant_context(beta):
        assert find_gate_faults() == (1, [])


def test_a_mirror_of_a_lower_source_waits_for_the_own_reviewers(alpha, beta, citizen):
    source, resource = live_at("beta", title="县里的信息", body=paragraphs("旧文"))
    page = reposted_at("alpha", resource)
    address = site_path(page)
    corrected_at("beta", source, body=paragraphs("新文"))
    told = at_site("alpha", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (1, 2, None)
    assert run_jobs() == 2
    told = at_site("alpha", page)
    assert (told["status"], told["version"], told["pending_version"]) == ("live", 1, 2)
    assert told["next_step"] == "content"
    assert "旧文" in citizen("alpha").get(address).content.decode()
    with tenant_context(alpha):
        draft = Page.objects.get(pk=page.pk)
        factories.approve(draft, "alpha_content")
        factories.approve(draft, "alpha_secret")
    told = at_site("alpha", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (2, None, None)
    shown = citizen("alpha").get(address).content.decode()
    assert "新文" in shown and "旧文" not in shown


def test_a_correction_during_the_review_is_asked_for_when_the_review_ends(alpha, beta):
    source, resource = live_at("beta", body=paragraphs("一"))
    page = reposted_at("alpha", resource)
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


def test_a_pinned_page_stays_and_is_told(beta, citizen):
    source, resource = live_at("alpha", body=paragraphs("旧文"))
    page = reposted_at("beta", resource, "pinned")
    corrected_at("alpha", source, body=paragraphs("新文"))
    run_jobs()
    assert "旧文" in citizen("beta").get(site_path(page)).content.decode()
    told = at_site("beta", page)
    assert (told["version"], told["pending_version"], told["next_step"]) == (1, 2, None)
    with tenant_context(beta):
        assert adopt_newest_version(page, acting_user=factories.user("beta_editor"), submit=True) == 2
        factories.approve(page, "beta_content")
        factories.approve(page, "beta_secret")
    assert "新文" in citizen("beta").get(site_path(page)).content.decode()
    assert at_site("beta", page)["pending_version"] is None


def test_an_outdated_mirror_draft_is_not_submitted(beta):
    source, resource = live_at("alpha")
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
        live = factories.publish(type(draft).objects.get(pk=draft.pk), "beta")
    assert (live.version, record_of(live).version) == (2, 2)


def test_a_link_is_not_told(beta):
    source, resource = live_at("alpha")
    page = reposted_at("beta", resource, "link")
    corrected_at("alpha", source, body=paragraphs("新文"))
    assert at_site("beta", page)["pending_version"] is None


def test_a_correction_that_may_not_be_reposted_is_not_followed(beta, citizen):
    source, resource = live_at("alpha", body=paragraphs("旧文"))
    page = reposted_at("beta", resource)
    corrected_at("alpha", source, body=paragraphs("新文"), repostable=False)
    assert "旧文" in citizen("beta").get(site_path(page)).content.decode()
    assert at_site("beta", page)["pending_version"] == 2
    run_jobs()
    assert at_site("beta", page)["next_step"] is None


@pytest.mark.parametrize("mode", ["mirror", "pinned", "link", "copy"])
def test_what_the_source_withdraws_is_gone_with_the_next_request(alpha, beta, citizen, mode):
    source, resource = live_at("alpha", title="要撤回的信息", keywords="撤回词")
    with tenant_context(beta):
        factories.live_article("beta", title="旁边的信息", keywords="撤回词")
    page = reposted_at("beta", resource, mode)
    address = site_path(page)
    reader = citizen("beta")
    assert reader.get(address).status_code == (302 if mode == "link" else 200)
    assert "要撤回的信息" in reader.get("/news/").content.decode()
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回")
    with tenant_context(beta):
        assert Page.objects.get(pk=page.pk).live, "no job has run"
    gone = reader.get(address)
    assert gone.status_code == 410 and "要撤回的信息" not in gone.content.decode()
    for listing in ("/news/", "/", "/news/feed.xml", "/sitemap.xml"):
        words = reader.get(listing).content.decode()
        assert "要撤回的信息" not in words and address not in words, listing
    with tenant_context(beta):
        neighbour = Page.objects.get(title="旁边的信息")
    assert "要撤回的信息" not in reader.get(site_path(neighbour)).content.decode()
    assert run_jobs() >= 1
    with tenant_context(beta):
        assert not Page.objects.get(pk=page.pk).live
        assert find_gate_faults() == (1, [])
    assert record_of(page).state == "withdrawn"
    assert reader.get(address).status_code == 410


def test_a_draft_of_what_was_withdrawn_ends_its_review(alpha, beta):
    source, resource = live_at("alpha")
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


def test_taking_down_twice_or_after_a_restoration_does_nothing(alpha, beta, citizen):
    source, resource = live_at("alpha")
    page = reposted_at("beta", resource)
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回")
        factories.publish(_with_revision(source))
    with tenant_context(beta):
        assert take_down(record_of(page), reason="晚到的作业") == []
    assert citizen("beta").get(site_path(page)).status_code == 200
    withdraw_resource(Resource.objects.get(pk=resource.pk), reason="再次")
    with tenant_context(beta):
        assert take_down(record_of(page), reason="再次") == [site_path(page)]
        assert take_down(record_of(page), reason="再次") == []


def _with_revision(source):
    page = type(source).objects.get(pk=source.pk)
    page.save_revision(user=factories.user("alpha_editor"))
    return type(source).objects.get(pk=source.pk)


def test_withdrawn_here_it_can_be_reposted_again(beta):
    _source, resource = live_at("alpha")
    page = reposted_at("beta", resource)
    with tenant_context(beta):
        withdraw_page(page, acting_user=factories.user("beta_content"), reason="本县不适用")
        assert record_of(page).state == "withdrawn"
        made = repost_resource(
            resource, column=factories.column(), mode="link", acting_user=factories.user("beta_editor")
        )
    assert made.page_id != page.pk
    assert Repost.objects.count() == 2
    assert not Resource.objects.get(pk=resource.pk).is_withdrawn


def with_attachment(site, content, name="附表.txt"):
    from govplatform.tenancy.queries import get_tenant

    with tenant_context(get_tenant(site)):
        document = factories.document(content, name)
        return [*paragraphs("见附件"), {"type": "attachment", "value": {"document": document.pk, "title": "附表"}}]


def test_attachments_live_as_long_as_a_page_shows_them(alpha, beta, citizen):
    source, resource = live_at("alpha", body=with_attachment("alpha", b"first"))
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
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"first")
    assert "attachment" in answer.headers["Content-Disposition"]
    for other in (
        f"/library/files/{file.blob_id}/other.txt",
        f"/library/files/{'0' * 64}/{file.name}",
        "/library/files/x/y",
    ):
        assert reader.get(other).status_code == 404, other
    assert citizen("alpha").get(address).status_code == 404, "the source has its own address for it"
    corrected_at("alpha", source, body=with_attachment("alpha", b"second"))
    assert reader.get(address).status_code == 410, "the mirror shows the corrected file"
    newer = resource_of(source).current.files.get()
    assert reader.get(f"/library/files/{newer.blob_id}/{newer.name}").status_code == 200
    with tenant_context(alpha):
        withdraw_page(type(source).objects.get(pk=source.pk), acting_user=factories.user("alpha_content"), reason="撤")
    assert reader.get(f"/library/files/{newer.blob_id}/{newer.name}").status_code == 410


def test_a_copys_own_attachment_is_gone_with_the_source(alpha, beta, citizen):
    source, resource = live_at("alpha", body=with_attachment("alpha", b"copied"))
    page = reposted_at("beta", resource, "copy")
    with tenant_context(beta):
        document = next(block.value["document"] for block in page.body if block.block_type == "attachment")
        address = f"/documents/{document.pk}/{document.filename}"
    reader = citizen("beta")
    assert reader.get(address).status_code == 200
    with tenant_context(alpha):
        withdraw_page(source, acting_user=factories.user("alpha_content"), reason="撤")
    assert reader.get(address).status_code == 410


def test_the_county_shows_the_provinces_interpretation(alpha, beta, citizen):
    policy = factories.publish(factories.draft_policy(title="上级政策"))
    explained = factories.publish(factories.draft_interpretation(policy, title="上级解读"))
    policy_page = reposted_at("beta", resource_of(policy), column="policies")
    source_url = resource_of(explained).url
    html = citizen("beta").get(site_path(policy_page)).content.decode()
    assert f'<a href="{source_url}">上级解读</a>' in html
    assert "澄政发〔2026〕3号" in html and "现行有效" in html
    explained_page = reposted_at("beta", resource_of(explained), column="interpretations")
    html = citizen("beta").get(site_path(policy_page)).content.decode()
    assert f'<a href="{site_path(explained_page)}">上级解读</a>' in html
    html = citizen("beta").get(site_path(explained_page)).content.decode()
    assert f'<a href="{site_path(policy_page)}">上级政策</a>' in html
    with tenant_context(alpha):
        withdraw_page(explained, acting_user=factories.user("alpha_content"), reason="撤")
    assert "上级解读" not in citizen("beta").get(site_path(policy_page)).content.decode()


def test_a_repealed_policy_says_so_also_on_a_pinned_page(alpha, beta, citizen):
    policy = factories.publish(factories.draft_policy(title="要废止的政策"))
    page = reposted_at("beta", resource_of(policy), "pinned", column="policies")
    corrected_at("alpha", policy, validity="repealed", validity_note="由新办法代替。")
    html = citizen("beta").get(site_path(page)).content.decode()
    assert "已废止" in html and "由新办法代替" in html


def test_the_source_site_retired_and_the_repost_lives_on(beta, citizen):
    from govplatform.tenancy.models import Tenant

    _source, resource = live_at("alpha", body=paragraphs("还在"))
    page = reposted_at("beta", resource)
    Tenant.objects.filter(code="alpha").update(status=Tenant.Status.RETIRED)
    assert "还在" in citizen("beta").get(site_path(page)).content.decode()
