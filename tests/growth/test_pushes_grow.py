"""Years of pushes to every site behind: what is read is what is open, or what is shown."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from content_library.console.counting import quiet_sites
from content_library.distribution.models import Push, PushTarget, Recall
from content_library.distribution.panels import DutiesPanel
from content_library.distribution.pushes.upkeep import remind, take_up_again
from content_library.distribution.queries import (
    deadlines_of,
    duties,
    duty_counts,
    open_duties,
    push_counts,
    recall_counts,
    targets_shown,
)
from content_library.distribution.views.pushing import visible_pushes
from content_library.models import Repost
from govplatform.tenancy.queries import get_tenant
from tests.factories import user
from tests.reposts.conftest import reposted_at

from .counting import cost_of
from .history import one_of_many

#: Of thousands of targets: whoever reads what is past is found out.
FEW = 200


@pytest.fixture
def pushed(later):
    """On top of the years a push to beta, open and due in an hour."""
    assert PushTarget.objects.count() == later.sites * later.pushes
    page = reposted_at("beta", later.resource, live=False)
    push = Push.objects.create(
        resource=later.resource, selector="site=beta", total=1, requested_by=user("alpha_content")
    )
    PushTarget.objects.create(
        push=push, tenant=get_tenant("beta"), state="delivered", page_id=page.pk, followed_up=True,
        due_at=timezone.now() + timedelta(hours=1), delivered_at=timezone.now(),
    )  # fmt: skip
    return push


def test_reminding_reads_what_is_open_and_not_what_is_done(pushed):
    now = timezone.now()
    told = []
    cost = cost_of(lambda: told.append(remind(now)))
    assert told == [1]
    assert cost.rows < FEW and cost.statements < 40, cost
    # An hour later nothing is left to be said.
    cost = cost_of(lambda: told.append(remind(now + timedelta(hours=1))))
    assert told == [1, 0]
    assert cost.rows < FEW and cost.statements < 10, cost


def test_a_duty_that_came_to_its_end_unseen_is_looked_at_once(pushed):
    target = pushed.targets.get()
    Repost.objects.filter(tenant=target.tenant, page_id=target.page_id).update(state=Repost.State.WITHDRAWN)
    assert remind(timezone.now()) == 0
    target.refresh_from_db()
    assert target.ended_at is not None and target.done_at is None
    assert cost_of(lambda: remind(timezone.now())).statements < 10


def test_the_look_around_of_every_minute_reads_what_is_open(pushed):
    cost = cost_of(lambda: take_up_again(timezone.now()))
    assert cost.rows < FEW and cost.statements < 12, cost


def test_the_start_page_of_a_site_reads_its_open_duties(pushed, years):
    tenant = one_of_many()
    assert PushTarget.objects.filter(tenant=tenant).count() == years.pushes
    cost = cost_of(lambda: (duties(open_duties(tenant)[:15]), duty_counts(open_duties(tenant))))
    assert cost.rows < 20 and cost.statements <= 3, cost


def test_the_panel_shows_what_is_due_first_and_says_how_much_there_is(pushed):
    from django_tenants.utils import tenant_context

    beta = get_tenant("beta")
    first = pushed.targets.get()
    for number in range(20):
        push = Push.objects.create(
            resource=pushed.resource, selector="site=beta", total=1, requested_by=pushed.requested_by
        )
        PushTarget.objects.create(push=push, tenant=beta, due_at=first.due_at - timedelta(hours=2 + number))
    with tenant_context(beta):
        shown = DutiesPanel().get_context_data({"request": RequestFactory().get("/")})
    assert (len(shown["duties"]), shown["total"], shown["late"]) == (15, 21, 20)
    due = [duty.due_at for duty in shown["duties"]]
    assert due == sorted(due)


def test_the_list_of_pushes_does_not_load_their_sites(pushed, years):
    shown = list(visible_pushes(get_tenant("console"))[:50])
    assert shown[0] == pushed
    counts = {}
    cost = cost_of(lambda: counts.update(push_counts(shown)))
    assert cost.rows < FEW and cost.statements == 1, cost
    assert counts[pushed.pk] == {"done": 0, "undone": 1, "late": 0, "rejected": 0}
    assert counts[shown[1].pk] == {"done": years.sites, "undone": 0, "late": 0, "rejected": 0}


def test_one_push_shows_a_page_of_its_sites(pushed, years):
    push = Push.objects.exclude(pk=pushed.pk).first()
    cost = cost_of(lambda: duties(list(targets_shown(push, "late")[:100])))
    assert cost.rows < FEW and cost.statements <= 2, cost
    cost = cost_of(lambda: duties(list(targets_shown(push, "")[:100])))
    # In the order of its sites' deadlines: as many as it has, and not one of another push.
    assert cost.rows < 8 * years.sites and cost.statements == 2, cost


def test_the_deadlines_of_what_waits_are_found_page_by_page(pushed):
    target = pushed.targets.get()
    pairs = [(one_of_many(number).pk, push.pk) for number in range(1, 31) for push in Push.objects.all()[:5]]
    found = {}
    cost = cost_of(lambda: found.update(deadlines_of([*pairs, (target.tenant_id, target.page_id)])))
    assert found == {(target.tenant_id, target.page_id): target.due_at}
    assert cost.statements == 1 and cost.rows < 6 * len(pairs), cost


def test_the_list_of_recalls_does_not_load_their_receipts(pushed, years):
    shown = list(Recall.objects.all()[:50])
    counts = {}
    cost = cost_of(lambda: counts.update(recall_counts(shown)))
    assert cost.rows < FEW and cost.statements == 1, cost
    assert counts[shown[0].pk] == {"total": years.sites, "confirmed": years.sites, "failed": 0, "offline": 0}
    cost = cost_of(lambda: take_up_again(timezone.now()))
    assert cost.rows < FEW, cost


def test_silent_sites_are_told_from_the_newest_of_each(pushed, years):
    cost = cost_of(lambda: quiet_sites(14))
    assert cost.rows < 12 * years.sites and cost.statements <= 2, cost
