"""送审记录 (submissions): which way a revision goes through the review, fixed when it is handed in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """One submission of a page. Never changed; it goes only with a draft that nobody has decided on.

    ``levels``: content reviews before the confidentiality review.  An emergency has one, and both
    reviewers are named.  The newest row of a page is the one that counts.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("页面"), on_delete=models.CASCADE, related_name="submissions"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("版本"), on_delete=models.CASCADE, related_name="+"
    )
    levels = models.PositiveSmallIntegerField(_("内容审核级数"))
    emergency = models.BooleanField(_("紧急"), default=False)
    reason = models.TextField(_("紧急理由"), blank=True)
    content_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("指定的内容审核人"), null=True, on_delete=models.PROTECT,
        db_constraint=False, related_name="+",
    )  # fmt: skip
    confidentiality_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("指定的保密审查人"), null=True, on_delete=models.PROTECT,
        db_constraint=False, related_name="+",
    )  # fmt: skip
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("送审人"),
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    rule_pack = models.CharField(_("规则包"), max_length=60)
    submitted_at = models.DateTimeField(_("送审时间"))

    class Meta:
        verbose_name = _("送审记录")
        verbose_name_plural = _("送审记录")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["page", "-id"], name="submission_page_newest")]

    def __str__(self) -> str:
        return f"{self.page_id}@{self.revision_id}"
