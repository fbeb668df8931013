"""What a merge says of pages that wait for something, the same words in its plan and afterwards."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from govplatform.review.transfers.waiting import SCHEDULED, UNDER_REVIEW, BegunReview

#: So many reviews are named with their reviewers; the rest is a number.
MOST_NAMED = 50


def unpublished_words(kind: str) -> tuple[str, str]:
    """Return (what it is, why it stays and the way out) of pages that were never public, by their ``kind``."""
    if kind == SCHEDULED:
        return (
            _("已审定、待发布的信息"),
            _("方案选择不迁移，到时也不会公开，随站点的备份保存；要在并入站点按时公开，请改选迁移。"),
        )
    if kind == UNDER_REVIEW:
        return (
            _("审查中、从未公开的信息"),
            _("从未公开，默认不迁移，随站点的备份保存；要迁移请先审查发布，或选择迁移草稿。"),
        )
    return _("草稿"), _("从未公开的草稿默认不迁移，随站点的备份保存。")


def decided_again(begun: Iterable[BegunReview]) -> str:
    """Say what becomes of reviews that were ``begun``, whose they are, and the way out."""
    named = [
        _("“%(title)s”（%(given)s）")
        % {"title": one.title, "given": "，".join(f"{step}：{name}" for step, name in one.given)}
        for one in begun
    ]
    told = _(
        "信息迁入后编号变化，已作出的审查意见不能沿用：由并入站点的审查人退回，编辑重新送审，从第一级审查。"
        "要避免重审，请在并入之前审查完毕。"
    )
    if (more := len(named) - MOST_NAMED) > 0:
        named[MOST_NAMED:] = [_("另有 %(count)d 条") % {"count": more}]
    return told + (_("涉及：%(named)s。") % {"named": "、".join(named)} if named else "")
