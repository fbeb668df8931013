"""检索核对 (comparisons): what was compared with what is public, and every difference until it is gone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Comparison(models.Model):
    """One comparison of library, sites, documents and engines, by the night, by a person, or from the shell.

    ``total``: 0 until it is known. ``checked``, ``faults``: as the report counts them. ``reason``: why it failed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("核对中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    UNFINISHED = (State.WAITING, State.RUNNING)

    nightly = models.BooleanField(_("每夜自动核对"), default=False)
    repair = models.BooleanField(_("同时修复"), default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(_("已核对"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    checked = models.BigIntegerField(_("核对数"), default=0)
    faults = models.BigIntegerField(_("差异数"), default=0)
    reason = models.CharField(_("未完成的原因"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("检索核对")
        verbose_name_plural = _("检索核对")
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=["waiting", "running"]), name="search_one_comparison"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_running(self) -> bool:
        """Whether it waits or is being done."""
        return self.state in self.UNFINISHED


class Difference(models.Model):
    """Something that is found otherwise than it is public. ``part``: what met it (``search.checking.part_of``).

    ``engine``: '' where the document itself is wrong. ``ended_at``: when a comparison did not meet it any more, or
    repaired it; empty while it stands.
    """

    part = models.CharField(_("部分"), max_length=20)
    engine = models.CharField(_("引擎"), max_length=20, blank=True)
    key = models.CharField(_("键"), max_length=80, blank=True)
    title = models.CharField(_("标题"), max_length=255, blank=True)
    problem = models.CharField(_("差异"), max_length=500)
    since = models.DateTimeField(_("首次发现"))
    seen_at = models.DateTimeField(_("最近发现"))
    ended_at = models.DateTimeField(_("消除时间"), null=True)
    repaired = models.BooleanField(_("已修复"), default=False)

    class Meta:
        verbose_name = _("检索差异")
        verbose_name_plural = _("检索差异")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "engine", "key", "title"],
                condition=Q(ended_at__isnull=True),
                name="search_one_difference",
            )
        ]
        indexes = [models.Index(fields=["ended_at"], name="search_differences_ended")]

    def __str__(self) -> str:
        return f"{self.engine} {self.key} {self.problem}"
