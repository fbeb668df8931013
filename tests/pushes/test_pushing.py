"""Who pushes to whom, and what stands on the receiving site afterwards."""

import json

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import Push, PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.selectors import describe_selectors
from content_library.distribution.queries import push_status
from content_library.distribution.reposting import reposter
from content_library.models import Repost
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.queue import waiting_reviews
from sites.reposts.models import RepostPage
from tests import factories
from tests.reposts.conftest import record_of, reposted_at

from .conftest import deliver_all, set_status, target_of


def pushed(resource, who="alpha_content", to="site=beta"):
    push = push_resource(resource, selector=to, acting_user=factories.user(who))
    deliver_all(push)
    return push


def test_a_push_becomes_a_submitted_mirror_in_the_column_of_its_kind(beta, live):
    resource = live.resource("article")
    push = pushed(resource)
    target = target_of(push)
    assert (target.state, target.reason) == ("delivered", "")
    with tenant_context(beta):
        page = RepostPage.objects.get(pk=target.page_id)
        assert (page.get_parent().slug, page.mode, page.live, page.workflow_in_progress) == (
            "news", "mirror", False, True,
        )  # fmt: skip
    assert record_of(page).state == Repost.State.IN_REVIEW
    row = push_status(resource)["targets"][0]
    assert (row["site"], row["state"], row["page"], row["late"]) == ("beta", "in_review", page.pk, False)


def test_the_receiving_reviewers_publish_it_as_any_page(beta, live, citizen):
    resource = live.resource("article")
    target = target_of(pushed(resource))
    with tenant_context(beta):
        page = RepostPage.objects.get(pk=target.page_id)
        factories.approve(page, "beta_content")
        factories.approve(page, "beta_secret")
        page.refresh_from_db()
    assert page.live
    assert citizen("beta").get(record_of(page).path).status_code == 200
    assert push_status(resource)["targets"][0]["state"] == "live"


def test_the_queue_shows_the_clock_of_the_push(beta, live):
    from datetime import timedelta

    from content_library.distribution.models import PushTarget

    resource = live.resource("article")
    target = target_of(pushed(resource))
    earlier = target.due_at - timedelta(hours=20)
    PushTarget.objects.filter(pk=target.pk).update(due_at=earlier)
    with tenant_context(beta):
        waiting = waiting_reviews(factories.user("beta_content"))
    assert [(item.page_id, item.deadline) for item in waiting] == [(target.page_id, earlier)]


def test_the_limit_is_that_of_each_sites_rule_pack(beta, live):
    from datetime import timedelta

    from govplatform.tenancy.models import Tenant

    Tenant.objects.filter(pk=beta.pk).update(rule_pack="jiangsu")
    resource = live.resource("article")
    push = pushed(resource)
    assert target_of(push).due_at - push.requested_at == timedelta(hours=12)


@pytest.mark.parametrize("username", ["alpha_editor", "beta_content", "beta_editor", "alpha_secret", "alpha_admin"])
def test_only_content_reviewers_of_the_source_and_supervisors_push(beta, live, username):
    resource = live.resource("article")
    with pytest.raises(Refused) as refusal:
        push_resource(resource, selector="site=beta", acting_user=factories.user(username))
    assert "编辑不能推送" in refusal.value.reasons[0]
    assert not Push.objects.exists()


def test_a_supervisor_pushes_upwards_a_site_does_not(beta, live):
    resource = live.resource("article", "beta")
    with pytest.raises(Refused) as refusal:
        push_resource(resource, selector="site=alpha", acting_user=factories.user("beta_content"))
    assert "下级" in refusal.value.reasons[0]
    push = pushed(resource, "supervisor", "site=alpha")
    assert target_of(push, "alpha").state == "delivered"


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("", "请写明推送范围"),
        ("everybody", "看不懂"),
        ("level=village", "village"),
        ("level=", "没有写内容"),
        ("site=beta,gamma", "gamma"),
        ("parent=gamma", "gamma"),
        ("kind=console", "console"),
        ("level=county;level=city", "写了两次"),
        ("level=province", "没有别的站点"),
        ("site=alpha", "没有别的站点"),
    ],
)
def test_wrong_selectors_are_refused_in_words(beta, live, selector, words):
    resource = live.resource("article")
    with pytest.raises(Refused) as refusal:
        push_resource(resource, selector=selector, acting_user=factories.user("alpha_content"))
    assert words in str(refusal.value)


@pytest.mark.parametrize("selector", ["level=county", "parent=alpha", "site=beta", "kind=portal;parent=alpha"])
def test_selectors_combine(beta, live, selector):
    resource = live.resource("article")
    push = push_resource(resource, selector=selector, acting_user=factories.user("alpha_content"))
    assert [target.tenant.code for target in push.targets.select_related("tenant")] == ["beta"]


def test_pushed_twice_there_is_one_draft_and_two_duties(beta, live):
    resource = live.resource("article")
    first, second = pushed(resource), pushed(resource)
    assert target_of(first).page_id == target_of(second).page_id
    assert Repost.objects.filter(tenant=beta, resource=resource).count() == 1
    assert len(push_status(resource)["targets"]) == 2


def test_what_the_site_reposted_itself_does_the_duty(beta, live):
    resource = live.resource("mirror_source")
    own = live("mirror", "beta")
    push = pushed(resource)
    assert target_of(push).page_id == own.pk
    assert push_status(resource)["targets"][0]["state"] == "live"


@pytest.mark.parametrize("status", ["offline", "preparing", "retired"])
def test_a_site_that_does_not_run_gets_it_when_it_runs_again(beta, live, status):
    resource = live.resource("article")
    set_status("beta", status)
    push = pushed(resource)
    target = target_of(push)
    assert (target.state, target.page_id) == ("postponed", None) and "恢复运行" in target.reason
    set_status("beta", "live")
    deliver_all(push)
    assert target_of(push).state == "delivered"


def test_a_source_that_is_withdrawn_meanwhile_is_not_delivered(beta, live):
    from content_library.resources.actions import withdraw_resource

    resource = live.resource("article")
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    withdraw_resource(resource, reason="测试")
    deliver_all(push)
    target = target_of(push)
    assert target.state == "refused" and "撤回" in target.reason
    assert not Repost.objects.filter(tenant=beta, resource=resource).exists()


def test_a_rejection_reaches_who_pushed_with_its_reason(beta, live):
    from govplatform.review.submission.from_the_shell import decide_from_the_shell

    resource = live.resource("article")
    target = target_of(pushed(resource))
    with tenant_context(beta):
        page = Page.objects.get(pk=target.page_id)
        decide_from_the_shell(
            page, acting_user=factories.user("beta_content"), approve=False, opinion="与本县情况不符。"
        )
    row = push_status(resource)["targets"][0]
    assert (row["state"], row["rejection"]) == ("rejected", "与本县情况不符。")
    target.refresh_from_db()
    assert target.rejected_by.startswith("乙内审")


def test_nobody_who_pushed_reviews_the_page(beta, live):
    """both_content is a content reviewer of either site: who pushed had a hand in it."""
    resource = live.resource("article")
    target = target_of(pushed(resource, "both_content"))
    with tenant_context(beta):
        page = RepostPage.objects.get(pk=target.page_id)
        with pytest.raises(Refused) as refusal:
            factories.approve(page, "both_content")
    assert "提交" in str(refusal.value)


def test_the_mapping_names_the_column(beta, live):
    from content_library.distribution.pushes.columns import map_column

    resource = live.resource("second")
    assert resource.subject_class == "0201"
    with tenant_context(beta):
        admin = factories.user("beta_admin")
        map_column(beta, kind="", subject_class="", column="notices", acting_user=admin)
        map_column(beta, kind="", subject_class="02", column="policies", acting_user=admin)
        with pytest.raises(Refused):
            map_column(beta, kind="", subject_class="", column="nowhere", acting_user=admin)
        with pytest.raises(Refused):
            map_column(beta, kind="", subject_class="", column="news", acting_user=factories.user("beta_editor"))
    target = target_of(pushed(resource))
    with tenant_context(beta):
        assert Page.objects.get(pk=target.page_id).get_parent().slug == "policies"


#: Tables about a page, and how each names it.
_TABLES = {
    "wagtailcore_page": "id",
    "reposts_repostpage": "page_ptr_id",
    "wagtailcore_revision": "object_id::bigint",
    "review_submission": "page_id",
    "wagtailcore_workflowstate": "object_id::bigint",
    "wagtailcore_pagelogentry": "page_id",
    "content_library_repost": "page_id",
    "confidentiality_scan": "page_id",
}
#: What differs between any two pages: ids, times, names, persons.
_DIFFERS = frozenset(
    {
        "id", "path", "slug", "url_path", "title", "draft_title", "translation_key", "latest_revision_id",
        "latest_revision_created_at", "page_ptr_id", "resource", "version_digest", "object_id", "object_str",
        "created_at", "user_id", "content", "page_id", "revision_id", "submitted_by_id", "submitted_at",
        "requested_by_id", "current_task_state_id", "workflow_state_id", "started_at", "label", "timestamp", "data",
        "resource_id", "updated_at", "digest", "queued_at", "finished_at", "owner_id", "uuid",
    }
)  # fmt: skip


def _rows(beta, page_id):
    """Table -> what stands there about a page, without what differs anyway."""
    told = {}
    with tenant_context(beta), connection.cursor() as cursor:
        for table, key in _TABLES.items():
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {key} = %s", [page_id])
            told[table] = cursor.fetchall()
        cursor.execute(
            "SELECT to_jsonb(t)::text FROM wagtailcore_taskstate t JOIN wagtailcore_workflowstate w"
            " ON w.id = t.workflow_state_id WHERE w.object_id = %s",
            [str(page_id)],
        )
        told["wagtailcore_taskstate"] = cursor.fetchall()
    return {
        # As a set: what is made row by row says twice in Wagtail's log that it was created.
        table: {
            json.dumps({k: v for k, v in json.loads(text).items() if k not in _DIFFERS}, sort_keys=True)
            for (text,) in rows
        }
        for table, rows in told.items()
    }


def test_the_rows_are_those_that_an_editors_submission_writes(beta, live):
    resource = live.resource("article")
    second = live.resource("third")
    own = reposted_at("beta", resource, live=False)
    with tenant_context(beta):
        page = RepostPage.objects.get(pk=own.pk)
        submit_for_review(page, acting_user=factories.user("beta_editor"))
        factories.scan_now(page, acting_user=None)
    assert _rows(beta, own.pk) == _rows(beta, target_of(pushed(second)).page_id)


def test_the_tree_stays_whole(beta, live):
    resource = live.resource("article")
    second = live.resource("second")
    pushed(resource), pushed(second)
    with tenant_context(beta):
        assert Page.find_problems() == ([], [], [], [], [])
        draft = factories.draft_article("beta_editor")
        assert draft.path not in Page.objects.exclude(pk=draft.pk).values_list("path", flat=True)
        assert [column.slug for column in reposter().columns()][:2] == ["news", "notices"]


def test_pushing_stands_in_the_chains_of_both_sites(beta, live):
    resource = live.resource("article")
    pushed(resource)
    acts = set(Entry.objects.filter(chain="site_alpha").values_list("act", flat=True))
    assert "push.push" in acts
    there = Entry.objects.filter(chain="site_beta", detail__push__isnull=False)
    assert set(there.values_list("act", flat=True)) == {"library.repost", "review.submit"}
    assert PushTarget.objects.get().state == "delivered"


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("level=city,county;parent=alpha", "市级、县级站点，“{alpha}”以下的全部站点"),
        ("kind=portal", "门户网站"),
        ("site=alpha,gone", "{alpha}、gone"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_scope_is_shown_in_words(alpha, selector, words):
    assert describe_selectors([selector]) == {selector: words.format(alpha=alpha.full_name)}
