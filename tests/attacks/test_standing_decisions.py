"""Under a standing decision goes out what was pushed, on the page made for it; whatever anybody touched is read first.

alpha, a city's portal, pushes to beta, one of its counties, whose reviewers trust the city.
"""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page, Revision

from content_library.distribution.models import PushTarget, StandingClearance
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.delivery import deliver
from content_library.distribution.standing import (
    approve_standing_clearance,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from content_library.models import Repost
from govplatform.review.models import Decision
from govplatform.review.submission.actions import decide_review, submit_for_review, take_back
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant
from sites.reposts.actions import repost_resource
from tests import factories
from tests.pushes.conftest import beta, deliver_all, follow_up, target_of
from tests.reposts.conftest import corrected_at

from .conftest import execute

assert beta is not None
OWN_WORDS = "县里自己写的、没有人审过的正文"


@pytest.fixture
def trusting(beta):
    """beta, with a standing decision for everything from its city."""
    trust(beta)
    return beta


def trust(beta, **scope):
    proposer = factories.user("beta_content")
    with tenant_context(beta):
        made = propose_standing_clearance(acting_user=proposer, reason="信任。", **{"level": "city", **scope})
        approve_standing_clearance(made, acting_user=factories.user("beta_secret"), opinion="同意。")


def push(resource):
    return push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))


def delivered(resource):
    """The draft is there, and nothing has followed it yet."""
    made = push(resource)
    deliver(list(made.targets.values_list("pk", flat=True)))
    return target_of(made)


def reposted(beta, resource, mode, **changes):
    """An editor's own draft, rewritten and handed in."""
    editor = factories.user("beta_editor")
    with tenant_context(beta):
        made = repost_resource(resource, column=factories.column(), mode=mode, acting_user=editor)
        page = Page.objects.get(pk=made.page_id).specific
        if changes:
            edit(page, **changes)
        submit_for_review(page, acting_user=editor)
    return page


def edit(page, **changes):
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=factories.user("beta_editor"), log_action=True)


def waits_for_its_reviewers(target, why):
    """Not live, no opinion given by nobody, and the one who pushed reads why."""
    with tenant_context(target.tenant):
        page = Page.objects.get(pk=target.page_id)
        assert not page.live
        assert page.workflow_in_progress
        assert not Decision.objects.filter(page_id=page.pk, verdict="approved").exists()
    assert why in PushTarget.objects.get(pk=target.pk).reason


def test_a_copy_that_its_editor_rewrote_is_not_what_was_pushed(trusting, live):
    resource = live.resource("article")
    page = reposted(trusting, resource, "copy", title=OWN_WORDS)
    made = push(resource)
    deliver_all(made)
    assert target_of(made).page_id == page.pk
    waits_for_its_reviewers(target_of(made), "不是这次推送生成的")


@pytest.mark.parametrize("mode", ["mirror", "pinned"])
def test_a_repost_that_the_site_made_itself_is_none_of_the_delivery_s(trusting, live, mode):
    resource = live.resource("article")
    reposted(trusting, resource, mode)
    made = push(resource)
    deliver_all(made)
    waits_for_its_reviewers(target_of(made), "不是这次推送生成的")


def test_what_the_reviewers_returned_does_not_come_back_by_another_push(beta, live):
    resource = live.resource("article")
    first = push(resource)
    deliver_all(first)
    page_id = target_of(first).page_id
    with tenant_context(beta):
        page = Page.objects.get(pk=page_id)
        decide_review(page, acting_user=factories.user("beta_content"), approve=False, opinion="不适用于本县。")
        submit_for_review(Page.objects.get(pk=page_id), acting_user=factories.user("beta_editor"))
    trust(beta)
    second = push(resource)
    deliver_all(second)
    waits_for_its_reviewers(target_of(second), "不是这次推送生成的")


def test_nor_does_it_by_the_push_that_made_it(trusting, live):
    target = delivered(live.resource("article"))
    with tenant_context(trusting):
        page = Page.objects.get(pk=target.page_id)
        decide_review(page, acting_user=factories.user("beta_content"), approve=False, opinion="不适用于本县。")
        submit_for_review(Page.objects.get(pk=page.pk), acting_user=factories.user("beta_editor"))
    follow_up([target.pk])
    waits_for_its_reviewers(target, "重新送审")


def test_what_was_taken_back_and_handed_in_again_is_read(trusting, live):
    target, editor = delivered(live.resource("article")), factories.user("beta_editor")
    with tenant_context(trusting):
        take_back(Page.objects.get(pk=target.page_id), acting_user=editor)
        submit_for_review(Page.objects.get(pk=target.page_id), acting_user=editor)
    follow_up([target.pk])
    waits_for_its_reviewers(target, "重新送审")


def test_what_an_editor_changed_about_it_is_read(trusting, live):
    target, editor = delivered(live.resource("article")), factories.user("beta_editor")
    with tenant_context(trusting):
        page = Page.objects.get(pk=target.page_id).specific
        take_back(page, acting_user=editor)
        edit(page, title=OWN_WORDS)
        submit_for_review(Page.objects.get(pk=page.pk), acting_user=editor)
    follow_up([target.pk])
    waits_for_its_reviewers(target, "有人修改过")


@pytest.mark.parametrize("field", ["title", "summary", "seo_title", "search_description", "source"])
def test_what_was_changed_past_every_form_is_read(trusting, live, field):
    target = delivered(live.resource("article"))
    with tenant_context(trusting):
        execute(
            "UPDATE wagtailcore_revision SET content = jsonb_set(content, %s, to_jsonb(%s::text)) WHERE id = %s",
            [[field], "别的话", target.made_revision],
        )
        assert Revision.objects.get(pk=target.made_revision).content[field] == "别的话"
    follow_up([target.pk])
    waits_for_its_reviewers(target, "逐字相同")


def test_a_correction_on_the_way_is_read(trusting, live):
    target = delivered(live.resource("article"))
    corrected_at("alpha", live("article"), title="更正过的标题")
    follow_up([target.pk])
    waits_for_its_reviewers(target, "逐字相同")


def test_the_page_that_stands_in_for_a_deleted_draft_is_read(trusting, live):
    resource = live.resource("article")
    target, editor = delivered(resource), factories.user("beta_editor")
    with tenant_context(trusting):
        take_back(Page.objects.get(pk=target.page_id), acting_user=editor)
        Page.objects.get(pk=target.page_id).specific.delete(user=editor)
    page = reposted(trusting, resource, "copy", title=OWN_WORDS)
    follow_up([target.pk])
    assert target_of(target.push).page_id == page.pk
    waits_for_its_reviewers(target_of(target.push), "不是这次推送生成的")


def test_what_nobody_touched_goes_out(trusting, live):
    """The measure of all the others: the same way, and nobody in between."""
    target = delivered(live.resource("article"))
    follow_up([target.pk])
    with tenant_context(trusting):
        assert Page.objects.get(pk=target.page_id).live
    assert Repost.objects.get(tenant=trusting, page_id=target.page_id).state == "live"


def test_a_decision_that_nobody_took_publishes_nothing(beta, live):
    people = [factories.user("beta_content").pk, factories.user("beta_secret").pk]
    execute(
        "INSERT INTO public.pushes_standingclearance (tenant_id, level, subject_class, kind, reason, ends_on,"
        " proposed_by_id, proposed_at, approved_by_id, approved_at, opinion, checklist)"
        " VALUES (%s, 'city', '', '', '信任。', current_date + 30, %s, now(), %s, now(), '同意。', '{}')",
        [beta.pk, *people],
    )
    target = delivered(live.resource("article"))
    follow_up([target.pk])
    waits_for_its_reviewers(target, "审计记录")


@pytest.mark.parametrize(
    ("scope", "written"),
    [
        ({"subject_class": "0301"}, "subject_class = ''"),
        ({"kind": "policy"}, "kind = ''"),
        ({"level": "province"}, "level = 'city'"),
        ({"ends_on": local_day(timezone.now())}, "ends_on = current_date + 300"),
    ],
)
def test_nor_does_one_that_says_something_else_than_was_decided(beta, live, scope, written):
    trust(beta, **scope)
    execute(f"UPDATE public.pushes_standingclearance SET {written}")
    target = delivered(live.resource("article"))
    follow_up([target.pk])
    waits_for_its_reviewers(target, "审计记录")


@pytest.mark.parametrize(("who", "where"), [("beta_content", "beta"), ("supervisor", "console")])
def test_nor_does_one_that_was_ended(beta, live, who, where):
    trust(beta)
    with tenant_context(Tenant.objects.get(code=where)):
        revoke_standing_clearance(StandingClearance.objects.get(), acting_user=factories.user(who), reason="不再信任。")
    execute("UPDATE public.pushes_standingclearance SET revoked_at = NULL, revoked_by_id = NULL")
    target = delivered(live.resource("article"))
    follow_up([target.pk])
    waits_for_its_reviewers(target, "审计记录")
