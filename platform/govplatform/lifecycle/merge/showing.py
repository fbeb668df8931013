"""A merge in words, for its screens."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from govplatform.accounts.models import User
from govplatform.tenancy.hosts import console_url

from ..models import Merge, SiteNotice
from ..notices.reviewers import reviewers_in_words, reviews_on
from ..states.queries import shown_notices
from .permissions import is_proven
from .running import is_at_work

State = Merge.State
#: The steps of the work as the carrying names them.
STEP_WORDS = {
    "plan": gettext_lazy("测算"),
    "files": gettext_lazy("复制图片和附件"),
    "versions": gettext_lazy("改写并迁移版本"),
    "pages": gettext_lazy("迁移页面"),
    "history": gettext_lazy("迁移审查和历史记录"),
    "checks": gettext_lazy("检查一致性"),
    "switch": gettext_lazy("切换"),
    "verify": gettext_lazy("核对"),
}
#: A job that nobody has taken up after so many seconds may be lost; the product's own number.
_SETTLED = 60


@dataclass(frozen=True)
class Step:
    """One step of the way. ``state``: "done", "current" or "" for what is to come."""

    words: str
    state: str


def steps_of(merge: Merge) -> list[Step]:
    """The way of a merge: planned, carried, verified, and confirmed or taken back."""
    ended = {State.CONFIRMED: _("已确认"), State.REVERTED: _("已退回"), State.REFUSED: _("未执行")}
    last = ended.get(State(merge.state), _("确认或退回"))
    words = [_("方案"), _("迁移"), _("核对"), last]
    if merge.state in ended:
        at = len(words)
    elif merge.state in (State.QUEUED, State.MOVING):
        at = 1
    elif merge.state == State.REVERTING or merge.ended_by_id is not None:
        at = 3
    else:
        at = 3 if is_proven(merge) and not merge.faults else 2
    return [Step(word, "done" if n < at else "current" if n == at else "") for n, word in enumerate(words)]


def is_being_proven(merge: Merge) -> bool:
    """Whether the job that switched the sites goes on with the first proof and the notice of completion."""
    first = merge.state == State.MOVED and merge.verified_at is None and merge.ended_by_id is None
    return first and is_at_work(merge)


def news_of(merge: Merge) -> dict[str, Any]:
    """How far the work is: ``{"state", "label", "running", "at_work", "lost", "done", "total", "pace"}``.

    ``lost``: nobody works on it and nothing says that somebody will.
    """
    proving = is_being_proven(merge)
    on_its_way = (
        proving
        or merge.state in (State.QUEUED, State.MOVING, State.REVERTING)
        or (merge.state == State.MOVED and merge.ended_by_id is not None)
        or merge.is_half_reverted
    )
    waits = (timezone.now() - merge.requested_at).total_seconds() < _SETTLED
    at_work = on_its_way and (proving or is_at_work(merge))
    lost = on_its_way and not at_work and not (merge.state == State.QUEUED and waits) and merge.ended_by_id is None
    label = str(State.REVERTING.label if on_its_way and merge.ended_by_id is not None else merge.get_state_display())
    if proving:
        label = _("已切换，正在核对")
    return {
        "state": merge.state,
        "label": _("已中断") if lost else label,
        "running": on_its_way and not lost,
        "at_work": at_work,
        "lost": lost,
        "done": merge.done,
        "total": merge.total,
        "pace": str(STEP_WORDS.get(merge.step, merge.step)),
    }


def facts_of(merge: Merge) -> list[tuple[str, str]]:
    """``[(label, words)]`` of what happened so far."""
    facts: list[tuple[str, Any]] = [
        (_("发起人"), merge.requested_by or ""),
        (_("发起时间"), _at(merge.requested_at)),
        (_("开始时间"), _at(merge.began_at)),
        (_("切换时间"), _at(merge.switched_at)),
        (_("用时"), _seconds(merge.seconds)),
        (_("切换用时"), _seconds(merge.switch_seconds)),
        (_("核对时间"), _at(merge.verified_at)),
        (_("核对项数"), merge.counts.get("checked", "")),
        (_("退回人") if merge.end_reason else _("确认人"), merge.ended_by or ""),
        (_("办结时间"), _at(merge.ended_at)),
        (_("退回原因"), merge.end_reason),
    ]
    return [(label, str(words)) for label, words in facts if words not in ("", None)]


def missing_notices(merge: Merge, reader: User) -> list[dict[str, str]]:
    """The completion notices that are not up: ``[{"site", "status", "people", "returned", "page", "url"}]``.

    ``people``: who clears it, or mends it when it was ``returned`` with that opinion. ``url``: where, for a ``reader``
    who may clear it; '' for others, before there is a page, and while it is returned.
    """
    found = SiteNotice.objects.filter(application=merge.application, kind=SiteNotice.Kind.COMPLETION, live_at=None)
    notices = list(found.select_related("site", "application__tenant").prefetch_related("site__domains"))
    return [
        {
            "site": notice.site.full_name,
            "status": told["status"],
            "page": str(notice.page_id or ""),
            "people": told["people"] or reviewers_in_words(notice.site),
            "returned": told["returned"],
            "url": console_url(notice.site, reverse("review_page", args=[notice.page_id]))
            if notice.page_id and not told["returned"] and reviews_on(reader, notice.site)
            else "",
        }
        for notice, told in zip(notices, shown_notices(notices), strict=True)
    ]


def _at(when: Any) -> str:
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M:%S}" if when else ""


def _seconds(seconds: float | None) -> str:
    return _("%(seconds).2f 秒") % {"seconds": seconds} if seconds is not None else ""
