"""The steps from one state of a site to the next: each follows an approved application, or a clock."""

from datetime import datetime, time
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Site

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import holds_in_console
from govplatform.accounts.roles import OPERATOR, SUPERVISOR
from govplatform.addresses.leading import lead_rest
from govplatform.archive.queries import verified_archive
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused
from govplatform.review.frame.places import chains_of, records_of
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.working_days import CHINA
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.hosts import archive_url, public_url
from govplatform.tenancy.models import Domain, Tenant

from ..applications.checking import FITTING, FITTING_REPORTS, retirement_under_way
from ..applications.request import DOMAIN, RECORD_FIELDS
from ..events import SiteMoved
from ..models import SiteApplication, SiteNotice
from ..notices.actions import lengthen_terms, put_up_notices
from ..open_letters import reasons_of_open_letters
from ..site_record import SITE_RECORD, change_site_record

Kind, State, Status = SiteApplication.Kind, SiteApplication.State, Tenant.Status


def to_carry_out(application: SiteApplication) -> dict[str, Any]:
    """The arguments of ``carry_out``."""
    return {"application_id": application.pk}


def to_carry_out_with(page: Any) -> dict[str, Any] | None:
    """The arguments of ``carry_out`` for a page that went live; None when it is no notice."""
    tenant = current_tenant_or_none()
    if tenant is None:
        return None
    notice = SiteNotice.objects.filter(site_id=tenant.pk, page_id=page.pk).first()
    return {"application_id": notice.application_id} if notice is not None else None


def carry_out(application_id: int) -> bool:
    """Have the site take on what was granted, once its notices are up; False while it has to wait or is done.

    May be called again at any time. Raises Refused when the facts do not fit any more; an operator sees it then.
    """
    application = SiteApplication.objects.select_related("tenant").get(pk=application_id)
    # The record of the site is kept in the console's schema, behind its chain.
    with records_of(SITE_RECORD), holding(*chains_of(SITE_RECORD, application.tenant)):
        held = locking(SiteApplication.objects.select_related("tenant", "into", "filed_by")).get(pk=application_id)
        if held.state == State.REJECTED and held.carried_out_at and held.ended_at is None:
            # A shutdown that was reported and not accepted.
            return bring_back(held)
        if held.carried_out_at is not None or held.state not in (State.APPROVED, State.REPORTED):
            return False
        if _is_overtaken_for_good(held):
            # No reviewer could clear its notices any more, and nobody is to wait for them.
            return _let_lapse(held)
        if not held.reported and not notices_are_up(held):
            return False
        if _is_overtaken(held):
            return _let_lapse(held)
        held.carried_out_at = timezone.now()
        held.save(update_fields=["carried_out_at"])
        _STEPS[Kind(held.kind)](held)
        record_act(
            "application.carry_out",
            acting_user=None,
            obj=held,
            detail={"kind": held.kind, "wanted": held.wanted},
            chain=held.tenant.schema_name,
        )
    return True


def carry_out_with_page(application_id: int) -> bool:
    """The same, when a notice of the application went up."""
    return carry_out(application_id)


def notices_are_up(application: SiteApplication) -> bool:
    """Whether every notice of the application was cleared by the reviewers of its site and is up."""
    return not application.notices.exclude(live_at__isnull=False, down_at=None).exists()


def bring_back(application: SiteApplication) -> bool:
    """The site of a temporary offline is seen again: its time has come, or somebody brought it back before.

    It is what it was, live or retiring; the notice of a retirement is up longer by the time in which nobody could read
    it. Call with the site's chain held. False when it is back already.
    """
    tenant = Tenant.objects.get(pk=application.tenant_id)
    now = timezone.now()
    SiteApplication.objects.filter(
        tenant=tenant, kind=Kind.OFFLINE, carried_out_at__isnull=False, ended_at=None
    ).update(ended_at=now)
    if tenant.status != Status.OFFLINE:
        return False
    retires = retirement_under_way(tenant) is not None
    change_state(tenant, Status.RETIRING if retires else Status.LIVE, application=application)
    if retires:
        lengthen_terms(tenant)
    return True


def change_state(
    tenant: Tenant, status: str, *, application: SiteApplication | None, until: datetime | None = None
) -> None:
    """Write the site's state and record it in its chain; call with the chain held."""
    row = Tenant.objects.get(pk=tenant.pk)
    before = row.status
    with tenant_context(row):
        row.status, row.status_since, row.offline_until = status, timezone.now(), until
        row.save(update_fields=["status", "status_since", "offline_until"])
        detail = {"before": before, "after": status, "application": application.pk if application else None}
        record_act("site.state", acting_user=None, obj=row, detail=detail)
    tenant.status = status


def announce_completion(application: SiteApplication) -> SiteNotice:
    """Want the completion notice of a retirement on the site that took over; whoever merges calls this.

    It is up when that site's reviewers have cleared it. Raises Refused for anything but a retirement under way.
    """
    tenant = application.tenant
    with holding(tenant.schema_name):
        held = locking(SiteApplication.objects.select_related("into")).get(pk=application.pk)
        if held.kind != Kind.RETIRE or held.carried_out_at is None or held.into is None:
            raise Refused(_("“%(site)s”没有正在办理的关停，不能发布关停完成公告。") % {"site": tenant.full_name})
        notice, _made = SiteNotice.objects.get_or_create(
            application=held, kind=SiteNotice.Kind.COMPLETION, site=held.into
        )
    put_up_notices(application.pk)
    notice.refresh_from_db()
    return notice


def retire_site(tenant: Tenant, *, acting_user: User | None) -> Tenant:
    """End a site that is retiring: from now on its host answers from the ledger alone. Raises Refused.

    ``acting_user``: an operator or supervisor; None: the platform, at the end of a merge.
    """
    with acting(acting_user, tenant.schema_name, on=tenant):
        reasons = []
        if acting_user is not None and not holds_in_console(acting_user, {OPERATOR.code, SUPERVISOR.code}):
            reasons.append(_("只有平台运维人员或监管员可以办结关停。"))
        row = Tenant.objects.get(pk=tenant.pk)
        application = retirement_of(row)
        if application is None:
            reasons.append(_("“%(site)s”没有已批准并公告的关停申请。") % {"site": row.full_name})
        else:
            reasons += reasons_against_ending(application)
        if reasons or application is None:
            raise Refused(reasons)
        SiteApplication.objects.filter(pk=application.pk).update(ended_at=timezone.now())
        change_state(row, Status.RETIRED, application=application)
        lead_to_archive(row)
    return row


def lead_to_archive(tenant: Tenant) -> int:
    """Have the addresses of a retired site that are public nowhere else lead into its verified archive.

    Returns how many; none while there is no such archive. Call with the site's chain held.
    """
    archive = verified_archive(tenant)
    if archive is None or tenant.status != Status.RETIRED or not archive_url():
        return 0
    led = lead_rest(tenant, lambda path: archive_url(f"/{archive.pk}/at{path}"))
    if led:
        detail = {"archive": archive.pk, "addresses": led}
        record_act("ledger.archived", acting_user=None, obj=tenant, detail=detail, chain=tenant.schema_name)
    return led


def retirement_of(tenant: Tenant) -> SiteApplication | None:
    """The approved retirement that ``tenant`` is in the course of; None when it is not retiring."""
    if tenant.status != Status.RETIRING:
        return None
    return retirement_under_way(tenant)


def reasons_against_merging(source: Tenant, destination: Tenant) -> list[str]:
    """Why the content of ``source`` may not be moved into ``destination`` now; empty when it may.

    It needs an approved retirement into that site, and the migration notice up on the source.
    """
    application = retirement_of(source)
    if application is None and source.status == Status.OFFLINE and retirement_under_way(source):
        return [_("“%(site)s”正在临时下线，内容不能并入，请先申请开通恢复，再并入。") % {"site": source.full_name}]
    if application is None:
        return [_("“%(site)s”没有已批准并公告的关停申请。") % {"site": source.full_name}]
    reasons = []
    if application.into_id != destination.pk:
        reasons.append(
            _("批准的关停是迁入“%(site)s”，不是“%(other)s”。")
            % {"site": application.into, "other": destination.full_name}
        )
    up = application.notices.filter(kind=SiteNotice.Kind.MIGRATION, live_at__isnull=False, down_at=None)
    if not up.exists():
        reasons.append(_("“%(site)s”的迁移公告没有发布，或已被撤下。") % {"site": source.full_name})
    return [*reasons, *reasons_of_open_letters(source, stays_frozen=False)]


def reasons_against_ending(application: SiteApplication) -> list[str]:
    """What is missing before a retiring site is retired: both notices, the completion notice among them.

    And letters that it took in, which have to end before it does.
    """
    tenant = Tenant.objects.get(pk=application.tenant_id)
    missing = reasons_of_open_letters(tenant, stays_frozen=tenant.frozen)
    labels = ((SiteNotice.Kind.MIGRATION, application.tenant), (SiteNotice.Kind.COMPLETION, application.into))
    for kind, site in labels:
        told = {"site": site, "kind": SiteNotice.Kind(kind).label}
        published = application.notices.filter(kind=kind, live_at__isnull=False)
        if not published.exists():
            missing.append(_("“%(site)s”的%(kind)s还没有发布，请先由该站审核。") % told)
        # One whose term is over has done its duty; one that was withdrawn before has not.
        elif not published.filter(Q(down_at=None) | Q(down_at__gte=F("until"))).exists():
            missing.append(_("“%(site)s”的%(kind)s期满前已被撤下，请由该站改正后重新发布。") % told)
    return missing


# --- the steps ---------------------------------------------------------------------------


def _is_shut_by_report(tenant: Tenant) -> bool:
    """Whether the site is offline because it was ordered, or by force majeure."""
    shut = SiteApplication.objects.filter(
        tenant=tenant, kind=Kind.OFFLINE, reported=True, carried_out_at__isnull=False, ended_at=None
    )
    return Tenant.objects.get(pk=tenant.pk).status == Status.OFFLINE and shut.exists()


def _is_overtaken(application: SiteApplication) -> bool:
    """Whether the site has taken another step while this one waited for its notices, so that nothing is left to do.

    An opening that finds its site live changes the record that was granted with it all the same.
    """
    fitting = set((FITTING_REPORTS if application.reported else FITTING)[Kind(application.kind)])
    if application.kind == Kind.OPEN:
        fitting.add(Status.LIVE)
    return Tenant.objects.values_list("status", flat=True).get(pk=application.tenant_id) not in fitting


def _is_overtaken_for_good(application: SiteApplication) -> bool:
    """Whether nothing will ever be left to do: the site goes or is gone, or somebody else has the host by now."""
    status = Tenant.objects.values_list("status", flat=True).get(pk=application.tenant_id)
    if status in (Status.RETIRING, Status.RETIRED) and _is_overtaken(application):
        return True
    host = application.wanted.get(DOMAIN)
    return bool(host) and Domain.objects.filter(domain=host).exclude(tenant=application.tenant_id).exists()


def _let_lapse(application: SiteApplication) -> bool:
    """End what was granted and can be carried out no more; it counts against no limit. Its notices come down."""
    now = timezone.now()
    application.carried_out_at, application.ended_at, application.counted = now, now, False
    application.save(update_fields=["carried_out_at", "ended_at", "counted"])
    tenant = Tenant.objects.get(pk=application.tenant_id)
    detail = {"kind": application.kind, "state": tenant.status}
    record_act("application.lapse", acting_user=None, obj=application, detail=detail, chain=tenant.schema_name)
    return False


def _open(application: SiteApplication) -> None:
    tenant = Tenant.objects.get(pk=application.tenant_id)
    if tenant.status == Status.OFFLINE:
        bring_back(application)
        return
    _change_record(application)
    change_state(tenant, Status.LIVE, application=application)


def _change(application: SiteApplication) -> None:
    _change_record(application)
    if host := application.wanted.get(DOMAIN):
        _move_host(application.tenant, host)


def _offline(application: SiteApplication) -> None:
    until = None
    if application.until is not None:
        until = datetime.combine(application.until, time(), CHINA)
        if until <= timezone.now():
            # The reviewers took longer than the site was to be offline: nothing is left to be done.
            SiteApplication.objects.filter(pk=application.pk).update(ended_at=F("carried_out_at"), counted=False)
            return
    change_state(application.tenant, Status.OFFLINE, application=application, until=until)


def _retire(application: SiteApplication) -> None:
    if _is_shut_by_report(application.tenant):
        # The order stands: the site retires from the moment on in which it is seen again (``bring_back``).
        return
    change_state(application.tenant, Status.RETIRING, application=application)


_STEPS = {Kind.OPEN: _open, Kind.CHANGE: _change, Kind.OFFLINE: _offline, Kind.RETIRE: _retire}


def _change_record(application: SiteApplication) -> None:
    words = {name: value for name, value in application.wanted.items() if name in RECORD_FIELDS}
    if words:
        # Filed by one person and approved by another: the words need no third one.
        change_site_record(application.tenant, acting_user=None, reason=application.reason, verb="apply", **words)


def _move_host(tenant: Tenant, host: str) -> None:
    """The site gets another host for citizens; the one before says so for a while, then leads there (trap T14)."""
    now, before = timezone.now(), public_url(Tenant.objects.get(pk=tenant.pk), "")
    # As long as the notice is up, and counted in the same way.
    redirects_from = rule_pack_of(tenant).limit("domain_notice").after(now)
    Domain.objects.filter(tenant=tenant, kind=Domain.Kind.PUBLIC, is_primary=True).exclude(domain=host).update(
        is_primary=False, moved_at=now, redirects_from=redirects_from
    )
    row, made = Domain.objects.get_or_create(
        domain=host, defaults={"tenant": tenant, "kind": Domain.Kind.PUBLIC, "is_primary": True}
    )
    if not made:
        if row.tenant_id != tenant.pk:
            raise Refused(_("域名“%(host)s”已经由别的网站使用。") % {"host": host})
        row.is_primary, row.moved_at, row.redirects_from = True, None, None
        row.save()
    with tenant_context(tenant):
        Site.objects.update(hostname=host)
        record_act("site.host", acting_user=None, obj=row, detail={"host": host})
        moved = Tenant.objects.get(pk=tenant.pk)
        follow(SiteMoved(tenant=moved, before=before, after=public_url(moved, "")))
