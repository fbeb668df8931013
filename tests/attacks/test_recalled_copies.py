"""What was withdrawn is gone from every reader with the same commit, and what was copied from it too, jobs or no jobs.

alpha, a city's portal, published ``copy_source``; beta, its county, made a copy of it: ``live("copy", "beta")``.
"""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import Page

from content_library.distribution.listing import RECALLED, recalled_pages, recalled_values
from content_library.distribution.queries import recall_status
from content_library.distribution.recalls.actions import recall_resource
from content_library.models import Change, Repost, Resource
from content_library.resources.exchange import export_resource
from content_library.resources.permissions import may_see
from content_library.resources.queries import ListFilter, list_resources
from content_library.resources.showing import copies_of, is_shown, may_be_shown, shown_sql
from govplatform.refusals import Refused
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.review.submission.actions import decide_review, submit_for_review, withdraw_page
from tests import factories
from tests.conftest import console_client
from tests.pushes.conftest import beta, take_down_all
from tests.reposts.conftest import corrected_at, live_at, record_of, reposted_at, resource_of

from .conftest import execute

assert beta is not None
pytestmark = pytest.mark.django_db
API = "/api/library/"
EDITOR = "beta_editor"


def recall(resource):
    return recall_resource(resource, acting_user=factories.user("alpha_content"), reason="泄密。")


def copied_again(site, page, **changes):
    """An editor copies the page in the console, changes it or not, and hands it in. Live."""
    with tenant_context(site):
        editor = factories.user(EDITOR)
        again = CopyPageAction(
            Page.objects.get(pk=page.pk).specific,
            to=factories.column("notices"),
            update_attrs={"slug": f"again-{page.pk}", "owner": editor},
            keep_live=False,
            copy_revisions=False,
            user=editor,
        ).execute()
        if changes:
            draft = again.get_latest_revision_as_object()
            for name, value in changes.items():
                setattr(draft, name, value)
            draft.save_revision(user=editor, log_action=True)
        return factories.publish(type(again).objects.get(pk=again.pk), "beta")


def statuses(citizen, page, resource):
    """(the page on beta, the resource by the API of another site)."""
    return (
        citizen("beta").get(site_path(page)).status_code,
        citizen("alpha").get(f"{API}{resource.uuid}").status_code,
    )


def told(citizen, path):
    return citizen("alpha").get(path).content.decode()


@pytest.fixture
def copy(live):
    """(the live copy on beta, the resource that it is)."""
    page = live("copy", "beta")
    return page, resource_of(page, "beta")


def test_no_reader_gives_out_a_copy_whose_origin_was_recalled(beta, live, citizen, copy, tmp_path):
    page, resource = copy
    lists = (API, f"{API}feeds/all.atom", f"{API}feeds/site/beta.atom")
    assert statuses(citizen, page, resource) == (200, 200)
    assert all(str(resource.uuid) in told(citizen, path) for path in lists)
    assert site_path(page) in citizen("beta").get("/news/").content.decode()
    file = resource.current.files.get(kind="document")
    address = f"{API}files/{file.blob_id}/{file.name}"
    recall(live.resource("copy_source"))
    # No job has run.
    assert record_of(page).state == "live"
    assert statuses(citizen, page, resource) == (410, 410)
    assert not any(str(resource.uuid) in told(citizen, path) for path in lists)
    assert citizen("alpha").get(f"{API}{resource.uuid}/document").status_code == 410
    assert citizen("alpha").get(address).status_code == 410
    for path in ("/news/", "/", "/news/feed.xml", "/sitemap.xml"):
        assert site_path(page) not in citizen("beta").get(path).content.decode(), path
    with pytest.raises(Refused, match="撤回"):
        export_resource(Resource.objects.get(pk=resource.pk), tmp_path / "out.json")


def test_nor_does_the_console_of_another_site(beta, live, copy):
    _page, resource = copy
    alpha = live.resource("article").tenant
    recall(live.resource("copy_source"))
    resource = Resource.objects.get(pk=resource.pk)
    assert not may_see(resource, alpha) and may_see(resource, beta)
    for viewer, sees in ((alpha, False), (beta, True)):
        found = list_resources(ListFilter(viewer=viewer), size=200).resources
        assert (resource.pk in {one.pk for one in found}) is sees
    found = list_resources(ListFilter(viewer=beta, withdrawn=False), size=200).resources
    assert resource.pk not in {one.pk for one in found}


def test_who_asks_what_changed_learns_of_the_copy_at_once(live, copy):
    _page, resource = copy
    recall(live.resource("copy_source"))
    assert Change.objects.filter(resource=resource).latest("pk").act == "withdrawn"
    with tenant_context(live.resource("copy_source").tenant):
        source = live("copy_source")
        source.save_revision(user=factories.user("alpha_editor"))
        factories.publish(type(source).objects.get(pk=source.pk))
    assert Change.objects.filter(resource=resource).latest("pk").act == "restored"


def test_an_origin_that_comes_back_before_the_jobs_brings_its_copies(live, citizen, copy):
    page, resource = copy
    recall(live.resource("copy_source"))
    assert statuses(citizen, page, resource) == (410, 410)
    corrected_at("alpha", live("copy_source"), title="更正过的标题")
    assert statuses(citizen, page, resource) == (200, 200)


def test_a_copy_of_a_copy_names_the_same_origin_and_goes_with_it(beta, live, citizen, copy):
    page, _resource = copy
    origin = live.resource("copy_source")
    again = copied_again(beta, page)
    resource = resource_of(again, "beta")
    assert resource.origin == origin.uuid
    assert not Repost.objects.filter(tenant=beta, page_id=again.pk).exists()
    assert set(copies_of(origin).values_list("pk", flat=True)) == {resource_of(page, "beta").pk, resource.pk}
    made = recall(origin)
    assert statuses(citizen, again, resource) == (410, 410)
    assert site_path(again) not in citizen("beta").get("/notices/").content.decode()
    assert take_down_all(made) == 3
    with tenant_context(beta):
        assert not Page.objects.get(pk=again.pk).live and not Page.objects.get(pk=page.pk).live
    assert recall_status(origin)["complete"] is True


def test_new_words_on_it_change_nothing_about_where_it_came_from(beta, live, copy):
    again = copied_again(beta, copy[0], title="改写的标题", summary="改写的摘要")
    third = copied_again(beta, again, title="再改写的标题")
    assert resource_of(third, "beta").origin == live.resource("copy_source").uuid


def test_where_it_came_from_is_cleared_with_it(beta, copy):
    """Taken away past every form, the page is no longer what was cleared."""
    page, _resource = copy
    with tenant_context(beta):
        assert find_gate_faults()[1] == []
        execute("UPDATE articles_article SET copied_from = NULL WHERE page_ptr_id = %s", [page.pk])
        assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


def test_what_is_copied_in_the_console_from_an_older_copy_says_its_origin(beta, live):
    """Copies from before pages said so themselves have the library's record alone."""
    origin = live.resource("article")
    page = reposted_at("beta", origin, "copy", live=False)
    with tenant_context(beta):
        execute("UPDATE articles_article SET copied_from = NULL WHERE page_ptr_id = %s", [page.pk])
        execute(
            "UPDATE wagtailcore_revision SET content = content - 'copied_from' WHERE object_id = %s", [str(page.pk)]
        )
        column = factories.column("notices")
    client = console_client(EDITOR, "beta")
    response = client.post(f"/admin/writing/copy/{page.pk}/", {"title": "再次复制", "column": column.pk})
    assert response.status_code == 302, response.content.decode()[:2000]
    with tenant_context(beta):
        again = Page.objects.get(title="再次复制").specific
        assert again.copied_from == origin.uuid
        assert again.get_latest_revision_as_object().copied_from == again.copied_from
        again = factories.publish(again, "beta")
    assert resource_of(again, "beta").origin == origin.uuid


def test_the_question_has_one_answer_in_sql_and_in_python(live, copy):
    """At several removes, also in a circle, which another platform may send."""
    _page, resource = copy
    origin = live.resource("copy_source")
    first, second = live.resource("second"), live.resource("third")

    def answers():
        ids = {row.pk for row in Resource.objects.filter(may_be_shown())}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT r.id FROM public.content_library_resource r WHERE {shown_sql('r')}")
            assert {row[0] for row in cursor.fetchall()} == ids
        assert {row.pk for row in Resource.objects.all() if is_shown(row)} == ids
        return ids

    Resource.objects.filter(pk=first.pk).update(origin=resource.uuid)
    Resource.objects.filter(pk=second.pk).update(origin=first.uuid)
    every = set(Resource.objects.values_list("pk", flat=True))
    assert answers() == every
    recall(origin)
    assert answers() == every - {origin.pk, resource.pk, first.pk, second.pk}
    Resource.objects.filter(pk=origin.pk).update(status="in_force", origin=second.uuid)
    assert answers() == every
    assert resource.pk in set(copies_of(origin).values_list("pk", flat=True))


def test_pages_are_asked_alike_by_both_forms(beta, live, copy):
    recall(live.resource("copy_source"))
    with tenant_context(beta), connection.cursor() as cursor:
        by_orm = set(Page.objects.filter(recalled_pages()).values_list("pk", flat=True))
        cursor.execute(f"SELECT p.id FROM wagtailcore_page p WHERE {RECALLED}", recalled_values())
        assert {row[0] for row in cursor.fetchall()} == by_orm == {copy[0].pk}


# --- handing in ---------------------------------------------------------------------------


def test_a_copy_whose_origin_was_recalled_is_not_handed_in_again(beta, live):
    resource = live.resource("article")
    page = reposted_at("beta", resource, "copy", live=False)
    with tenant_context(beta):
        submit_for_review(page, acting_user=factories.user(EDITOR))
        factories.approve(page, "beta_content")
    made = recall(resource)
    with tenant_context(beta):
        with pytest.raises(Refused, match="正在审核的请退回"):
            factories.approve(page, "beta_secret")
        decide_review(
            Page.objects.get(pk=page.pk), acting_user=factories.user("beta_secret"), approve=False, opinion="退回。"
        )
        for _before_and_after_the_jobs in range(2):
            with pytest.raises(Refused, match="来源恢复公开后可以再送审"):
                submit_for_review(Page.objects.get(pk=page.pk), acting_user=factories.user(EDITOR))
            take_down_all(made)
    # The advice holds: when the source is back, the draft may be handed in.
    corrected_at("alpha", live("article"), title="更正过的标题")
    with tenant_context(beta):
        submit_for_review(Page.objects.get(pk=page.pk), acting_user=factories.user(EDITOR))


def test_nor_is_a_copy_of_the_copy(beta, live, copy):
    with tenant_context(beta):
        again = CopyPageAction(
            Page.objects.get(pk=copy[0].pk).specific,
            to=factories.column("notices"),
            update_attrs={"slug": "again", "owner": factories.user(EDITOR)},
            keep_live=False,
            copy_revisions=True,
            user=factories.user(EDITOR),
        ).execute()
        factories.submit(again, EDITOR)
        factories.approve(again, "beta_content")
    recall(live.resource("copy_source"))
    with tenant_context(beta), pytest.raises(Refused, match="正在审核的请退回"):
        factories.approve(again, "beta_secret")


@pytest.mark.parametrize("mode", ["pinned", "mirror", "copy"])
def test_a_site_does_not_show_one_resource_on_two_pages(beta, live, mode):
    resource = live.resource("article")
    first = reposted_at("beta", resource, mode)
    with tenant_context(beta):
        withdraw_page(first, acting_user=factories.user("beta_content"), reason="换栏目。")
        first = type(first).objects.get(pk=first.pk)
        first.save_revision(user=factories.user(EDITOR))
    second = reposted_at("beta", resource, "mirror", column="notices")
    with tenant_context(beta):
        with pytest.raises(Refused, match=f"页面 {second.pk}"):
            submit_for_review(Page.objects.get(pk=first.pk), acting_user=factories.user(EDITOR))
        withdraw_page(second, acting_user=factories.user("beta_content"), reason="换回来。")
        submit_for_review(Page.objects.get(pk=first.pk), acting_user=factories.user(EDITOR))


# --- not for repost -------------------------------------------------------------------------


def forbid_reposting(page):
    return corrected_at("alpha", page, title="第二版不得转载", repostable=False)


def test_a_mirror_under_review_shows_what_was_cleared(beta, citizen):
    source, resource = live_at("alpha", title="第一版可以转载")
    mirror = reposted_at("beta", resource, "mirror", live=False)
    with tenant_context(beta):
        factories.submit(mirror, EDITOR)
    forbid_reposting(source)
    with tenant_context(beta):
        for reviewer in ("beta_content", "beta_secret"):
            factories.approve(mirror, reviewer)
    for path in (site_path(mirror), "/news/", "/"):
        shown = citizen("beta").get(path).content.decode()
        assert "第二版不得转载" not in shown, path
    assert "第一版可以转载" in citizen("beta").get(site_path(mirror)).content.decode()
    assert record_of(mirror).version == 1
    # Whatever the record says: the version itself is asked.
    Repost.objects.filter(pk=record_of(mirror).pk).update(version=2)
    assert "第二版不得转载" not in citizen("beta").get(site_path(mirror)).content.decode()


def test_one_that_was_live_before_keeps_what_it_showed(beta, citizen):
    source, resource = live_at("alpha", title="第一版可以转载")
    mirror = reposted_at("beta", resource, "mirror")
    forbid_reposting(source)
    for path in (site_path(mirror), "/news/", "/"):
        assert "第二版不得转载" not in citizen("beta").get(path).content.decode(), path
    assert "第一版可以转载" in citizen("beta").get(site_path(mirror)).content.decode()


def test_a_draft_of_it_is_not_handed_in(beta):
    source, resource = live_at("alpha", title="第一版可以转载")
    mirror = reposted_at("beta", resource, "mirror", live=False)
    forbid_reposting(source)
    with tenant_context(beta), pytest.raises(Refused, match="不得转载"):
        submit_for_review(Page.objects.get(pk=mirror.pk), acting_user=factories.user(EDITOR))


def test_nor_does_the_page_that_explains_it(beta, live, citizen):
    policy = reposted_at("beta", live.resource("policy"), "copy")
    with tenant_context(beta):
        explained = factories.publish(factories.draft_interpretation(policy, "beta_editor"), "beta")
    path = site_path(explained)
    assert site_path(policy) in citizen("beta").get(path).content.decode()
    recall(live.resource("policy"))
    # No job has run.
    assert citizen("beta").get(site_path(policy)).status_code == 410
    told = citizen("beta").get(path)
    assert told.status_code == 200
    assert site_path(policy) not in told.content.decode()
