"""附件文字 (texts of files): what the bytes of an attachment say to somebody who opens it, read once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileText(models.Model):
    """The text of the file with these bytes, as citizens get them. ``state``: WAITING until it was read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待读取")
        READ = "read", _("已读取")
        UNREADABLE = "unreadable", _("无法读取")

    sm3 = models.CharField("SM3", max_length=64, primary_key=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    text = models.TextField(_("文字"), blank=True)
    read_at = models.DateTimeField(_("读取时间"), null=True)

    class Meta:
        verbose_name = _("附件文字")
        verbose_name_plural = _("附件文字")

    def __str__(self) -> str:
        return self.sm3
