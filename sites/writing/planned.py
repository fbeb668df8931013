"""What is planned and due on the current site: going live, coming down, pins that end, duties and limits of reviews."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, WorkflowState

from content_library.distribution.queries import duties, open_duties
from govplatform.review.models import Submission
from govplatform.review.submission.deadlines import duty_deadlines, step_deadline
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.current import current_tenant
from sites.columns.models import Pin

#: Of duties and reviews that are open no more than these are looked through.
_MOST = 500
#: The last moment of a day still belongs to it.
_MOMENT = timedelta(microseconds=1)


class Matter(models.TextChoices):
    """The kinds of what a calendar shows."""

    PUBLISH = "publish", _("定时发布")
    PLANNED = "planned", _("拟定时发布，未通过审查")
    EXPIRE = "expire", _("到期撤下")
    PIN = "pin", _("置顶结束")
    DUTY = "duty", _("限时转载")
    REVIEW = "review", _("审查时限")


@dataclass(frozen=True)
class Planned:
    """One entry. ``timed`` False: it is for the whole day. ``page_id`` None: there is no page yet."""

    at: datetime
    matter: Matter
    title: str
    page_id: int | None
    timed: bool = True

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def late(self) -> bool:
        """A duty or a review whose limit has passed."""
        return self.matter in (Matter.DUTY, Matter.REVIEW) and self.at < timezone.now()


def planned_between(first: date, after: date) -> tuple[list[Planned], list[Planned]]:
    """Return what falls on the days from ``first`` to before ``after``, in the order of time; and the open duties and
    reviews whose limit has passed, whenever that was, the oldest first.
    """
    begins, ends, limits = _midnight(first), _midnight(after), list(_open())
    found = [*_times(begins, ends), *_pins(first, after)]
    found += [one for one in limits if begins <= one.at < ends]
    return _sorted(found), _sorted([one for one in limits if one.late])


def _sorted(found: list[Planned]) -> list[Planned]:
    return sorted(found, key=lambda one: (one.at, one.matter, one.title))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _times(begins: datetime, ends: datetime) -> Iterator[Planned]:
    cleared = Revision.page_revisions.filter(approved_go_live_at__gte=begins, approved_go_live_at__lt=ends)
    waiting = {int(one.object_id) for one in cleared}
    for revision in cleared:
        at: datetime = revision.approved_go_live_at
        yield Planned(at, Matter.PUBLISH, revision.object_str, int(revision.object_id))
    drafts = Page.objects.filter(models.Q(live=False) | models.Q(has_unpublished_changes=True)).exclude(pk__in=waiting)
    # As the newest version has it: a page that is public keeps the time of what is public.
    newest = Revision.objects.filter(pk__in=drafts.values("latest_revision_id"))
    told = newest.annotate(said=KT("content__go_live_at")).filter(said__isnull=False)
    for page_id, title, said in told.values_list("object_id", "object_str", "said"):
        planned = parse_datetime(said)
        # What was withdrawn still says when it once went live.
        if planned is not None and max(begins, timezone.now()) <= planned < ends:
            yield Planned(planned, Matter.PLANNED, title, int(page_id))
    for page in Page.objects.filter(live=True, expire_at__gte=begins, expire_at__lt=ends):
        yield Planned(page.expire_at, Matter.EXPIRE, page.title, page.pk)


def _pins(first: date, after: date) -> Iterator[Planned]:
    pins = Pin.objects.filter(last_day__gte=first, last_day__lt=after, page__live=True).select_related("page", "column")
    for pin in pins:
        title = f"{pin.page.title}（{pin.column.title}）"
        yield Planned(
            _midnight(pin.last_day + timedelta(days=1)) - _MOMENT, Matter.PIN, title, pin.page_id, timed=False
        )


def _open() -> Iterator[Planned]:
    tenant, pack = current_tenant(), site_rule_pack()
    for duty in duties(open_duties(tenant)[:_MOST]):
        yield Planned(duty.due_at, Matter.DUTY, duty.target.push.resource.title, duty.target.page_id)
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).select_related("current_task_state")
    begun = {int(state.object_id): state for state in states.order_by("pk")[:_MOST] if state.current_task_state}
    pages = Page.objects.in_bulk(list(begun))
    # The newest of each page comes last.
    submissions = Submission.objects.filter(page_id__in=list(pages)).order_by("pk")
    urgent = dict(submissions.values_list("page_id", "emergency"))
    sooner = duty_deadlines({(tenant.pk, pk): page.cached_content_type.model for pk, page in pages.items()})
    for pk, page in pages.items():
        limit = step_deadline(pack, begun[pk].current_task_state.started_at, emergency=bool(urgent.get(pk)))
        limit = min(limit, sooner.get((tenant.pk, pk), limit))
        yield Planned(limit, Matter.REVIEW, page.get_admin_display_title(), pk)
