"""归档包: what was made of a site, where it lies, and whether it was found whole."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class Archive(models.Model):
    """One archive of a site, or of one column of it; from the request until its folder is there.

    The archive itself is its folder and needs no row to be verified. ``folder``: where it lies on the server;
    ``state_at``: when its content last changed; ``certificate``: SHA-256 of its certificate. ``done`` of ``total``
    addresses while it is made.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在归档")
        DONE = "done", _("已归档")
        REFUSED = "refused", _("未能归档")

    class Verdict(models.TextChoices):
        NONE = "", _("未核验")
        RUNNING = "running", _("正在核验")
        WHOLE = "whole", _("核验完好")
        FAULTY = "faulty", _("发现问题")

    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="archives")
    column = models.CharField(_("栏目"), max_length=255, blank=True, default="")
    name = models.CharField(_("归档名称"), max_length=200, blank=True, default="")
    folder = models.TextField(_("目录"), blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reasons = models.JSONField(_("原因"), default=list)
    total = models.PositiveIntegerField(_("网址总数"), default=0)
    done = models.PositiveIntegerField(_("已采集"), default=0)
    addresses = models.PositiveIntegerField(_("公开的网址"), default=0)
    captured = models.PositiveIntegerField(_("采集的网址"), default=0)
    records = models.PositiveIntegerField(_("记录"), default=0)
    bytes = models.BigIntegerField(_("大小（字节）"), default=0)
    state_at = models.DateTimeField(_("内容截至"), null=True)
    certificate = models.CharField(_("证书摘要"), max_length=64, blank=True, default="")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    verdict = models.CharField(_("核验结果"), max_length=10, choices=Verdict.choices, blank=True, default="")
    verified_at = models.DateTimeField(_("核验时间"), null=True)
    checked = models.PositiveIntegerField(_("核验的项数"), default=0)
    #: ``[{"place", "problem"}]``
    faults = models.JSONField(_("发现的问题"), default=list)

    class Meta:
        verbose_name = _("归档包")
        verbose_name_plural = _("归档包")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["tenant", "state"], name="archive_of_site")]

    def __str__(self) -> str:
        return self.name or f"{self.tenant} {self.get_state_display()}"

    @property
    def working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
