"""撤回: a published page taken down, with the reason and the person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="withdrawals"
    )
    reason = models.TextField(_("理由"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("撤回人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"))

    class Meta:
        verbose_name = _("撤回记录")
        verbose_name_plural = _("撤回记录")
        ordering = ["-withdrawn_at"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.withdrawn_at:%Y-%m-%d %H:%M}"
