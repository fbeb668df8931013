"""提问统计 (what was asked): how often on which day, without anybody who asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class AskedDay(models.Model):
    """How many questions the search of a site answered on a day. ``without``: those of them that found nothing."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField(_("日期"))
    asked = models.BigIntegerField(_("搜索次数"), default=0)
    without = models.BigIntegerField(_("无结果次数"), default=0)

    class Meta:
        verbose_name = _("每日搜索次数")
        verbose_name_plural = _("每日搜索次数")
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="search_asked_day")]
        indexes = [models.Index(fields=["day"], name="search_asked_days")]

    def __str__(self) -> str:
        return f"{self.day} {self.asked}"


class AskedTerm(models.Model):
    """From how many places a term was asked on a day; ``without``: how many of them were told that there is nothing.

    A term that few have asked, or that may name a person, never gets here (``search.statistics.keepable``).
    """

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField(_("日期"))
    term = models.CharField(_("搜索词"), max_length=40)
    asked = models.BigIntegerField(_("搜索来源数"), default=0)
    without = models.BigIntegerField(_("无结果来源数"), default=0)

    class Meta:
        verbose_name = _("搜索词统计")
        verbose_name_plural = _("搜索词统计")
        constraints = [models.UniqueConstraint(fields=["tenant", "day", "term"], name="search_asked_term")]
        indexes = [
            models.Index(fields=["day"], name="search_asked_term_days"),
            models.Index(fields=["tenant", "term"], opclasses=["int8_ops", "varchar_pattern_ops"], name="search_terms"),
        ]

    def __str__(self) -> str:
        return self.term
