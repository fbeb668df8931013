"""alpha is a city's portal, beta one of its counties'."""

from typing import Any

import pytest

from content_library.distribution.following import follow_up
from content_library.distribution.models import Push, PushTarget, Recall
from content_library.distribution.recalls.taking_down import take_down_receipts
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant


@pytest.fixture
def beta(db: None) -> Any:
    return get_tenant("beta")


def deliver_all(push: Push) -> int:
    """What the worker does with a push: the drafts, and what follows them."""
    from content_library.distribution.pushes.delivery import deliver

    ids = list(push.targets.order_by("pk").values_list("pk", flat=True))
    made = deliver(ids)
    follow_up(ids)
    return made


def target_of(push: Push, site: str = "beta") -> PushTarget:
    return PushTarget.objects.select_related("tenant", "push__resource").get(push=push, tenant__code=site)


def take_down_all(recall: Recall) -> int:
    """What the worker does with a recall."""
    return take_down_receipts(list(recall.receipts.order_by("pk").values_list("pk", flat=True)))


def set_status(site: str, status: str) -> None:
    tenant = Tenant.objects.get(code=site)
    tenant.status = status
    tenant.save(update_fields=["status"])
