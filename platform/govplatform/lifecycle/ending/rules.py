"""When a site may be dropped: its end was announced long enough, an archive proves what it was, nothing is open."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.archive.capture.described import content_changed_at
from govplatform.archive.queries import verified_archive
from govplatform.consequences.models import Consequence
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant

from ..models import Merge, SiteApplication, SiteNotice
from ..notices.actions import term_of
from ..open_letters import reasons_of_open_letters

_OPEN_JOBS = """
SELECT count(*) FROM public.procrastinate_jobs
WHERE status IN ('todo', 'doing') AND (args ->> 'schema' = %(schema)s OR args ->> 'site' = %(schema)s)
"""


def reasons_against_dropping(tenant: Tenant) -> list[str]:
    """Everything that speaks against dropping ``tenant`` now, all at once; empty when nothing does."""
    if tenant.is_console:
        return [_("监管控制台不能移除。")]
    reasons = []
    if tenant.status != Tenant.Status.RETIRED:
        reasons.append(
            _("“%(site)s”现在是“%(status)s”，只有已关停的网站可以移除。请先办结关停。")
            % {"site": tenant.full_name, "status": tenant.get_status_display()}
        )
    return [*reasons, *_about_the_notice(tenant), *_about_the_archive(tenant), *_about_what_is_open(tenant)]


def _about_the_notice(tenant: Tenant) -> Iterator[str]:
    """How long the migration notice has to have been up, by the site's rule pack.

    《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（一）项, in the national one.
    """
    term = rule_pack_of(tenant).limit("retirement_notice").days
    notices = SiteNotice.objects.filter(
        application__tenant=tenant,
        application__kind=SiteApplication.Kind.RETIRE,
        kind=SiteNotice.Kind.MIGRATION,
        site=tenant,
        live_at__isnull=False,
    )
    notice = notices.order_by("-live_at").first()
    if notice is None or notice.live_at is None:
        yield _("“%(site)s”没有发布过关停迁移公告。") % {"site": tenant.full_name}
        return
    due = term_of(notice)
    until = notice.down_at or timezone.now()
    if due is not None and until < due:
        words = {
            "days": term,
            "since": timezone.localtime(notice.live_at).strftime("%Y-%m-%d"),
            "due": timezone.localtime(due).strftime("%Y-%m-%d %H:%M"),
        }
        if notice.down_at is not None:
            yield _("关停迁移公告自 %(since)s 起没有公示满 %(days)d 日就撤下了。") % words
        else:
            yield _("关停迁移公告须公示 %(days)d 日，自 %(since)s 起，到 %(due)s 为止。") % words


def _about_the_archive(tenant: Tenant) -> Iterator[str]:
    archive = verified_archive(tenant)
    if archive is None:
        yield _("“%(site)s”没有核验完好的整站归档。请先制作归档并核验。") % {"site": tenant.full_name}
        return
    with tenant_context(tenant):
        changed = content_changed_at(tenant)
    if archive.state_at is None or archive.state_at < changed:
        yield _("归档“%(name)s”的内容截至 %(at)s，之后公开内容还有变动（%(changed)s）。请重新归档并核验。") % {
            "name": archive.name,
            "at": timezone.localtime(archive.state_at).strftime("%Y-%m-%d %H:%M:%S") if archive.state_at else "—",
            "changed": timezone.localtime(changed).strftime("%Y-%m-%d %H:%M:%S"),
        }


def _about_what_is_open(tenant: Tenant) -> Iterator[str]:
    yield from reasons_of_open_letters(tenant, stays_frozen=tenant.frozen)
    merges = Merge.objects.filter(Q(source=tenant) | Q(destination=tenant), state__in=Merge.FREEZING)
    for merge in merges.select_related("source", "destination"):
        yield _("“%(source)s”并入“%(into)s”还没有确认或退回（%(state)s）。") % {
            "source": merge.source,
            "into": merge.destination,
            "state": merge.get_state_display(),
        }
    states = SiteApplication.State
    waiting = Q(state__in=(states.PENDING, states.REPORTED)) | Q(state=states.APPROVED, carried_out_at=None)
    if count := SiteApplication.objects.filter(waiting, tenant=tenant).count():
        yield _("还有 %(count)d 项网站事项申请没有办结。") % {"count": count}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_JOBS, {"schema": tenant.schema_name})
        jobs = cursor.fetchone()[0]
    if jobs:
        yield _("还有 %(count)d 项后台任务没有完成。") % {"count": jobs}
    open_states = (Consequence.State.READY, Consequence.State.RUNNING)
    failed = Q(state=Consequence.State.FAILED, given_up_at__isnull=True)
    rows = Consequence.objects.filter(Q(state__in=open_states) | failed, schema=tenant.schema_name)
    if count := rows.count():
        yield _("还有 %(count)d 项后续事项没有完成，或失败后没有处理。") % {"count": count}
