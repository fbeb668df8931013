"""Acts that once took their locks in opposite orders: both come to an end now, and the end is the right one."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page

from content_library.distribution.models import PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.delivery import deliver
from content_library.distribution.pushes.upkeep import remind
from content_library.distribution.recalls.actions import recall_resource
from content_library.models import Resource
from govplatform.accounts.actions import grant_role, revoke_role
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.review.gate.scans import run_scan
from govplatform.review.models import Decision, Withdrawal
from govplatform.review.submission.actions import decide_review, submit_for_review, withdraw_page
from govplatform.review.tasks import publish_due_pages
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import repost_resource
from tests import factories
from tests.conftest import console_client
from tests.crossing import Act, cross
from tests.reposts.conftest import live_at

from .forms import ARTICLE


def done(outcome):
    """What the act returned; anything else fails the test with all that is known of it."""
    kind, value = outcome
    if isinstance(value, BaseException):
        raise value
    assert kind == "done", value
    return value


def at(site):
    return tenant_context(get_tenant(site))


def corrected(page, site="alpha"):
    """A live page with a newer draft that was handed in."""
    with at(site):
        draft = type(page).objects.get(pk=page.pk)
        draft.title = "更正后的标题"
        draft.save_revision(user=factories.user(f"{site}_editor"))
        return type(page).objects.get(pk=page.pk)


def recall(resource, who="alpha_content"):
    return lambda: recall_resource(
        Resource.objects.get(pk=resource.pk), acting_user=factories.user(who), reason="数据有误。"
    )


def rejection(page_id, who):
    return lambda: decide_review(
        Page.objects.get(pk=page_id), acting_user=factories.user(who), approve=False, opinion="不适用。"
    )


def approval(page_id, who):
    return lambda: decide_review(
        Page.objects.get(pk=page_id), acting_user=factories.user(who), approve=True, opinion="同意。"
    )


def pushed_to_beta(resource):
    """The target of a push, its draft made and in review."""
    with schema_context("public"):
        push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver(list(push.targets.values_list("pk", flat=True)))
    return PushTarget.objects.get(push=push)


def test_a_correction_is_rejected_while_its_page_is_recalled(own_database):
    page, resource = live_at("alpha")
    page = corrected(page)
    with at("alpha"):
        factories.submit(page)
    recalled, rejected = cross(
        Act("", recall(resource), stops_after="chain"),
        Act("alpha", rejection(page.pk, "both_content"), stops_after="page"),
    )
    done(recalled)
    # Its review ended with the withdrawal, which came first.
    assert rejected[0] == "refused", rejected
    with at("alpha"):
        assert not Page.objects.get(pk=page.pk).live
    assert Resource.objects.get(pk=resource.pk).is_withdrawn


def test_a_correction_is_handed_in_while_its_page_is_recalled(own_database):
    page, resource = live_at("alpha")
    page = corrected(page)
    recalled, submitted = cross(
        Act("", recall(resource), stops_after="chain"),
        Act(
            "alpha",
            lambda: submit_for_review(Page.objects.get(pk=page.pk), acting_user=factories.user("alpha_editor")),
            stops_after="page",
        ),
    )
    done(recalled)
    done(submitted)
    with at("alpha"):
        stored = Page.objects.get(pk=page.pk)
        assert not stored.live and stored.workflow_in_progress


def test_an_editor_reposts_while_a_push_arrives_in_the_same_column(own_database):
    _page, wanted = live_at("alpha")
    _other, pushed = live_at("alpha")
    with schema_context("public"):
        push = push_resource(pushed, selector="site=beta", acting_user=factories.user("alpha_content"))
    targets = list(push.targets.values_list("pk", flat=True))
    reposted, delivered = cross(
        Act(
            "beta",
            lambda: repost_resource(
                Resource.objects.get(pk=wanted.pk),
                column=factories.column("news"),
                mode="mirror",
                acting_user=factories.user("beta_editor"),
            ),
            stops_after="page",
        ),
        Act("", lambda: deliver(targets), stops_after="chain"),
    )
    done(reposted)
    assert done(delivered) == 1
    assert PushTarget.objects.get(push=push).state == "delivered"


@pytest.mark.parametrize("first", ["schedule", "reviewer"])
def test_a_page_is_withdrawn_at_the_moment_of_its_schedule(own_database, first, monkeypatch):
    with at("alpha"):
        page = factories.draft_article(go_live_at=timezone.now() + timedelta(hours=1))
        factories.publish(page)
    moment = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    acts = {
        "schedule": Act("alpha", publish_due_pages, stops_after="page"),
        "reviewer": Act(
            "alpha",
            lambda: withdraw_page(
                Page.objects.get(pk=page.pk), acting_user=factories.user("alpha_content"), reason="来源有误。"
            ),
            stops_after="page",
        ),
    }
    order = sorted(acts, key=lambda name: name != first)
    cross(*[acts[name] for name in order])
    done(acts["schedule"].outcome)
    done(acts["reviewer"].outcome)
    with at("alpha"):
        stored = Page.objects.get(pk=page.pk)
        assert not stored.live
        assert not stored.revisions.filter(approved_go_live_at__isnull=False).exists()
        assert Withdrawal.objects.filter(page_id=page.pk).count() == 1


def test_a_role_is_granted_to_somebody_who_acts(own_database):
    _page, resource = live_at("alpha")
    granted, recalled = cross(
        Act(
            "alpha",
            lambda: grant_role(
                factories.user("both_content"),
                "confidentiality-reviewer",
                tenant=get_tenant("alpha"),
                acting_user=None,
            ),
            stops_after="accounts_user",
        ),
        Act("", recall(resource, "both_content"), stops_after="chain"),
    )
    done(granted)
    done(recalled)


def test_a_role_is_granted_to_somebody_who_signs_in(own_database):
    def sign_in():
        console_client("both_content", "alpha")

    signed_in, granted = cross(
        Act("alpha", sign_in, stops_after="accounts_user"),
        Act(
            "alpha",
            lambda: grant_role(
                factories.user("both_content"),
                "confidentiality-reviewer",
                tenant=get_tenant("alpha"),
                acting_user=None,
            ),
            stops_after="chain",
        ),
    )
    done(signed_in)
    done(granted)


def test_a_draft_is_deleted_while_it_is_scanned(own_database):
    with at("alpha"):
        page = factories.draft_article()
        submit_for_review(page, acting_user=factories.user("alpha_editor"))
        scan = Scan.objects.get(page_id=page.pk)

    def delete():
        with transaction.atomic():
            DeletePageAction(Page.objects.get(pk=page.pk).specific, user=None).execute()

    scanned, deleted = cross(
        Act("alpha", lambda: run_scan(Scan.objects.get(pk=scan.pk)), stops_before="chain"),
        Act("alpha", delete, stops_after="chain"),
    )
    done(scanned)
    done(deleted)
    with at("alpha"):
        assert not Page.objects.filter(pk=page.pk).exists()
        assert not Scan.objects.filter(pk=scan.pk).exists()


def test_a_draft_is_deleted_while_another_is_written_in_the_console(own_database):
    with at("alpha"):
        draft = factories.draft_article()
        news = factories.column("news")
    browser = console_client("alpha_editor", "alpha")

    def write():
        address = f"/admin/pages/add/articles/article/{news.pk}/"
        return browser.post(address, ARTICLE).status_code

    def delete():
        with transaction.atomic():
            DeletePageAction(Page.objects.get(pk=draft.pk).specific, user=None).execute()

    written, deleted = cross(
        Act("alpha", write, stops_after="page"),
        Act("alpha", delete, stops_after="chain"),
    )
    assert done(written) == 302
    done(deleted)
    with at("alpha"):
        assert Page.objects.filter(draft_title="同时写的一篇").exists()
        assert not Page.objects.filter(pk=draft.pk).exists()


def test_a_pushed_page_is_rejected_while_its_site_is_reminded(own_database):
    _page, resource = live_at("alpha")
    target = pushed_to_beta(resource)
    moment = target.due_at + timedelta(hours=1)
    reminded, rejected = cross(
        Act("", lambda: remind(moment), stops_after="pushes_pushtarget"),
        Act("beta", rejection(target.page_id, "beta_content"), stops_after="chain"),
    )
    assert done(reminded) == 1
    assert done(rejected).verdict == "rejected"


def test_a_role_is_taken_away_while_its_holder_decides(own_database):
    with at("alpha"):
        page = factories.draft_article()
        factories.submit(page)
        factories.approve(page, "alpha_content")
    revoked, approved = cross(
        Act(
            "alpha",
            lambda: revoke_role(
                factories.user("alpha_secret"),
                "confidentiality-reviewer",
                tenant=get_tenant("alpha"),
                acting_user=factories.user("alpha_admin"),
            ),
            stops_after="DELETE accounts_membership",
        ),
        Act("alpha", approval(page.pk, "alpha_secret"), stops_before="chain"),
    )
    done(revoked)
    assert approved[0] == "refused" and "不是“保密审查”" in approved[1][0], approved
    with at("alpha"):
        assert not Page.objects.get(pk=page.pk).live
        assert not Decision.objects.filter(page_id=page.pk, step="confidentiality").exists()


def test_a_supervisor_loses_the_role_while_withdrawing_at_once(own_database):
    page, _resource = live_at("alpha")
    revoked, withdrawn = cross(
        Act(
            "console",
            lambda: revoke_role(
                factories.user("supervisor"),
                "supervisor",
                tenant=get_tenant("console"),
                acting_user=factories.user("operator"),
            ),
            stops_after="DELETE accounts_membership",
        ),
        Act(
            "alpha",
            lambda: withdraw_page(
                Page.objects.get(pk=page.pk),
                acting_user=factories.user("supervisor"),
                reason="来源有误。",
                break_glass=True,
            ),
        ),
    )
    done(revoked)
    assert withdrawn[0] == "refused" and "不是监管员" in withdrawn[1][0], withdrawn
    with at("alpha"):
        assert Page.objects.get(pk=page.pk).live


def test_chains_are_whole_after_all_of_it(own_database):
    page, resource = live_at("alpha")
    page = corrected(page)
    cross(
        Act("", recall(resource), stops_after="chain"),
        Act(
            "alpha",
            lambda: submit_for_review(Page.objects.get(pk=page.pk), acting_user=factories.user("alpha_editor")),
            stops_after="page",
        ),
    )
    assert find_chain_faults()[1] == []
    assert Entry.objects.filter(act="push.recall").count() == 1
