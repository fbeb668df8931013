"""What the clock does: sites come back, notices come down when their term is over, people are reminded."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django_tenants.utils import schema_context

from govplatform.archive.queries import verified_archive
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding, locking
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.each_site import SiteRun
from govplatform.tenancy.models import Tenant

from ..models import SiteApplication, SiteNotice
from ..notices.actions import end_notice, put_up_notice, take_down_notice, unmade_notices, unwanted_notices
from .actions import bring_back, carry_out, lead_to_archive

Kind, State = SiteApplication.Kind, SiteApplication.State
#: Notices that stay up as long as what they tell of goes on.
_BOUND = (SiteNotice.Kind.OFFLINE, SiteNotice.Kind.MIGRATION)
#: So long the clock looks at an archive that was verified after the end of its site.
_VERIFIED_LATELY = timedelta(hours=1)


def sites_with_clocks() -> list[Tenant]:
    """The sites of which something runs: an application, a notice, a planned return."""
    open_now = Q(applications__state__in=(State.PENDING, State.REPORTED))
    to_do = Q(applications__state=State.APPROVED, applications__carried_out_at=None)
    offline = Q(
        applications__kind=Kind.OFFLINE, applications__ended_at=None, applications__carried_out_at__isnull=False
    )
    # A notice has its clock also where it stands: the site it tells of may have been dropped before its term is over.
    noticed = Q(notices__down_at=None, notices__live_at__isnull=False) | Q(notices__in=unwanted_notices())
    noticed |= Q(applications__notices__down_at=None, applications__notices__live_at__isnull=False)
    archived = Q(status=Tenant.Status.RETIRED, archives__verified_at__gte=timezone.now() - _VERIFIED_LATELY)
    running = Tenant.objects.filter(open_now | to_do | offline | noticed | archived)
    return list(running.distinct().order_by("code"))


def look_after_site(run: SiteRun) -> int:
    """Do what is due for one site, inside it; return how much was done. Each thing is a transaction of its own."""
    now, tenant = timezone.now(), run.tenant
    with schema_context("public"):
        mine = SiteApplication.objects.filter(tenant=tenant)
        back = list(mine.filter(kind=Kind.OFFLINE, carried_out_at__isnull=False, ended_at=None))
        waiting = list(mine.filter(state=State.APPROVED, carried_out_at=None))
    done = sum(run.each(back, _return_when_due, subject=_subject))
    # One by one: each takes the chain of the site on which it stands.
    done += sum(run.each(list(unmade_notices(waiting)), put_up_notice, subject=_notice_subject))
    done += sum(run.each(waiting, lambda one: carry_out(one.pk), subject=_subject))
    # Its own, wherever they stand, and those that stand on it; what stood on a site that was dropped went with it.
    here = (Q(site=tenant) | Q(application__tenant=tenant)) & Q(site__dropped_at=None)
    unwanted = unwanted_notices().filter(here).select_related("application__tenant", "application__filed_by", "site")
    done += len(
        run.each(list(unwanted), lambda one: end_notice(one, application=one.application_id), subject=_notice_subject)
    )
    up = SiteNotice.objects.filter(here, live_at__isnull=False, down_at=None)
    over = Q(until__lte=now) & ~Q(kind__in=_BOUND) | Q(
        kind=SiteNotice.Kind.OFFLINE, application__ended_at__isnull=False
    )
    ended = list(up.filter(over).select_related("application__tenant", "site").order_by("pk"))
    done += sum(run.each(ended, take_down_notice, subject=_notice_subject))
    soon = now + timedelta(days=rule_pack_of(tenant).limit("site_reminder").days)
    unsettled = Q(state__in=(State.PENDING, State.REPORTED)) | Q(carried_out_at__isnull=False, ended_at=None)
    done += sum(run.each(list(mine.filter(unsettled)), lambda one: remind(one, soon), subject=_subject))
    if tenant.status == Tenant.Status.RETIRED and verified_archive(tenant, since=now - _VERIFIED_LATELY):
        done += sum(run.each([tenant], lead_into_archive, subject=lambda one: one.code))
    return done


def lead_into_archive(tenant: Tenant) -> int:
    """Have what a closed site had public and is nowhere else read in its archive; return the number of addresses.

    For an archive that was verified after the end of the site: the end itself looks for the one that was there.
    """
    with holding(tenant.schema_name):
        return lead_to_archive(Tenant.objects.get(pk=tenant.pk))


def clock_of(application: SiteApplication) -> tuple[str, datetime | None]:
    """What an application waits for and until when: ``("decision", …)``, ``("return", …)``, ``("notice", …)``.

    ``("", None)`` when no clock runs.
    """
    if application.is_open and application.due_at is not None:
        return (f"decision:{application.step}", application.due_at)
    tenant = application.tenant
    if application.carried_out_at is None or application.ended_at is not None:
        return ("", None)
    if application.kind == Kind.OFFLINE and tenant.offline_until is not None:
        return ("return", tenant.offline_until)
    if application.kind == Kind.RETIRE:
        up = application.notices.filter(kind=SiteNotice.Kind.MIGRATION, down_at=None).first()
        return ("notice", up.until) if up is not None and up.until is not None else ("", None)
    return ("", None)


def remind(application: SiteApplication, soon: datetime) -> bool:
    """Note once that a limit comes near: it stands in the site's record, and on the start pages while it is near."""
    what, at = clock_of(application)
    if at is None or at > soon or application.reminded_of == what:
        return False
    with holding(application.tenant.schema_name):
        held = locking(SiteApplication.objects.filter(pk=application.pk)).get()
        if held.reminded_of == what:
            return False
        held.reminded_of = what
        held.save(update_fields=["reminded_of"])
        detail = {"kind": held.kind, "limit": what.partition(":")[0], "at": at.isoformat()}
        record_act(
            "application.remind", acting_user=None, obj=held, detail=detail, chain=application.tenant.schema_name
        )
    return True


def _return_when_due(application: SiteApplication) -> bool:
    with holding(application.tenant.schema_name):
        held = locking(SiteApplication.objects.select_related("tenant")).get(pk=application.pk)
        until = Tenant.objects.values_list("offline_until", flat=True).get(pk=held.tenant_id)
        if held.ended_at is not None or until is None or until > timezone.now():
            return False
        return bring_back(held)


def _subject(application: SiteApplication) -> str:
    return f"application:{application.pk}"


def _notice_subject(notice: SiteNotice) -> str:
    return f"notice:{notice.pk}"
