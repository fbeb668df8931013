"""Which notices an application needs, and on which sites citizens look for them."""

from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of

from ..applications.request import DOMAIN
from ..models import SiteApplication, SiteNotice

Kind = SiteNotice.Kind
_RUNS = (Tenant.Status.LIVE, Tenant.Status.RETIRING)


def announcing_site(tenant: Tenant) -> Tenant | None:
    """The portal on which ``tenant`` is announced; None when there is none above it.

    Of a department the portal of the same level, of a portal the superior one
    (《河北省政府网站管理办法》第八条至第十条、第十五条).
    """
    portals = [one for one in superiors_of(tenant) if one.kind == Tenant.Kind.PORTAL and one.status in _RUNS]
    if tenant.kind == Tenant.Kind.DEPARTMENT:
        return next((portal for portal in portals if portal.level == tenant.level), portals[0] if portals else None)
    return portals[0] if portals else None


def want_notices(application: SiteApplication) -> list[SiteNotice]:
    """Write down the notices that ``application`` needs before it takes effect; in the transaction of the act."""
    tenant = Tenant.objects.select_related("parent").get(pk=application.tenant_id)
    places: list[tuple[str, Tenant | None]] = []
    if application.kind == SiteApplication.Kind.OPEN and tenant.status == Tenant.Status.PREPARING:
        places = [(Kind.OPENING, announcing_site(tenant))]
    elif application.kind == SiteApplication.Kind.OFFLINE:
        places = [(Kind.OFFLINE, tenant), (Kind.OFFLINE, announcing_site(tenant))]
    elif application.kind == SiteApplication.Kind.RETIRE:
        places = [(Kind.MIGRATION, tenant)]
    elif DOMAIN in application.wanted and tenant.status != Tenant.Status.PREPARING:
        places = [(Kind.DOMAIN, tenant)]
    return [
        SiteNotice.objects.get_or_create(application=application, kind=kind, site=site)[0]
        for kind, site in places
        if site is not None
    ]
