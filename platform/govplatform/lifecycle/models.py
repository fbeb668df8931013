"""开设任务: one request to open a site, from the form until its hosts answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class SiteOpening(models.Model):
    """The form's answers and what became of them; can be left and found again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在建立")
        DONE = "done", _("已建成")
        REFUSED = "refused", _("未能建立")

    facts = models.JSONField(_("登记内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reasons = models.JSONField(_("原因"), default=list)
    seconds = models.FloatField(_("用时（秒）"), null=True)
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, on_delete=models.PROTECT, related_name="openings"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("开设任务")
        verbose_name_plural = _("开设任务")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"{self.facts.get('full_name', '')} {self.get_state_display()}"
