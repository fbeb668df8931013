"""待确认的导入: a dictionary file that was read and waits for its uploader to confirm it, for one day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class ImportDraft(models.Model):
    """What was read of an uploaded file.

    ``rows``: ``word_table.WordRow`` as lists; ``faults``: ``word_table.Fault`` as lists.
    """

    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(_("文件"), max_length=255)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("待确认的导入")
        verbose_name_plural = _("待确认的导入")

    def __str__(self) -> str:
        return self.filename
