"""补充和评价: what a sender does with a case after it was sent in, each once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class Supplement(models.Model):
    """What its sender added to a case that had not ended: plain text as it was typed."""

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="supplement")
    text = models.TextField(_("补充内容"))
    at = models.DateTimeField(_("补充时间"))

    class Meta:
        verbose_name = _("补充")
        verbose_name_plural = _("补充")

    def __str__(self) -> str:
        return str(self.case_id)


class Judgement(models.Model):
    """What its sender thinks of the answer. ``words``: '' where only a grade was given."""

    class Grade(models.TextChoices):
        """The codes are those of verbs, forms and statistics."""

        SATISFIED = "satisfied", _("满意")
        FAIRLY = "fairly", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="judgement")
    grade = models.CharField(_("评价"), max_length=12, choices=Grade.choices)
    words = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField(_("评价时间"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_grade_display()}"
