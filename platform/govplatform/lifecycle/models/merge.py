"""并入 (merges): the content of a closing site on its way into another one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .application import SiteApplication


class Merge(models.Model):
    """One merge of ``source`` into ``destination`` (deploy/decisions/045-merging-sites.md).

    ``wishes``: path of a column -> path there or ``-``, as asked for; ``drafts``: whether pages go along that were
    never public; ``scheduled``: whether those do that are cleared for a later day. ``ranges``: name of a table of the
    destination -> ``[first id, last id, what was added to the old id]`` of the rows that were carried. ``step``,
    ``done``, ``total``: how far a running merge is. ``counts``: what was carried, by the names that the verb prints;
    ``memory``: what has to be known to take it back; ``not_moved``: ``[{"kind", "count", "reason"}]``. ``seconds``: of
    the whole; ``switch_seconds``: from the first lock of the destination to the commit. ``faults``: of the last proof.
    Only the owner's login writes ``ranges`` and the states in which rows are carried (``MOVING``, ``REVERTING``).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("等待执行")
        MOVING = "moving", _("迁移中")
        MOVED = "moved", _("已迁移，待确认")
        CONFIRMED = "confirmed", _("已确认")
        REVERTING = "reverting", _("退回中")
        REVERTED = "reverted", _("已退回")
        REFUSED = "refused", _("未执行")

    source = models.ForeignKey(Tenant, verbose_name=_("关停站点"), on_delete=models.PROTECT, related_name="merges_out")
    destination = models.ForeignKey(
        Tenant, verbose_name=_("并入站点"), on_delete=models.PROTECT, related_name="merges_in"
    )
    application = models.ForeignKey(
        SiteApplication, verbose_name=_("关停申请"), on_delete=models.PROTECT, related_name="merges"
    )
    wishes = models.JSONField(_("栏目对照"), default=dict)
    drafts = models.BooleanField(_("含草稿"), default=False)
    scheduled = models.BooleanField(_("含待发布的信息"), default=True, db_default=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.QUEUED)
    step = models.CharField(_("步骤"), max_length=40, blank=True)
    done = models.PositiveIntegerField(_("完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    ranges = models.JSONField(_("编号范围"), default=dict)
    counts = models.JSONField(_("数量"), default=dict)
    not_moved = models.JSONField(_("未迁移"), default=list)
    reasons = models.JSONField(_("未执行的原因"), default=list)
    faults = models.JSONField(_("核对结果"), default=list)
    verified_at = models.DateTimeField(_("核对时间"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    began_at = models.DateTimeField(_("开始时间"), null=True)
    switched_at = models.DateTimeField(_("切换时间"), null=True)
    memory = models.JSONField(_("退回所需"), default=dict, editable=False)
    seconds = models.FloatField(_("用时（秒）"), null=True)
    switch_seconds = models.FloatField(_("切换用时（秒）"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("确认或退回人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(_("确认或退回时间"), null=True)
    end_reason = models.TextField(_("退回原因"), blank=True)

    #: States in which the source is closed for writing.
    FREEZING = (State.QUEUED, State.MOVING, State.MOVED, State.REVERTING)

    class Meta:
        verbose_name = _("站点并入")
        verbose_name_plural = _("站点并入")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["queued", "moving", "moved", "confirmed", "reverting"]),
                name="one_merge_of_a_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.destination}"

    @property
    def is_half_reverted(self) -> bool:
        """Whether its rows have left the destination again, and whoever took them away has not opened the source."""
        return self.state == self.State.REVERTED and self.ended_at is None
