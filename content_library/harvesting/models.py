"""采集来源 (sources): another platform's exchange feed, how far it was read, and what it brought."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User

from ..models import Resource


class HarvestSource(models.Model):
    """Another platform that is harvested.

    ``url``: its ``.../api/library/``. ``cursor``: everything before it is committed here.
    ``trusted``: an operator registered it as lying in the government network: private addresses are
    then allowed. One that the shell made is paused, so it is read only when somebody says so.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("定时采集")
        PAUSED = "paused", _("已暂停")
        #: Out of the list and never read; what it brought keeps saying where it came from.
        REMOVED = "removed", _("已移除")

    name = models.CharField(_("名称"), max_length=100)
    url = models.URLField(_("接口地址"), max_length=300, unique=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ACTIVE)
    trusted = models.BooleanField(_("政务内网来源"), default=False)
    every_minutes = models.PositiveIntegerField(_("间隔（分钟）"), default=30)
    cursor = models.CharField(_("变更位置"), max_length=200, blank=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    last_error = models.TextField(_("最近的错误"), blank=True)
    due_at = models.DateTimeField(_("下次采集"), default=timezone.now)
    succeeded_at = models.DateTimeField(_("最近成功"), null=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("登记人"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("采集来源")
        verbose_name_plural = _("采集来源")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="harvest_due")]

    def __str__(self) -> str:
        return str(self.name)


class HarvestRun(models.Model):
    """One reading of a source. ``faults``: ``[{"uuid", "reasons"}]`` of the first 100 resources not imported."""

    class State(models.TextChoices):
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        STOPPED = "stopped", _("已停止")

    source = models.ForeignKey(HarvestSource, verbose_name=_("来源"), on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.RUNNING)
    stop_asked = models.BooleanField(_("要求停止"), default=False, db_default=False)
    started_at = models.DateTimeField(_("开始"), auto_now_add=True)
    finished_at = models.DateTimeField(_("结束"), null=True)
    started_by = models.ForeignKey(
        User, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("更正"), default=0)
    withdrawn = models.PositiveIntegerField(_("撤回"), default=0)
    skipped = models.PositiveIntegerField(_("跳过"), default=0)
    refused = models.PositiveIntegerField(_("未收"), default=0)
    faults = models.JSONField(_("未收的条目"), default=list)
    error = models.TextField(_("错误"), blank=True)
    cursor = models.CharField(_("变更位置"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("采集记录")
        verbose_name_plural = _("采集记录")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["source", "-id"], name="harvest_runs_newest")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at}"


class HarvestedResource(models.Model):
    """The source that a resource came from: no other one may correct or withdraw it.

    ``version`` and ``digest``: as the origin gives them. ``ended_there``: withdrawn because the origin
    withdrew it, and not by anybody here.
    """

    resource = models.OneToOneField(
        Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="harvested", primary_key=True
    )
    source = models.ForeignKey(HarvestSource, verbose_name=_("来源"), on_delete=models.PROTECT, related_name="brought")
    version = models.PositiveIntegerField(_("来源版本"))
    digest = models.CharField(_("来源摘要"), max_length=64, blank=True)
    ended_there = models.BooleanField(_("来源已撤回"), default=False)

    class Meta:
        verbose_name = _("采集的资源")
        verbose_name_plural = _("采集的资源")

    def __str__(self) -> str:
        return str(self.resource_id)


class DeliveredFile(models.Model):
    """A file whose bytes a source has sent; that it named their SM3 is not enough."""

    source = models.ForeignKey(
        HarvestSource, verbose_name=_("来源"), on_delete=models.PROTECT, related_name="delivered", db_index=False
    )
    blob = models.ForeignKey(
        "content_library.Blob", verbose_name=_("文件"), on_delete=models.PROTECT, related_name="deliveries"
    )
    delivered_at = models.DateTimeField(_("送达时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("来源送达的文件")
        verbose_name_plural = _("来源送达的文件")
        constraints = [models.UniqueConstraint(fields=["source", "blob"], name="delivered_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.blob_id}"
