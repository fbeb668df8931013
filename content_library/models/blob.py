"""文件内容 (blobs): the bytes of pictures and attachments, once on the whole platform, named by their SM3."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .resource import ResourceVersion


class Blob(models.Model):
    """The bytes of one file, in the storage ``library`` under ``aa/bb/<sm3>``; see ``blobs.py``."""

    sm3 = models.CharField("SM3", max_length=64, primary_key=True)
    size = models.BigIntegerField(_("字节数"))
    created_at = models.DateTimeField(_("存入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("文件内容")
        verbose_name_plural = _("文件内容")

    def __str__(self) -> str:
        return str(self.sm3)


class ResourceFile(models.Model):
    """A file of one version, under the name that readers see. Append-only."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("附件")
        IMAGE = "image", _("图片原图")
        RENDITION = "rendition", _("图片显示尺寸")

    version = models.ForeignKey(
        ResourceVersion, verbose_name=_("版本"), on_delete=models.PROTECT, related_name="files", db_index=False
    )
    blob = models.ForeignKey(Blob, verbose_name=_("内容"), on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField(_("次序"))
    name = models.CharField(_("文件名"), max_length=255)
    title = models.CharField(_("显示名称"), max_length=255, blank=True)
    content_type = models.CharField(_("媒体类型"), max_length=100)
    map_number = models.CharField(_("审图号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("资源文件")
        verbose_name_plural = _("资源文件")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="file_position_once")]

    def __str__(self) -> str:
        return str(self.name)
