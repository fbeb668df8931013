"""What happens with a notice: its page is made, cleared by the site's reviewers, kept up, and comes down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page

from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding, locking
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import reasons_against_deleting
from govplatform.review.gate.status import IN_REVIEW, WITHDRAWN, page_status
from govplatform.review.submission.actions import submit_on_behalf
from govplatform.review.submission.schedule import end_term
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant

from ..models import SiteApplication, SiteNotice
from .pages import notice_pages
from .texts import notice_text

Kind = SiteNotice.Kind


def notices_to_put_up(application: SiteApplication) -> dict[str, Any] | None:
    """The arguments of ``put_up_notices``; None when the application has none without a page."""
    waiting = SiteNotice.objects.filter(application=application, page_id=None)
    return {"application_id": application.pk} if waiting.exists() else None


def put_up_notices(application_id: int) -> int:
    """Make the pages of an application's notices and hand them in; return how many. May be called again.

    Each site is a transaction of its own, so one that fails does not undo the other. Raises Refused when a site
    cannot take its notice; the queue tries again.
    """
    refused: list[str] = []
    made = 0
    for notice in unmade_notices(SiteApplication.objects.filter(pk=application_id)):
        try:
            made += put_up_notice(notice)
        except Refused as refusal:
            refused += refusal.reasons
    if refused:
        raise Refused(refused)
    return made


def unmade_notices(applications: Iterable[SiteApplication]) -> QuerySet[SiteNotice]:
    """The notices of ``applications`` that have no page yet."""
    found = SiteNotice.objects.filter(application__in=applications, page_id=None).order_by("site_id", "pk")
    return found.select_related("application__tenant", "application__into", "application__filed_by", "site")


def put_up_notice(notice: SiteNotice) -> bool:
    """Make the page of a notice on its site and hand it in; False when somebody has done so. Raises Refused."""
    with tenant_context(notice.site), holding():
        # Two processes at once: the second finds the page made.
        held = locking(SiteNotice.objects.exclude(pk__in=unwanted_notices())).filter(pk=notice.pk).first()
        if held is None or held.page_id is not None:
            return False
        who = notice.application.filed_by
        # In the language of the site's readers, whatever that of the person is who approved last.
        with translation.override(settings.LANGUAGE_CODE):
            page = notice_pages().write_notice(notice_text(notice), acting_user=who)
        SiteNotice.objects.filter(pk=notice.pk).update(page_id=page.pk)
        record_act("notice.put_up", acting_user=who, obj=page, detail=_detail(notice))
        submit_on_behalf(page, acting_user=who)
    return True


def note_cleared(page: Page) -> None:
    """A page went live, in its site's schema: if it is a notice, it is up from now on."""
    for notice in _notices_of(page.pk):
        if notice.live_at is None or notice.down_at is not None:
            notice.live_at, notice.down_at = timezone.now(), None
            notice.until = term_of(notice)
            notice.save(update_fields=["live_at", "down_at", "until"])


def note_taken_down(page: Page) -> None:
    """A page came down: if it was a notice, it is up no longer."""
    for notice in _notices_of(page.pk):
        if notice.live_at is not None and notice.down_at is None:
            notice.down_at = timezone.now()
            notice.save(update_fields=["down_at"])


def term_of(notice: SiteNotice) -> datetime | None:
    """When the term of a notice that went up at ``live_at`` is over; None when it ends with the thing itself."""
    if notice.kind == Kind.OFFLINE or notice.live_at is None:
        return None
    pack = rule_pack_of(notice.application.tenant)
    if notice.kind == Kind.OPENING:
        return pack.limit("opening_notice").after(notice.live_at)
    if notice.kind == Kind.DOMAIN:
        return pack.limit("domain_notice").after(notice.live_at)
    unseen = _unseen(notice.site, notice.live_at) if notice.kind == Kind.MIGRATION else timedelta()
    return pack.limit("retirement_notice").after(notice.live_at + unseen)


def lengthen_terms(tenant: Tenant) -> None:
    """A retiring site is seen again: its migration notice stays up longer by the time in which nobody could read it."""
    up = SiteNotice.objects.filter(site=tenant, kind=Kind.MIGRATION, live_at__isnull=False, down_at=None)
    for notice in up.select_related("application__tenant", "site"):
        notice.until = term_of(notice)
        notice.save(update_fields=["until"])


def take_down_notice(notice: SiteNotice, *, before_its_term: bool = False) -> bool:
    """The term of a notice is over: its page comes down by itself. False when it was down already.

    ``before_its_term``: what it tells of will not happen, so its term ends now.
    """
    reason = _("公告的事项不再办理，自动撤下。") if before_its_term else _("公告期满，自动撤下。")
    if notice.page_id is None or notice.down_at is not None:
        return False
    with tenant_context(notice.site), holding(pages=[notice.page_id]) as held:
        page = held.pages.get(notice.page_id)
        if before_its_term:
            # The gate lets a page come down in nobody's name when its term is over.
            SiteNotice.objects.filter(pk=notice.pk, down_at=None).update(until=timezone.now())
        down = page is not None and end_term(page, reason=reason)
        if page is not None and down:
            record_act("notice.down", acting_user=None, obj=page, detail=_detail(notice))
    SiteNotice.objects.filter(pk=notice.pk, down_at=None).update(down_at=timezone.now())
    return bool(down)


def unwanted_notices() -> QuerySet[SiteNotice]:
    """Notices that are up, or on their way, of applications that were taken back or lapsed: they tell of nothing."""
    states, kinds = SiteApplication.State, SiteApplication.Kind
    lapsed = ~Q(application__kind=kinds.RETIRE) & Q(application__ended_at=F("application__carried_out_at"))
    return SiteNotice.objects.filter(Q(application__state=states.WITHDRAWN) | lapsed, down_at=None).order_by("pk")


def end_notice(notice: SiteNotice, **why: Any) -> list[str]:
    """A notice is wanted no more: its page comes down, or is deleted when it was never public and nobody has decided
    on it. Returns a sentence for a page that stays as a draft, with the reason. ``why``: for the record.
    """
    if notice.live_at is not None:
        take_down_notice(notice, before_its_term=True)
        return []
    stays = _end_page(notice, why)
    SiteNotice.objects.filter(pk=notice.pk).delete()
    return stays


def notice_status(notice: SiteNotice) -> str:
    """The status word of the notice's page, as it is stored; ``draft`` before there is one."""
    if notice.page_id is None:
        return "draft"
    if notice.site.dropped_at is not None:
        # It went with the site that it stood on.
        return WITHDRAWN
    with tenant_context(notice.site):
        page = Page.objects.filter(pk=notice.page_id).first()
        return page_status(page) if page is not None else WITHDRAWN


# --- inside ------------------------------------------------------------------------------


def _unseen(site: Tenant, since: datetime) -> timedelta:
    """How long ``site`` has been offline since then: a notice on it told nobody meanwhile."""
    offline = SiteApplication.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=since), tenant=site, kind=SiteApplication.Kind.OFFLINE
    )
    now, unseen = timezone.now(), timedelta()
    taken_effect = offline.exclude(carried_out_at=None).exclude(ended_at=F("carried_out_at"))
    for one in taken_effect:
        began = one.carried_out_at or now
        unseen += max((one.ended_at or now) - max(began, since), timedelta())
    return unseen


def _end_page(notice: SiteNotice, why: dict[str, Any]) -> list[str]:
    if notice.page_id is None:
        return []
    with tenant_context(notice.site), holding(pages=[notice.page_id]) as held:
        page = held.pages.get(notice.page_id)
        if page is None:
            return []
        if page_status(page) == IN_REVIEW:
            page.current_workflow_state.cancel(user=notice.application.filed_by)
            record_act("review.take_back", acting_user=None, obj=page, detail=why)
        if reasons := reasons_against_deleting(page):
            told = _("公告的草稿“%(title)s”留在“%(site)s”，不会公开：%(reason)s")
            return [told % {"title": page.title, "site": notice.site.full_name, "reason": "".join(reasons)}]
        record_act("notice.delete", acting_user=None, obj=page, detail=why)
        DeletePageAction(page.specific, user=None).execute(skip_permission_checks=True)
    return []


def _notices_of(page_id: int) -> list[SiteNotice]:
    tenant = current_tenant_or_none()
    if tenant is None:
        return []
    found = SiteNotice.objects.select_related("application__tenant")
    return list(found.filter(site_id=tenant.pk, page_id=page_id))


def _detail(notice: SiteNotice) -> dict[str, Any]:
    return {"kind": notice.kind, "application": notice.application_id, "of": notice.application.tenant.code}
