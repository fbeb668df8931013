"""A merge carries everything with it, and can be taken back."""

import pytest
from django.core.management import call_command
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page, ReferenceIndex, Revision

from content_library.distribution.models import RecallReceipt
from content_library.models import Repost, Resource
from govplatform.addresses.resolving import resolve_url
from govplatform.archive.models import Archive
from govplatform.audit.models import Entry
from govplatform.cases.contact import decrypt
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.merge.carrying.taking_back import reasons_against_taking_back
from govplatform.lifecycle.merge.planning import plan_merge
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.lifecycle.models import Merge
from govplatform.lifecycle.states.actions import lead_to_archive
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.frame.queries import find_frame_faults
from govplatform.review.models import Withdrawal
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.hosts import archive_url, public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.articles.models import Article
from sites.columns.actions import create_column
from sites.columns.models import Column, Listing, Pin
from sites.media.models import SiteImage
from sites.service_guides.models import ServiceItem
from sites.surveys.models import Answer, SurveySender
from sites.surveys.results import results_of
from tests import factories
from tests.reposts.conftest import record_of, reposted_at

from .county import begin, body, closing, county

__all__ = ["closing", "county"]
pytestmark = pytest.mark.django_db


def find_everything(*tenants):
    """Enter all pages and files into the console's search and the index of references, as jobs do."""
    for tenant in tenants:
        with tenant_context(tenant):
            call_command("wagtail_update_index", verbosity=0)
            call_command("rebuild_references_index", verbosity=0)


def test_what_the_console_finds_and_refers_to_goes_along(county):
    beta, alpha, _application = county
    find_everything(beta, alpha)
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        page = Page.objects.get(title="续报")
        assert [one.pk for one in Page.objects.search("续报")] == [page.pk]
        links = ReferenceIndex.get_references_for_object(page)
        carried = {str(new) for _old, new, is_row in merge.memory["pages"] if is_row}
        assert {one.to_object_id for one in links if one.to_content_type.model == "page"} <= carried
        assert len({(one.to_content_type_id, one.to_object_id) for one in links}) == 3
    assert find_merge_faults(merge)[1] == []


def test_everything_is_there_and_proven(county):
    beta, alpha, _application = county
    merge = begin(county)
    plan = plan_merge(beta, alpha)
    carry(merge, progress=lambda *_: None)
    assert merge.state == Merge.State.MOVED
    with tenant_context(alpha):
        assert Page.objects.filter(title="续报", live=True).count() == 1
        assert find_gate_faults()[1] == []
        # Answers to a survey are counted and read where its page is now; that one address has given one goes along.
        answer = Answer.objects.get()
        assert answer.survey.live and results_of(answer.survey).total == 1
        assert answer.texts.get().survey_id == answer.survey_id
        assert decrypt(answer.contact, str(answer.key)).name == "顾客" and SurveySender.objects.get().count == 1
        pin, listing = Pin.objects.get(), Listing.objects.get()
        assert pin.page_id == listing.page_id == Page.objects.get(slug="flood-beta").pk
        assert (pin.column.slug, listing.column.slug) == ("news", "notices")
        assert pin.page_id in factories.column("notices").items().values_list("pk", flat=True)
    checked, faults = find_merge_faults(merge)
    assert faults == [] and checked > 50
    assert {name: plan.counts[name] for name in ("pages", "revisions", "files", "addresses")} == {
        name: merge.counts[name] for name in ("pages", "revisions", "files", "addresses")
    }
    assert not Resource.objects.filter(tenant=beta, page_id__in=[old for old, _n, row in merge.memory["pages"] if row])


def state_of(schema):
    """Table -> (rows, checksum) of a schema."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(
                "SELECT count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
                f' FROM "{schema}"."{table}" t'
            )
            found[table] = cursor.fetchone()
    return found


PUBLIC = """
SELECT 'resource', id, tenant_id, page_id, url || coalesce(interprets_page::text, '') FROM content_library_resource
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
    _beta, alpha, _application = county
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


def test_the_chain_of_the_source_ends_with_it_and_the_other_names_it(county):
    beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    for tenant in (alpha, beta):
        last = Entry.objects.filter(chain=tenant.schema_name).order_by("-number").first()
        assert last.act == "merge.switch"
        assert (last.detail["source"], last.detail["destination"]) == ("beta", "alpha")


def test_dates_numbers_and_versions_are_those_of_the_source(county):
    beta, alpha, _application = county
    with tenant_context(beta):
        own = Article.objects.live().exclude(title__contains="迁移公告")
        before = {page.title: (page.first_published_at, page.index_number) for page in own}
    numbers = set(Resource.objects.filter(tenant=beta).values_list("uuid", "number"))
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        ids = [new for _old, new, is_row in merge.memory["pages"] if is_row]
        after = {p.title: (p.first_published_at, p.index_number) for p in Article.objects.filter(pk__in=ids)}
    assert after == before and all(number for _at, number in after.values())
    assert set(Resource.objects.filter(tenant=alpha, page_id__in=ids).values_list("uuid", "number")) <= numbers
    for resource in Resource.objects.filter(tenant=alpha, page_id__in=ids):
        with tenant_context(alpha):
            page = Page.objects.get(pk=resource.page_id)
            assert resource.url == public_url(alpha, site_path(page))
            clearance = page.clearances.get(status="valid")
        assert (resource.current.clearance_id, resource.current.revision_id) == (clearance.pk, clearance.revision_id)
    policy, why = Resource.objects.get(title="防汛办法"), Resource.objects.get(title="解读")
    assert (why.interprets, why.interprets_page) == (policy.uuid, policy.page_id)
    with tenant_context(alpha):
        guide = ServiceItem.objects.get(slug="guide")
        assert guide.named_on() == guide.get_latest_revision_as_object().named_on() == [policy.page_id]


def test_what_the_county_withdrew_stays_withdrawn_and_its_drafts_stay_behind(county):
    beta, alpha, _application = county
    with tenant_context(beta):
        gone = Page.objects.get(slug="why").specific
        withdraw_page(gone, acting_user=factories.user("beta_content"), reason="有误")
    RecallReceipt.objects.update(state=RecallReceipt.State.CONFIRMED)
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        carried = Page.objects.get(slug="why")
        assert not carried.live and carried.first_published_at is not None
        assert Withdrawal.objects.filter(page_id=carried.pk).count() == 1
        assert not Page.objects.filter(title="未发布的草稿").exists()
    assert next(left["count"] for left in merge.not_moved if left["kind"] == "草稿") == 1
    answer = resolve_url("http://beta.localhost/policies/why/")
    assert answer.status in (404, 410)


def test_columns_without_a_counterpart_come_below_a_channel_with_cleared_words(county):
    beta, alpha, _application = county
    with tenant_context(beta):
        made = create_column("towns", title="乡镇动态", column_type="news", acting_user=None)
        factories.publish(factories.draft_page(Article, "towns", "beta_editor", title="乡镇一", slug="one"), "beta")
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        channel = Column.objects.get(slug="beta")
        assert channel.title == beta.full_name and channel.live
        towns = Column.objects.get(slug="towns")
        assert towns.get_parent().pk == channel.pk and towns.url_path.endswith("/beta/towns/")
        assert [child.title for child in towns.get_children()] == ["乡镇一"]
        assert find_frame_faults(alpha) == []
        assert Page.find_problems() == ([], [], [], [], [])
        later = channel.add_child(instance=Column(title="以后", slug="later", column_type="news", live=False))
        assert later.path > towns.path
    assert made.pk


def test_a_mirror_of_what_the_portal_published_becomes_the_original(county):
    _beta, alpha, _application = county
    origin = Resource.objects.get(tenant=alpha, title="防汛通知")
    repost = record_of(reposted_at("beta", origin))
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    assert [repost.page_id, origin.page_id] in [pair[:2] for pair in merge.memory["pages"]]
    assert Repost.objects.get(pk=repost.pk).state == Repost.State.WITHDRAWN
    path = Repost.objects.get(pk=repost.pk).path
    assert resolve_url(f"http://beta.localhost{path}").location == public_url(alpha, "/news/flood/")
    take_back(merge)
    assert Repost.objects.get(pk=repost.pk).state == Repost.State.LIVE


def test_changes_since_are_named_before_anything_is_taken_back(county):
    _beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        page = Page.objects.get(title="续报").specific
        page.title = "续报（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
        link = f'<p><a linktype="page" id="{page.pk}">见</a></p>'
        other = factories.draft_article("alpha_editor", title="引用", slug="cites", body=body(("rich_text", link)))
        ReferenceIndex.create_or_update_for_object(other)
    told = {(one["title"], one["what"]) for one in reasons_against_taking_back(merge)}
    assert ("续报", "有了新版本") in told
    assert ("引用", "引用了迁入的页面或文件") in told
    take_back(merge)
    with tenant_context(alpha):
        assert not Page.objects.filter(title__startswith="续报").exists()
        assert not Revision.objects.filter(object_id=str(page.pk)).exists()


def test_what_was_decided_on_there_since_is_not_deleted(county):
    _beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    before = public_rows()
    with tenant_context(alpha):
        page = Page.objects.get(title="续报").specific
        page.title = "续报（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
        factories.publish(page, "alpha")
    with pytest.raises(Refused, match="新的审查记录"):
        take_back(merge)
    assert Merge.objects.get(pk=merge.pk).state == Merge.State.MOVED
    assert len(public_rows()) == len(before) + 1
    assert find_merge_faults(merge)[1] == []


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        ("DELETE FROM {d}.wagtailcore_pagelogentry WHERE page_id = {page}", "row"),
        (
            "UPDATE {d}.articles_article SET body = jsonb_set(body, '{{0,value}}', '\"<p>换了</p>\"')"
            " WHERE page_ptr_id = {page}",
            "gate",
        ),
        (
            "UPDATE {d}.wagtailcore_revision SET content = jsonb_set(content, '{{summary}}', '\"换了\"')"
            " WHERE id = (SELECT min(id) FROM {d}.wagtailcore_revision WHERE object_id = '{page}')",
            "row",
        ),
        ("UPDATE public.addresses_address SET to_object = 999999999 WHERE to_object = {page}", "address"),
        (
            "UPDATE public.content_library_resource SET url = 'http://beta.localhost:8000/news/more/'"
            " WHERE page_id = {page} AND title = '续报'",
            "resource",
        ),
    ],
)
def test_the_proof_finds_what_is_not_as_it_was(county, spoil, kind):
    _beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        page = Page.objects.get(title="续报").pk
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(spoil.format(d=alpha.schema_name, page=page))
        assert cursor.rowcount
    assert kind in {fault["kind"] for fault in find_merge_faults(merge)[1]}


def test_a_file_that_was_altered_on_its_way_is_found(county):
    _beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        image = SiteImage.objects.get(file__contains=f"/m{merge.pk}/")
        with open(image.file.path, "ab") as stream:
            stream.write(b"x")
    assert {"file", "gate"} <= {fault["kind"] for fault in find_merge_faults(merge)[1]}


def test_what_stays_is_read_in_the_archive_when_the_site_is_retired(county, tmp_path):
    beta, alpha, _application = county
    merge = begin(county)
    merge.wishes = {"policies": "-"}
    merge.save()
    with tenant_context(beta):
        paths = {page.title: site_path(page) for page in Page.objects.filter(title__in=["续报", "防汛办法"])}
    carry(merge, progress=lambda *_: None)
    assert next(left["count"] for left in merge.not_moved if left["kind"] == "栏目内的信息") >= 1
    asked = "http://beta.localhost" + paths["防汛办法"]
    assert resolve_url(asked).status == 410
    archive = Archive.objects.create(
        tenant=beta, name="beta", folder=str(tmp_path), state=Archive.State.DONE, verdict=Archive.Verdict.WHOLE
    )
    Tenant.objects.filter(pk=beta.pk).update(status=Tenant.Status.RETIRED)
    beta.refresh_from_db()
    with holding(beta.schema_name):
        assert lead_to_archive(beta) > 1
    answer = resolve_url(asked)
    assert (answer.status, answer.location) == (301, archive_url(f"/{archive.pk}/at{paths['防汛办法']}"))
    assert resolve_url("http://beta.localhost" + paths["续报"]).location == public_url(alpha, "/news/more/")


@pytest.mark.parametrize("behind", ["beta", "alpha"])
def test_sites_of_different_age_are_brought_in_line_first(county, behind):
    merge = begin(county)
    schema = get_tenant(behind).schema_name
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {schema}.django_migrations WHERE (app, name) = ('media', '0005_carried_files')")
    with pytest.raises(Refused, match="migrate_fleet"):
        carry(merge, progress=lambda *_: None)
    with pytest.raises(Refused, match=get_tenant(behind).full_name):
        carry(merge, progress=lambda *_: None)
