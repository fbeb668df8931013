"""索引号 (index numbers): the pattern of a site, and the row from which its numbers are drawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class IndexPattern(models.Model):
    """A site's own pattern of index numbers; without a row the default of ``numbering.py`` holds."""

    tenant = models.OneToOneField(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(_("编号规则"), max_length=60)

    class Meta:
        verbose_name = _("索引号规则")
        verbose_name_plural = _("索引号规则")

    def __str__(self) -> str:
        return str(self.pattern)


class IndexSeries(models.Model):
    """The last index number of a site in a year; locked while one is drawn: distinct, gap-free, never reused."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveBigIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = _("索引号序列")
        verbose_name_plural = _("索引号序列")
        constraints = [models.UniqueConstraint(fields=["tenant", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.year}: {self.last}"
