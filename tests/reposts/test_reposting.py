"""From the library to a page of another site: modes, provenance, rights, refusals."""

import uuid

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from govplatform.refusals import Refused
from govplatform.review.queries import describe_page, find_gate_faults, site_path
from sites.reposts.actions import repost_resource
from tests import factories

from .conftest import corrected_at, live_at, record_of, reposted_at, resource_of

pytestmark = pytest.mark.django_db


def test_a_mirror_is_a_draft_that_goes_through_the_own_review(beta, citizen):
    _page, resource = live_at("alpha", title="城市公告", summary="摘要一句")
    draft = reposted_at("beta", resource, live=False)
    record = record_of(draft)
    assert (draft.title, draft.summary, draft.source) == ("城市公告", "摘要一句", resource.tenant.full_name)
    assert (record.state, record.mode, record.version, record.published_at) == ("draft", "mirror", 1, None)
    path = site_path(draft)
    assert citizen("beta").get(path).status_code == 404
    with tenant_context(beta):
        factories.submit(draft, "beta_editor")
        assert record_of(draft).state == "in_review"
        factories.approve(draft, "beta_content")
        factories.approve(draft, "beta_secret")
        live = type(draft).objects.get(pk=draft.pk)
        assert find_gate_faults() == (1, [])
    assert live.live and live.index_number == ""
    record = record_of(draft)
    assert (record.state, record.version, record.pending, record.path) == ("live", 1, None, path)
    assert record.published_at == live.first_published_at
    assert Resource.objects.count() == 1, "a repost enters the library as what it is of, not as another resource"


def test_the_page_names_and_links_its_source(live, citizen):
    resource, page = live.resource("mirror_source"), live("mirror", "beta")
    html = citizen("beta").get(page.url_path.removeprefix("/home")).content.decode()
    assert f'<link rel="canonical" href="{resource.url}">' in html
    assert f'来源：<a href="{resource.url}">云江省澄州市人民政府</a>' in html
    assert '<meta name="ContentSource" content="云江省澄州市人民政府">' in html
    assert f'<meta name="Url" content="{resource.url}">' in html
    assert '<meta name="SiteName" content="澄州市白石县人民政府">' in html
    assert "来源正文" in html and "来源标题甲" in html
    assert html.count('name="ArticleTitle"') == 1


def test_returned_and_taken_back_are_seen_in_the_library(beta, live):
    from govplatform.review.submission.actions import decide_review, take_back

    resource = live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        factories.submit(draft, "beta_editor")
        take_back(draft, acting_user=factories.user("beta_editor"))
        assert record_of(draft).state == "draft"
        factories.submit(draft, "beta_editor")
        decide_review(draft, acting_user=factories.user("beta_content"), approve=False, opinion="不适合本县。")
        assert record_of(draft).state == "rejected"
        factories.submit(type(draft).objects.get(pk=draft.pk), "beta_editor")
        assert record_of(draft).state == "in_review"


def test_a_deleted_draft_leaves_no_record(beta, live):
    resource = live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        draft.delete()
    assert not Repost.objects.filter(resource=resource).exists()
    assert reposted_at("beta", resource, live=False).pk


def test_a_link_leads_to_the_source(live, citizen):
    resource, page = live.resource("link_source"), live("link", "beta")
    assert "来源标题丙" in citizen("beta").get("/news/").content.decode()
    answer = citizen("beta").get(site_path(page))
    assert (answer.status_code, answer.headers["Location"]) == (302, resource.url)


def test_a_copy_is_an_own_article_that_keeps_its_origin(beta, citizen):
    _source, resource = live_at(
        "alpha",
        title="要复制的信息",
        body=[
            {"type": "heading", "value": {"level": "2", "text": "一、背景"}},
            {"type": "rich_text", "value": "<p>第一段<b>重点</b>。</p><ul><li>甲</li><li>乙</li></ul>"},
            {"type": "table", "value": {"caption": "表题", "header_row": True, "rows": [["名称", "数"], ["甲", "1"]]}},
        ],
    )
    page = reposted_at("beta", resource, "copy")
    assert type(page).__name__ == "Article"
    with tenant_context(beta):
        kinds = [block.block_type for block in page.body]
        assert kinds == ["heading", "rich_text", "table"]
        assert "<b>重点</b>" in str(page.body[1].value.source) and "<li>甲</li>" in str(page.body[1].value.source)
        assert page.body[2].value["rows"] == [["名称", "数"], ["甲", "1"]] or [
            list(row) for row in page.body[2].value["rows"]
        ] == [["名称", "数"], ["甲", "1"]]
    own = resource_of(page, "beta")
    assert own.origin == resource.uuid
    record = record_of(page)
    assert (record.mode, record.state) == ("copy", "live")


def test_a_copied_policy_is_a_policy_document(live):
    page = reposted_at("beta", live.resource("policy"), "copy", column="policies", live=False)
    assert type(page).__name__ == "PolicyDocument"
    assert (page.document_number, page.addressee, str(page.issued_on)) == (
        "澄政发〔2026〕3号", "各县、区人民政府，市政府各部门：", "2026-03-02",
    )  # fmt: skip


def test_a_repost_of_a_copy_resolves_to_the_origin(alpha, beta, live):
    own = live.resource("copy", "beta")
    with pytest.raises(Refused) as refusal:
        reposted_at("alpha", own)
    assert "本站的信息" in refusal.value.reasons[0], "it would come back to where it began"
    with pytest.raises(Refused) as refusal:
        reposted_at("beta", own)
    assert "已经转载" in refusal.value.reasons[0]


def test_a_loop_of_origins_ends(alpha, beta, live):
    from content_library.distribution.reposting import origin_of

    first = live.resource("article")
    second = live.resource("second")
    Resource.objects.filter(pk=first.pk).update(origin=second.uuid)
    Resource.objects.filter(pk=second.pk).update(origin=first.uuid)
    assert origin_of(Resource.objects.get(pk=first.pk)).pk in (first.pk, second.pk)


@pytest.mark.parametrize("mode", ["mirror", "pinned", "copy"])
def test_nothing_is_reposted_into_its_own_site(alpha, live, mode):
    resource = live.resource("article")
    with pytest.raises(Refused) as refusal:
        reposted_at("alpha", resource, mode)
    assert "请用链接方式" in refusal.value.reasons[0]


def test_the_same_resource_twice_names_the_page_that_is_there(live):
    resource = live.resource("article")
    first = reposted_at("beta", resource, live=False)
    with pytest.raises(Refused) as refusal:
        reposted_at("beta", resource, "pinned", column="notices", live=False)
    assert f"页面 {first.pk}" in refusal.value.reasons[0] and "普通信息" in refusal.value.reasons[0]


@pytest.mark.parametrize("username", ["alpha_editor", "beta_content", "beta_admin", "outsider", "supervisor"])
def test_only_editors_of_the_receiving_site_repost(beta, live, username):
    resource = live.resource("article")
    with tenant_context(beta), pytest.raises(Refused) as refusal:
        repost_resource(resource, column=factories.column(), mode="mirror", acting_user=factories.user(username))
    assert "澄州市白石县人民政府" in refusal.value.reasons[0]


def test_what_is_not_for_repost_is_refused_in_words(beta):
    _page, resource = live_at("alpha", repostable=False)
    with pytest.raises(Refused) as refusal:
        reposted_at("beta", resource)
    assert "不得转载" in refusal.value.reasons[0]


def test_a_mark_set_later_stops_the_draft(beta, live):
    page, resource = live("article"), live.resource("article")
    draft = reposted_at("beta", resource, "pinned", live=False)
    corrected_at("alpha", page, repostable=False)
    with tenant_context(beta), pytest.raises(Refused) as refusal:
        factories.submit(draft, "beta_editor")
    assert "不得转载" in "".join(refusal.value.reasons)


def test_what_does_not_exist_or_is_withdrawn_is_refused(beta, live):
    from content_library.resources.actions import withdraw_resource
    from content_library.resources.queries import get_resource

    resource = live.resource("article")
    withdraw_resource(resource, reason="测试")
    with pytest.raises(Refused) as refusal:
        reposted_at("beta", Resource.objects.get(pk=resource.pk))
    assert "撤回" in refusal.value.reasons[0]
    with pytest.raises(Refused):
        get_resource(uuid.uuid4())


def test_an_unknown_mode_names_the_known_ones(beta, live):
    resource = live.resource("article")
    with pytest.raises(Refused) as refusal:
        reposted_at("beta", resource, "alias", live=False)
    assert "mirror" in refusal.value.reasons[0]


def test_show_page_tells_mode_and_versions(beta, live):
    page = live("pinned", "beta")
    with tenant_context(beta):
        told = describe_page(page, beta)
    assert (told["mode"], told["version"], told["pending_version"]) == ("pinned", 1, None)


def test_the_digest_covers_resource_mode_version_and_the_versions_own_digest(beta, live):
    from govplatform.review.gate.digest import page_digest

    resource = live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        before = page_digest(draft)
        for name, value in (
            ("resource", uuid.uuid4()), ("mode", "pinned"), ("version", 2), ("version_digest", "0" * 64),
        ):  # fmt: skip
            changed = type(draft).objects.get(pk=draft.pk)
            setattr(changed, name, value)
            assert page_digest(changed) != before, name


def test_a_scan_reads_the_text_and_the_files_of_the_source(beta):
    from content_library.models import ResourceFile

    attachment = [{"type": "rich_text", "value": "<p>联系人手机 13800138000</p>"}]
    with tenant_context(factories_tenant("alpha")):
        document = factories.document(b"inside the file", "附表.txt")
        attachment.append({"type": "attachment", "value": {"document": document.pk, "title": "附表"}})
    _page, resource = live_at("alpha", body=attachment)
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        pieces = "\n".join(piece.text for piece in draft.scan_pieces())
        files = draft.scan_files()
        assert "13800138000" in pieces
        assert [file.sm3 for file in files] == [ResourceFile.objects.get().blob_id]
        with files[0].open() as stream:
            assert stream.read() == b"inside the file"


def factories_tenant(code):
    from govplatform.tenancy.queries import get_tenant

    return get_tenant(code)
