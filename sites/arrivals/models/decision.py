"""历史内容审查决定: two reviewers decide beforehand that the pages of one arrival may be published after their scan."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .arrival import Arrival


class HistoricalClearance(models.Model):
    """One such decision (deploy/decisions/047-historical-content.md).

    It is about one crawl read in one way: ``host``, ``crawl_sha256``, ``settings_sha256`` (of the arrival) and the
    number of ``pages`` in its report are those that the two have seen. ``least_confidence``: what was read with less
    stays a draft. ``ends_on``: its last day.
    """

    arrival = models.ForeignKey(Arrival, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="decisions")
    host = models.CharField(_("原网站域名"), max_length=253)
    crawl_sha256 = models.CharField(_("抓取文件的 SHA-256 摘要"), max_length=64)
    settings_sha256 = models.CharField(_("规则和设置的 SHA-256 摘要"), max_length=64)
    pages = models.PositiveIntegerField(_("页数"))
    least_confidence = models.FloatField(_("最低把握"))
    reason = models.TextField(_("理由"))
    ends_on = models.DateField(_("最后一日"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("提出人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    proposed_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("批准人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.TextField(_("批准意见"), blank=True)
    checklist = models.JSONField(_("检查清单"), default=dict)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("终止人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    revoked_at = models.DateTimeField(_("终止时间"), null=True)

    class Meta:
        verbose_name = _("历史内容审查决定")
        verbose_name_plural = _("历史内容审查决定")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="historical_by_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"{self.host} #{self.pk}"
