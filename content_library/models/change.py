"""变更 (changes): what happened to resources, in an order in which nobody who asks "since" misses any."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .resource import Resource


class Change(models.Model):
    """One change of a resource. ``xact``: the database's number of the transaction that wrote the row.

    Rows are read in the order (xact, id) and only below the oldest transaction still open, so one
    that commits late never appears behind a reader who has passed (``changes.py``).
    """

    class Act(models.TextChoices):
        ENTERED = "entered", _("入库")
        CORRECTED = "corrected", _("更正")
        RESTORED = "restored", _("恢复")
        RECLASSIFIED = "reclassified", _("重新分类")
        WITHDRAWN = "withdrawn", _("撤回")
        IMPORTED = "imported", _("导入")

    xact = models.BigIntegerField(editable=False)
    resource = models.ForeignKey(Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(_("变更"), max_length=12, choices=Act.choices)
    version = models.PositiveIntegerField(_("版本"))
    status = models.CharField(_("状态"), max_length=12, choices=Resource.Status.choices)
    reason = models.TextField(_("理由"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("资源变更")
        verbose_name_plural = _("资源变更")
        indexes = [models.Index(fields=["xact", "id"], name="change_order")]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.act} v{self.version}"
