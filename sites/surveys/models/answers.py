"""What is kept of an answer, and, apart from it and for as long as it lasts, that an address has answered.

Nothing of an answer says who gave it: neither address nor browser, and of the time only the day. It lies in the schema
of the site, beside its page (deploy/decisions/097-solicitations-and-surveys.md).
"""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .survey import Survey


# Each names its manager: the plugin of the type checker finds none on a model that points at a type of page.
class Answer(models.Model):
    """One filled-in form. ``chosen``: codes of the options (``sites.surveys.questions``).

    ``key``: what the encryption of its contact is bound to; ``token``, ``content``: keyed hashes of the form's nonce
    and of what was said, so that a form that is sent twice counts once; ``questions``: the digest of what was asked.
    """

    survey = models.ForeignKey(Survey, verbose_name=_("征集调查"), on_delete=models.CASCADE, related_name="answers")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    questions = models.CharField(max_length=32)
    answered_on = models.DateField(_("日期"))
    chosen = ArrayField(models.IntegerField(), default=list)
    contact = models.BinaryField(null=True)

    objects: ClassVar[models.Manager["Answer"]] = models.Manager()

    class Meta:
        verbose_name = _("答卷")
        verbose_name_plural = _("答卷")
        indexes = [models.Index(fields=["survey", "questions"], name="answers_of_survey")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class SaidText(models.Model):
    """What an answer says in words, as it was typed. ``digest``: the same words have the same one.

    It is never shown in public: an editor chooses what goes on the page, where it is reviewed.
    """

    class State(models.TextChoices):
        NEW = "new", _("未看")
        PICKED = "picked", _("已选入")
        ASIDE = "aside", _("不选")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="texts")
    question = models.PositiveSmallIntegerField(_("题号"))
    text = models.TextField(_("内容"))
    digest = models.CharField(max_length=32)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.NEW)

    objects: ClassVar[models.Manager["SaidText"]] = models.Manager()

    class Meta:
        verbose_name = _("文字回答")
        verbose_name_plural = _("文字回答")
        indexes = [
            models.Index(fields=["survey", "state"], name="texts_of_survey"),
            models.Index(fields=["survey", "digest"], name="texts_alike"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class SurveySalt(models.Model):
    """What makes hashes of addresses for one survey, and for no other; dropped when it is over."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, primary_key=True, related_name="+")
    salt = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["SurveySalt"]] = models.Manager()

    class Meta:
        verbose_name = _("征集调查的盐")
        verbose_name_plural = _("征集调查的盐")


class SurveySender(models.Model):
    """How many answers came from one address, known by a hash alone; names no answer, dropped with the salt."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    sender = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["SurveySender"]] = models.Manager()

    class Meta:
        verbose_name = _("答卷来源计数")
        verbose_name_plural = _("答卷来源计数")
        constraints = [models.UniqueConstraint(fields=["survey", "sender"], name="one_count_per_sender")]
