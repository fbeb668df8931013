"""What people ask of the publisher, on site alpha."""

from django.utils import timezone

from govplatform.delivery.actions import ask_to_bake, ask_to_go_back
from govplatform.delivery.findings import settle_findings
from govplatform.delivery.models import SiteRelease, TamperFinding
from govplatform.tenancy.queries import get_tenant

from .acts import Doing, act


@act("govplatform.delivery.actions.ask_to_bake", may="operator")
def _ask_to_bake() -> Doing:
    tenant = get_tenant("alpha")
    return lambda who: ask_to_bake(tenant, acting_user=who)


@act("govplatform.delivery.actions.ask_to_go_back", may="alpha_admin")
def _ask_to_go_back() -> Doing:
    tenant, now = get_tenant("alpha"), timezone.now()
    facts = {"cause": SiteRelease.Cause.CHANGE, "files": 1, "bytes": 1, "written": 1, "signed_at": now}
    SiteRelease.objects.create(tenant=tenant, sequence=1, **facts)
    return lambda who: ask_to_go_back(tenant, 1, acting_user=who, reason="页头出错")


@act("govplatform.delivery.findings.settle_findings", may="operator")
def _settle_findings() -> Doing:
    one = TamperFinding.objects.create(host="alpha.example", fault="changed", taken_in_at=timezone.now())
    return lambda who: settle_findings(one.pk, acting_user=who, note="已查清")
