"""到期删除: what keeps a case from losing its personal data, and what was removed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .case import Case


class CaseHold(models.Model):
    """The personal data of a case is kept beyond its term, for a reason that a supervisor gave (复议, 诉讼)."""

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="hold")
    reason = models.TextField(_("理由"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经手人"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("暂缓删除")
        verbose_name_plural = _("暂缓删除")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.case_id)


class Erasure(models.Model):
    """How many rows of one holder lost their personal data on one site and day. ``holder``: its code on the sheet."""

    holder = models.CharField(_("信息类别"), max_length=40)
    site = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("日期"))
    rows = models.PositiveIntegerField(_("件数"))

    class Meta:
        verbose_name = _("到期删除")
        verbose_name_plural = _("到期删除")
        ordering = ["-day", "holder", "site"]
        constraints = [models.UniqueConstraint(fields=["holder", "site", "day"], name="case_erasure_once")]

    def __str__(self) -> str:
        return f"{self.holder} {self.site_id} {self.day}"
