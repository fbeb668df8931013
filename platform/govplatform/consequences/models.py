"""后续事项: the calls that follow acts after their commit, one row for each call that has something to do."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Ready so long after its time, nobody takes it up; running so long, it is shown whether or not anybody is at it.
WAITS_AT_MOST, RUNS_AT_MOST = timedelta(minutes=5), timedelta(minutes=30)


class Consequence(models.Model):
    """One call that follows an event. Written in the transaction of the act; deleted some time after it has ended.

    ``schema``: where the act happened and the call is made (``public`` for what belongs to no site). ``event``: name of
    the event's class; ``subject_*``: what it happened to. ``line``: name of the call on the sheet, ``arguments``: what
    it is called with. A failed row waits for an operator; given up, it stays failed and is no longer open.
    """

    class State(models.TextChoices):
        READY = "ready", _("待办")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    class Kind(models.TextChoices):
        IN_TRANSACTION = "in_transaction", _("同一事务")
        ON_COMMIT = "on_commit", _("提交之后")
        JOB = "job", _("后台任务")

    schema = models.CharField(_("模式"), max_length=63)
    event = models.CharField(_("事件"), max_length=80)
    subject_type = models.CharField(_("对象类型"), max_length=100, blank=True)
    subject_id = models.CharField(_("对象编号"), max_length=100, blank=True)
    subject_title = models.CharField(_("对象"), max_length=255, blank=True)
    line = models.CharField(_("事项"), max_length=100)
    kind = models.CharField(_("方式"), max_length=16, choices=Kind.choices)
    retried = models.BooleanField(_("自动重试"))
    arguments = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.READY)
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    error = models.TextField(_("最近的错误"), blank=True)
    next_at = models.DateTimeField(_("下次尝试"))
    made_at = models.DateTimeField(_("产生时间"))
    started_at = models.DateTimeField(_("最近开始"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    given_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("放弃人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_up_at = models.DateTimeField(_("放弃时间"), null=True)
    given_up_reason = models.CharField(_("放弃理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("后续事项")
        verbose_name_plural = _("后续事项")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["schema", "subject_type", "subject_id", "id"],
                name="consequence_waiting",
                condition=Q(state__in=["ready", "running"]),
            ),
            models.Index(fields=["next_at"], name="consequence_due", condition=Q(state__in=["ready", "running"])),
            models.Index(
                fields=["id"], name="consequence_failed", condition=Q(state="failed", given_up_at__isnull=True)
            ),
            models.Index(fields=["finished_at"], name="consequence_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.subject_title}".strip()

    @property
    def open(self) -> bool:
        """Whether it still has to be done or looked after."""
        return self.state != self.State.DONE and self.given_up_at is None

    @property
    def stuck(self) -> bool:
        """Whether it is overdue: nobody takes it up, or it runs for longer than it should."""
        now = timezone.now()
        if self.state == self.State.READY:
            return self.next_at < now - WAITS_AT_MOST
        return self.state == self.State.RUNNING and self.started_at is not None and self.started_at < now - RUNS_AT_MOST
