"""附件: files that a sender has added to a letter, encrypted, in quarantine until they were scanned."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class Attachment(models.Model):
    """A file as it came. ``data``: encrypted like contact data, bound to case and place (``attachments.py``).

    ``name``: as its sender called it, to be shown as text; ``findings``: [{"rule", "severity", "where"}] of its scan.
    It lies in the database and nowhere else, so no web server can send it; removing the row removes it.
    """

    class Kind(models.TextChoices):
        JPEG = "jpg", _("图片（JPEG）")
        PNG = "png", _("图片（PNG）")
        PDF = "pdf", _("PDF 文档")
        DOCX = "docx", _("Word 文档")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待检查")
        CHECKED = "checked", _("已检查")
        BLOCKED = "blocked", _("无法检查，不能下载")

    case = models.ForeignKey(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="attachments")
    place = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField(_("大小"))
    data = models.BinaryField()
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    findings = models.JSONField(_("发现"), default=list)

    class Meta:
        verbose_name = _("来信附件")
        verbose_name_plural = _("来信附件")
        ordering = ["case", "place"]
        constraints = [models.UniqueConstraint(fields=["case", "place"], name="case_attachment_place")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.place}"
