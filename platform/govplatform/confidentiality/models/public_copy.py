"""公众副本: the copies of office files and pictures that citizens get, without the original's properties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicCopy(models.Model):
    """The copy of one original. ``kind``, ``object_id``, ``original_sm3``: the original and its bytes.

    ``removed``: names of the properties that the copy lacks, in English.
    """

    kind = models.CharField(_("类别"), max_length=10)
    object_id = models.BigIntegerField(_("编号"))
    original_sm3 = models.CharField(_("原件 SM3"), max_length=64)
    file = models.FileField(_("副本"), upload_to="public_copies", max_length=255)
    sm3 = models.CharField("SM3", max_length=64)
    removed = models.JSONField(_("去除的属性"), default=list)
    made_at = models.DateTimeField(_("生成时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("公众副本")
        verbose_name_plural = _("公众副本")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "original_sm3"], name="public_copy_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
