"""A recall against a publication of the receiving site, with real commits: nothing of it stays public."""

import threading

from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Repost, Resource
from govplatform.refusals import Refused
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import take_down
from tests import factories

from .conftest import reposted_at


def test_a_withdrawal_during_the_last_approval_leaves_nothing_public(own_database, live):
    source, resource = live("article"), live.resource("article")
    draft = reposted_at("beta", resource, live=False)
    with tenant_context(get_tenant("beta")):
        factories.submit(draft, "beta_editor")
        factories.approve(draft, "beta_content")
    together = threading.Barrier(2)
    problems: list[str] = []

    def run(site, act):
        try:
            with tenant_context(get_tenant(site)):
                together.wait()
                act()
        except Refused as refusal:
            problems.append(str(refusal))
        except Exception as error:
            problems.append(f"unexpected: {error!r}")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=("beta", lambda: factories.approve(draft, "beta_secret"))),
        threading.Thread(
            target=run,
            args=(
                "alpha",
                lambda: withdraw_page(source, acting_user=factories.user("alpha_content"), reason="测试撤回"),
            ),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(problem.startswith("unexpected") for problem in problems), problems
    assert Resource.objects.get(pk=resource.pk).is_withdrawn
    repost = Repost.objects.select_related("resource").get(resource=resource)
    with tenant_context(get_tenant("beta")):
        take_down(repost.page_id, reason="测试撤回")
        assert not Page.objects.get(pk=draft.pk).live
    assert Repost.objects.get(resource=resource).state == "withdrawn"


def test_the_same_resource_asked_for_twice_at_once_is_reposted_once(own_database, live):
    resource = live.resource("article")
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def run():
        try:
            together.wait()
            reposted_at("beta", resource, live=False)
            outcomes.append("made")
        except Refused as refusal:
            outcomes.append(refusal.reasons[0])
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcome == "made" for outcome in outcomes) == [False, True], outcomes
    assert any("已经转载" in outcome for outcome in outcomes)
    assert Repost.objects.filter(resource=resource).count() == 1
