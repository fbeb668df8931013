"""处理结论: how a finding was judged, by whom and why. Append-only; the newest one of a finding counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .scan import Finding


class Disposition(models.Model):
    """One judgement of a finding. ``person`` None: given by the platform itself."""

    class Verdict(models.TextChoices):
        FIXED = "fixed", _("已改正")
        IGNORED = "ignored", _("说明理由后保留")
        FALSE_ALARM = "false_alarm", _("误报")
        TO_MASK = "to_mask", _("要求遮盖")

    finding = models.ForeignKey(Finding, verbose_name=_("发现"), on_delete=models.PROTECT, related_name="dispositions")
    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("结论"), max_length=12, choices=Verdict.choices)
    reason = models.TextField(_("理由"), blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("处理人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    person_name = models.CharField(_("处理人姓名"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("处理结论")
        verbose_name_plural = _("处理结论")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.get_verdict_display()}"
