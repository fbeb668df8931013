"""审查意见 (decisions): what one reviewer said about one revision. Append-only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    class Step(models.TextChoices):
        CONTENT = "content", _("内容审核")
        CONTENT2 = "content2", _("内容复审")
        CONTENT3 = "content3", _("内容终审")
        CONFIDENTIALITY = "confidentiality", _("保密审查")

    class Verdict(models.TextChoices):
        APPROVED = "approved", _("通过")
        REJECTED = "rejected", _("退回")

    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("版本"), on_delete=models.PROTECT, related_name="+"
    )
    step = models.CharField(_("环节"), max_length=20, choices=Step.choices)
    verdict = models.CharField(_("结论"), max_length=10, choices=Verdict.choices)
    opinion = models.TextField(_("意见"))
    checklist = models.JSONField(_("检查清单"), default=dict)
    digest = models.CharField(_("内容摘要"), max_length=80)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("审查人"), on_delete=models.PROTECT, related_name="+"
    )
    reviewer_name = models.CharField(_("审查人姓名"), max_length=150)
    rule_pack = models.CharField(_("规则包"), max_length=60)
    decided_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("审查意见")
        verbose_name_plural = _("审查意见")
        ordering = ["-decided_at"]
        indexes = [models.Index(fields=["page", "revision"], name="decision_page_revision")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.get_verdict_display()} {self.reviewer_name}"
