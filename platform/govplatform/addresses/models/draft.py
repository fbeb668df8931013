"""待确认的网址导入: a table of old addresses that was read and waits for its uploader to confirm it, for one day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class AddressDraft(models.Model):
    """What was read of an uploaded file. ``rows``: ``[[line, [cell, ...]], ...]``, the headings first."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(_("原域名"), max_length=253)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(_("文件"), max_length=255)
    rows = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("待确认的网址导入")
        verbose_name_plural = _("待确认的网址导入")

    def __str__(self) -> str:
        return self.filename
