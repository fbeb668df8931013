"""What a site has applied for and waits for, and no other site may have meanwhile: its host, its identity code."""

from django.db.models import Q
from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from ..models import SiteApplication

State = SiteApplication.State
#: Applications that somebody still decides, or that wait for their notices.
UNSETTLED = Q(state__in=(State.PENDING, State.REPORTED)) | Q(state=State.APPROVED, carried_out_at=None)


def reasons_against_awaited_host(host: str, tenant: Tenant | None = None, *, own: int | None = None) -> list[str]:
    """A sentence when another site than ``tenant`` has applied for ``host`` and waits for it.

    ``own``: the application that asks; of two that were filed at once the first goes on.
    """
    first = _first_that_waits("domain", host, tenant, own)
    if first is None:
        return []
    told = _("“%(site)s”已先申请使用域名“%(host)s”（编号 %(number)s），请换一个，或等它办结。")
    return [told % {"site": first.tenant.full_name, "host": host, "number": first.pk}]


def reasons_against_awaited_code(code: str, tenant: Tenant | None = None, *, own: int | None = None) -> list[str]:
    """A sentence when another site than ``tenant`` has applied for the identity code ``code``; as for a host."""
    first = _first_that_waits("identity_code", code, tenant, own) if code else None
    if first is None:
        return []
    told = _("“%(site)s”已先申请使用网站标识码“%(code)s”（编号 %(number)s），请核对标识码，或等它办结。")
    return [told % {"site": first.tenant.full_name, "code": code, "number": first.pk}]


def _first_that_waits(fact: str, value: str, tenant: Tenant | None, own: int | None) -> SiteApplication | None:
    waiting = SiteApplication.objects.filter(UNSETTLED, **{f"wanted__{fact}": value})
    waiting = waiting.exclude(tenant=tenant) if tenant is not None else waiting
    return (waiting if own is None else waiting.filter(pk__lt=own)).select_related("tenant").order_by("pk").first()
