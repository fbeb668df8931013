"""The way of a site to its end, step by step, so that somebody sees where it stands and when what follows may be."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.archive.queries import verified_archive
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant

from ..merging_next import merge_plan_address
from ..models import Merge, SiteApplication, SiteNotice
from ..notices.actions import term_of


@dataclass(frozen=True)
class EndStep:
    """One step. ``done``: it is behind; ``note``: when that was, or what it waits for; ``url``: where it is done."""

    words: str
    done: bool
    note: str
    url: str = ""


def steps_to_the_end(tenant: Tenant) -> list[EndStep]:
    """Return the steps of ``tenant`` in their order; which rules hold is ``rules.reasons_against_dropping``."""
    return list(_steps(tenant))


def _steps(tenant: Tenant) -> Iterator[EndStep]:
    application = (
        SiteApplication.objects.filter(
            tenant=tenant, kind=SiteApplication.Kind.RETIRE, state=SiteApplication.State.APPROVED
        )
        .select_related("into")
        .order_by("-pk")
        .first()
    )
    note = _("第 %(number)d 号") % {"number": application.pk} if application else _("由站点管理员或平台运维人员提出。")
    yield EndStep(_("关停申请逐级批准"), application is not None, note)
    yield _notice_step(tenant)
    merge = Merge.objects.filter(source=tenant, state=Merge.State.CONFIRMED).select_related("destination").first()
    if merge is not None:
        note = _("已并入“%(site)s”") % {"site": merge.destination}
    elif application is not None and application.into is not None:
        note = _("并入“%(site)s”，核对无误后确认。") % {"site": application.into}
    else:
        note = ""
    retired = tenant.status == Tenant.Status.RETIRED
    way = merge_plan_address(application) if application is not None and not retired else ""
    yield EndStep(_("内容并入，网站关停"), retired, note, way)
    archive = verified_archive(tenant)
    way = f"{reverse('archives')}?site={tenant.code}" if archive is None else ""
    note = archive.name if archive else _("在“网站归档”里办理。")
    yield EndStep(_("整站归档并核验"), archive is not None, note, way)
    dropped = timezone.localtime(tenant.dropped_at).strftime("%Y-%m-%d %H:%M") if tenant.dropped_at else ""
    yield EndStep(_("备份并移除"), bool(dropped), dropped or _("以上各步都完成后，在本页办理。"))


def _notice_step(tenant: Tenant) -> EndStep:
    """The term of the notice: 《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（一）项, in the
    national rule pack.
    """
    term = rule_pack_of(tenant).limit("retirement_notice").days
    notice = (
        SiteNotice.objects.filter(
            application__tenant=tenant, kind=SiteNotice.Kind.MIGRATION, site=tenant, live_at__isnull=False
        )
        .order_by("-live_at")
        .first()
    )
    words = _("迁移公告公示满 %(days)d 日") % {"days": term}
    if notice is None or notice.live_at is None:
        return EndStep(words, False, _("公告还没有发布。"))
    due = term_of(notice) or notice.live_at
    until = min(notice.down_at or timezone.now(), timezone.now())
    span = {
        "since": timezone.localtime(notice.live_at).strftime("%Y-%m-%d"),
        "due": timezone.localtime(due).strftime("%Y-%m-%d"),
        "left": max((local_day(due) - local_day(until)).days, 1),
    }
    if until >= due:
        return EndStep(words, True, _("%(since)s 至 %(due)s") % span)
    if notice.down_at is not None:
        return EndStep(words, False, _("自 %(since)s 公示，没有满期就撤下了。") % span)
    return EndStep(words, False, _("自 %(since)s 公示，到 %(due)s 满期，还有 %(left)d 日。") % span)
