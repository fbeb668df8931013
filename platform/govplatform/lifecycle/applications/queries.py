"""Reading applications, for verbs and screens."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import SiteApplication
from .permissions import next_approver, supervisors


def get_application(number: int) -> SiteApplication:
    """The application of that number. Raises Refused when there is none."""
    found = SiteApplication.objects.select_related("tenant", "into", "filed_by").filter(pk=number).first()
    if found is None:
        raise Refused(_("没有编号为 %(number)s 的申请。") % {"number": number})
    return found


def applications_of(tenant: Tenant | None = None) -> QuerySet[SiteApplication]:
    """Applications of ``tenant``, or of all sites, the newest first."""
    found = SiteApplication.objects.select_related("tenant", "into", "filed_by")
    found = found.annotate(paper_count=Count("papers"), filed_offline=Exists(_offline_when_filed()))
    return (found if tenant is None else found.filter(tenant=tenant)).order_by("-pk")


def brings_back(application: SiteApplication) -> bool:
    """Whether the site was offline when it applied: what it asks for is to be seen again."""
    told: bool | None = getattr(application, "filed_offline", None)
    if told is None:
        told = SiteApplication.objects.filter(Exists(_offline_when_filed()), pk=application.pk).exists()
    return told


def offline_before(application: SiteApplication) -> SiteApplication | None:
    """The last temporary offline of the site that was over before ``application``, which asks for another, was filed.

    None for an application of another kind, and where the limit of a year counts neither. The limit goes by the
    calendar year, so two may touch at its turn: whoever decides is told.
    """
    if application.kind != SiteApplication.Kind.OFFLINE or not application.counted:
        return None
    past = SiteApplication.objects.filter(
        tenant=application.tenant_id,
        kind=SiteApplication.Kind.OFFLINE,
        counted=True,
        ended_at__lte=application.filed_at,
    )
    # What lapsed took nothing offline.
    return past.filter(carried_out_at__lt=F("ended_at")).exclude(pk=application.pk).order_by("-ended_at").first()


def open_applications() -> QuerySet[SiteApplication]:
    """Applications that wait for a decision, those whose limit comes first at the top."""
    states = (SiteApplication.State.PENDING, SiteApplication.State.REPORTED)
    return applications_of().filter(state__in=states).order_by("due_at", "pk")


def _offline_before(application: SiteApplication) -> str | None:
    before = offline_before(application) if application.is_open else None
    return before.ended_at.isoformat() if before is not None and before.ended_at is not None else None


def _offline_when_filed() -> QuerySet[SiteApplication]:
    filed = OuterRef("filed_at")
    return SiteApplication.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=filed),
        tenant=OuterRef("tenant"),
        kind=SiteApplication.Kind.OFFLINE,
        carried_out_at__lte=filed,
    )


def describe_outcome(application: SiteApplication) -> dict[str, Any]:
    """``{"application", "state", "next_approver"}``, as ``apply`` and ``approve`` print it."""
    return {
        "application": application.pk,
        "state": application.state,
        "next_approver": next_approver(application),
    }


def describe_applications(applications: Iterable[SiteApplication]) -> list[dict[str, Any]]:
    """Each application as ``applications`` prints it, JSON-able."""
    people = list(supervisors())
    return [
        {
            "application": one.pk,
            "site": one.tenant.code,
            "kind": one.kind,
            "state": one.state,
            "next_approver": next_approver(one, people),
            "level": one.level or None,
            "due": one.due_at.isoformat() if one.due_at else None,
            "ground": one.ground or None,
            "into": one.into.code if one.into else None,
            "until": one.until.isoformat() if one.until else None,
            "filed_by": one.filed_by.username,
            "filed": one.filed_at.isoformat(),
            "carried_out": one.carried_out_at.isoformat() if one.carried_out_at else None,
            "ended": one.ended_at.isoformat() if one.ended_at else None,
            "offline_before": _offline_before(one),
        }
        for one in applications
    ]
