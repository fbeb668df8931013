"""Attacks on reposts: the database edited by hand, stored bytes exchanged, sources that vanish, topics, leaks."""

from pathlib import Path

import pytest
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.blobs import blob_name, blob_storage
from content_library.resources.exchange import export_resource
from content_library.resources.queries import describe_resource, get_resource
from govplatform.confidentiality.models import PublicCopy
from govplatform.refusals import Refused
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import TopicPage
from sites.reposts.actions import repost_resource
from sites.reposts.models import RepostPage
from tests import factories
from tests.attacks.conftest import execute, refused
from tests.reposts.conftest import corrected_at, live_at, reposted_at

pytestmark = pytest.mark.django_db


def address_of(file):
    return f"/library/files/{file.blob_id}/{file.name}"


@pytest.mark.parametrize("username", ["alpha_content", "alpha_secret", "alpha_admin", "alpha_auditor", "beta_editor"])
def test_nobody_but_the_sites_own_editors_reposts_into_it(alpha, live, username):
    resource = live.resource("article", "beta")
    with pytest.raises(Refused, match="没有编辑角色"):
        repost_resource(resource, column=factories.column(), mode="mirror", acting_user=factories.user(username))
    assert not Repost.objects.filter(resource=resource).exists() and not RepostPage.objects.exists()


def test_versions_resources_and_records_withstand_sql(live):
    page, resource, file = live("paper"), live.resource("paper"), live.file("paper")
    with refused():
        execute(
            "UPDATE public.content_library_resourceversion SET html = '<p>改写</p>' WHERE id = %s",
            [resource.current_id],
        )
    for table, key in (
        ("resourceversion", resource.current_id), ("resource", resource.pk), ("resourcefile", file.pk),
    ):  # fmt: skip
        with refused():
            execute(f"DELETE FROM public.content_library_{table} WHERE id = %s", [key])
    with refused():
        execute("UPDATE public.content_library_resource SET uuid = gen_random_uuid() WHERE id = %s", [resource.pk])
    with refused():
        execute("UPDATE public.content_library_resource SET number = 'x' WHERE id = %s", [resource.pk])
    with refused():
        execute("UPDATE public.content_library_change SET reason = 'x'")
    with refused():
        execute("TRUNCATE public.content_library_resourcefile")
    with tenant_context(get_tenant("alpha")), refused():
        execute("UPDATE articles_article SET index_number = 'x' WHERE page_ptr_id = %s", [page.pk])


def test_a_version_that_nobody_cleared_is_named_by_verify_gate(live, citizen):
    shown = live("pinned", "beta")
    newer = corrected_at("alpha", live("pinned_source"), title="没有审过的第二版").current
    with tenant_context(get_tenant("beta")):
        assert find_gate_faults()[1] == []
        execute("UPDATE reposts_repostpage SET version = 2 WHERE page_ptr_id = %s", [shown.pk])
    # A number without its digest shows nothing at all.
    assert citizen("beta").get(site_path(shown)).status_code == 410
    with tenant_context(get_tenant("beta")):
        execute("UPDATE reposts_repostpage SET version_digest = %s WHERE page_ptr_id = %s", [newer.digest, shown.pk])
        assert [fault["page"] for fault in find_gate_faults()[1]] == [shown.pk]


def test_a_repost_goes_live_by_sql_no_more_than_any_page(live):
    draft = reposted_at("beta", live.resource("article"), live=False)
    with tenant_context(get_tenant("beta")), refused():
        execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", [draft.pk])


def test_exchanged_bytes_reach_nobody(live, citizen, tmp_path):
    resource, file = live.resource("mirror_source"), live.file("mirror_source")
    address = address_of(file)
    assert b"".join(citizen("beta").get(address).streaming_content) == b"attachment of mirror"
    storage = blob_storage()
    path = storage.path(blob_name(file.blob_id))
    Path(path).write_bytes(b"something else")
    assert citizen("beta").get(address).status_code == 404
    assert citizen("alpha").get(f"/api/library/files/{file.blob_id}/{file.name}").status_code == 404
    with pytest.raises(Refused):
        export_resource(get_resource(resource.uuid), tmp_path / "x.json")


def test_files_of_what_is_not_shown_here_have_no_address(live, citizen):
    file = live.file("paper")
    address = address_of(file)
    assert citizen("beta").get(address).status_code == 404
    reposted_at("beta", live.resource("paper"), live=False)
    assert citizen("beta").get(address).status_code == 404
    for name in ("other.txt", "%2e%2e", f"{file.name}/x"):
        assert citizen("beta").get(f"/library/files/{file.blob_id}/{name}").status_code == 404
    assert citizen("beta").get(f"/library/files/{'../' * 20}etc/passwd").status_code == 404


@pytest.mark.parametrize("mode", ["mirror", "pinned"])
def test_attachments_after_a_withdrawal_are_gone_on_every_site(live, citizen, mode):
    page, shown, file = live(f"{mode}_source"), live(mode, "beta"), live.file(f"{mode}_source")
    address = address_of(file)
    assert citizen("beta").get(address).status_code == 200
    with tenant_context(get_tenant("alpha")):
        document = f"/documents/{page.body[1].value['document'].pk}/{file.name}"
        assert citizen("alpha").get(document).status_code == 200
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    assert citizen("beta").get(address).status_code == 410
    assert citizen("beta").get(site_path(shown)).status_code == 410
    assert citizen("alpha").get(document).status_code == 410


def test_a_public_copy_exchanged_in_the_database_enters_no_library(live):
    page = live("rich")
    with tenant_context(get_tenant("alpha")):
        assert PublicCopy.objects.filter(kind="image", object_id=page.picture_id).update(sm3="0" * 64) == 1
        with pytest.raises(Refused, match="公众副本"):
            page.library_record()


def test_topics_gather_reposts_and_drop_what_was_recalled(db, citizen):
    page, resource = live_at("alpha", title="放水安排", keywords="放水")
    reposted_at("beta", resource)
    with tenant_context(get_tenant("beta")):
        topic = factories.draft_page(TopicPage, "news", "beta_editor", title="专题", keywords="放水")
        topic = factories.publish(topic, "beta")
        assert [item["title"] for section in topic.gathered() for item in section["items"]] == ["放水安排"]
    corrected_at("alpha", page, title="放水安排（更正）")
    with tenant_context(get_tenant("beta")):
        found = topic.gathered()
        assert [section["title"] for section in found] == ["最新动态"]
        assert [item["title"] for section in found for item in section["items"]] == ["放水安排（更正）"]
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    with tenant_context(get_tenant("beta")):
        assert topic.gathered() == []


def test_what_is_withheld_or_withdrawn_or_marked(live):
    _page, marked = live_at("alpha", repostable=False)
    with pytest.raises(Refused, match="不得转载"):
        reposted_at("beta", marked)
    with pytest.raises(Refused, match="不能在网站发布"):
        live_at("alpha", disclosure="on_request")
    withheld = live.resource("second")
    Resource.objects.filter(pk=withheld.pk).update(disclosure="on_request")
    with pytest.raises(Refused, match="主动公开"):
        reposted_at("beta", Resource.objects.get(pk=withheld.pk))
    with tenant_context(get_tenant("alpha")):
        withdraw_page(live("article"), acting_user=factories.user("alpha_content"), reason="来源有误。")
    with pytest.raises(Refused, match="撤回"):
        reposted_at("beta", live.resource("article"))


def test_copies_of_copies_and_loops_keep_the_first_origin(live):
    copied = live.resource("copy", "beta")
    assert copied.origin == live.resource("copy_source").uuid
    # Back to where it came from: that is alpha's own text.
    with pytest.raises(Refused, match="就是本站的信息"):
        reposted_at("alpha", copied, "copy")
    # And the repost of the copy on its own site is the repost of the origin, which is there already.
    with pytest.raises(Refused, match="已经转载"):
        reposted_at("beta", copied, "mirror")


def test_an_export_tells_nothing_of_those_who_made_it(live, tmp_path):
    resource = live.resource("article")
    with tenant_context(get_tenant("alpha")):
        draft = live("article")
        draft.title = "还没有审的改动"
        draft.save_revision(user=factories.user("alpha_editor"))
    reposted_at("beta", resource, live=False)
    export_resource(get_resource(resource.uuid), tmp_path / "x.json")
    written = (tmp_path / "x.json").read_text()
    people = [factories.user(name) for name in ("alpha_editor", "alpha_content", "alpha_secret")]
    words = ["还没有审的改动", "beta", "console", "review", "clearance"]
    for word in [*words, *(str(p.username) for p in people), *(p.get_full_name() or p.username for p in people)]:
        assert word not in written, word


def test_pages_of_what_was_taken_down_stay_described(live):
    page, resource = live("mirror_source"), live.resource("mirror_source")
    with tenant_context(get_tenant("alpha")):
        withdraw_page(page, acting_user=factories.user("alpha_content"), reason="来源有误。")
    told = describe_resource(get_resource(resource.uuid))
    assert told["status"] == "withdrawn"
    assert len(told["versions"]) == ResourceVersion.objects.filter(resource=resource).count() == 1
