"""审查通过 (clearances): the only key to the public side, bound to the digest of what was seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Clearance(models.Model):
    """The permission to publish one revision. Rows are never deleted; only ``status`` moves on."""

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        SUPERSEDED = "superseded", _("已被新版本取代")
        REVOKED = "revoked", _("已撤销")

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="clearances"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("版本"), on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(_("内容摘要"), max_length=80)
    content_decision = models.ForeignKey(
        "review.Decision", verbose_name=_("内容审核意见"), on_delete=models.PROTECT, related_name="+"
    )
    confidentiality_decision = models.ForeignKey(
        "review.Decision", verbose_name=_("保密审查意见"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.VALID)
    scan = models.ForeignKey(
        "confidentiality.Scan", verbose_name=_("保密扫描"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    levels = models.PositiveSmallIntegerField(_("内容审核级数"), default=1, db_default=1)
    record = models.JSONField(
        _("审查记录"),
        default=dict,
        db_default={},
        help_text=_("扫描器版本、规则包版本、全部发现及其处理结论、检查清单和审查意见。"),
    )
    rule_pack = models.CharField(_("规则包"), max_length=60)
    granted_at = models.DateTimeField(_("通过时间"))

    class Meta:
        verbose_name = _("审查通过")
        verbose_name_plural = _("审查通过")
        ordering = ["-granted_at"]
        indexes = [models.Index(fields=["page", "status"], name="clearance_page_status")]

    def __str__(self) -> str:
        return f"{self.page_id}@{self.revision_id} {self.get_status_display()}"


class ClearedFile(models.Model):
    """An image or document that the cleared revision shows, with the hash of its bytes."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("图片")
        DOCUMENT = "document", _("附件")

    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    object_id = models.BigIntegerField(_("编号"))
    name = models.CharField(_("存储名"), max_length=255)
    sm3 = models.CharField("SM3", max_length=64)

    class Meta:
        verbose_name = _("随审文件")
        verbose_name_plural = _("随审文件")
        indexes = [models.Index(fields=["kind", "object_id"], name="cleared_file_object")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
