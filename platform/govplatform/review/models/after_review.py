"""事后复核 (reviews after the fact): what went out as an emergency is looked at again by somebody else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AfterReview(models.Model):
    """One review after the fact: opened with the clearance, closed once by its verdict.

    The database refuses to change it after that.
    """

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("复核通过")
        WITHDRAWN = "withdrawn", _("复核不通过，撤回")

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="after_reviews"
    )
    clearance = models.OneToOneField(
        "review.Clearance", verbose_name=_("审查通过"), on_delete=models.PROTECT, related_name="after_review"
    )
    submission = models.ForeignKey(
        "review.Submission", verbose_name=_("送审记录"), on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(_("复核期限"))
    verdict = models.CharField(_("结论"), max_length=10, choices=Verdict.choices, blank=True)
    opinion = models.TextField(_("意见"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("复核人"),
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    reviewer_name = models.CharField(_("复核人姓名"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = _("事后复核")
        verbose_name_plural = _("事后复核")
        ordering = ["due_at"]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(verdict=""), name="after_review_open")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.get_verdict_display() or self.due_at}"
