"""未登记网址: paths that citizens asked for and the ledger does not know, counted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class UnknownPath(models.Model):
    """A path that was asked for and is not known. Nothing of who asked is kept, nor the query.

    ``path`` '' stands for all that could not be kept: what came in a flood, and what may name a person. A site keeps
    no more than ``unknown.KEPT`` rows, those that were asked for most.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        LEFT = "left", _("不处理")

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    host = models.CharField(_("域名"), max_length=253, blank=True, default="")
    path = models.TextField(_("网址"), blank=True)
    key = models.UUIDField(editable=False)
    count = models.BigIntegerField(_("次数"), default=0)
    first_on = models.DateField(_("首次"))
    last_on = models.DateField(_("最近"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("未登记网址")
        verbose_name_plural = _("未登记网址")
        constraints = [models.UniqueConstraint(fields=["tenant", "host", "key"], name="unknown_once")]
        indexes = [models.Index(fields=["tenant", "-count"], name="unknown_by_count")]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"
