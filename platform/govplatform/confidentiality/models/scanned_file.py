"""已扫描的文件: the files that a scan has finished, so that one that was killed continues behind them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scan import Scan


class ScannedFile(models.Model):
    """A finished file of a scan. ``persons``: as in Scan, of this file; ``readable``: whether it gave any text."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="files")
    attachment_kind = models.CharField(_("附件类别"), max_length=10)
    attachment_id = models.BigIntegerField(_("附件编号"))
    attachment_name = models.CharField(_("附件名称"), max_length=255)
    sm3 = models.CharField("SM3", max_length=64, db_index=True)
    readable = models.BooleanField(_("可读取"), default=True)
    persons = models.JSONField(_("涉及人员"), default=list)

    class Meta:
        verbose_name = _("已扫描的文件")
        verbose_name_plural = _("已扫描的文件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "attachment_kind", "attachment_id"], name="scanned_file_once")
        ]

    def __str__(self) -> str:
        return self.attachment_name
