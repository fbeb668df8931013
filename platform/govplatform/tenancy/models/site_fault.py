"""异常: what could not be done in one site, kept until it is done."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .tenant import Tenant


class SiteFault(models.Model):
    """One thing that fails again and again: a job in a site, or one subject of that job inside the site.

    ``job``: its name in code (``publish_scheduled``). ``subject``: what inside the site fails, as code (``page:12``),
    with its ``title`` in words; both empty when the whole site fails. ``error``: the last one, without the rows that a
    database adds to its messages. ``next_at``: not tried again before then; empty when only a person runs the job.
    The row goes with the next success.
    """

    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="faults")
    job = models.CharField(_("任务"), max_length=60)
    subject = models.CharField(_("事项代码"), max_length=60, blank=True)
    title = models.CharField(_("事项"), max_length=255, blank=True)
    since = models.DateTimeField(_("开始时间"))
    last_at = models.DateTimeField(_("最近一次"))
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    error = models.TextField(_("错误"), blank=True)
    next_at = models.DateTimeField(_("下次尝试"), null=True)

    class Meta:
        verbose_name = _("站点异常")
        verbose_name_plural = _("站点异常")
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "job", "subject"], name="site_fault_once")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.job} {self.subject}".strip()

    @property
    def is_paused(self) -> bool:
        """Whether its time to be tried again has not come yet."""
        return self.next_at is not None and self.next_at > timezone.now()
