"""What citizens ask before an interview. Nothing of it is public: what is taken up is typed as live text."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .live import REASON

#: Characters of a question.
QUESTION = 500


class Question(models.Model):
    """A question. ``text`` as it was typed and ``contact`` (encrypted, ``bound_to``) are gone after their term.

    ``masked``: what is shown to people, masked by the scanner's rules; ``token``: keyed hash of the form's nonce.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        TAKEN = "taken", _("已采用")
        LEFT_OUT = "left_out", _("未采用")
        MERGED = "merged", _("已合并")

    page = models.ForeignKey("interviews.InterviewPage", on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("问题原文"), blank=True)
    masked = models.TextField(_("问题"))
    contact = models.BinaryField(_("联系方式"), null=True, blank=True)
    token = models.CharField(_("表单"), max_length=64, unique=True)
    content = models.CharField(_("内容摘要"), max_length=64)
    asked_at = models.DateTimeField(_("提问时间"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    into = models.ForeignKey(
        "self", verbose_name=_("合并到"), null=True, blank=True, on_delete=models.CASCADE, related_name="merged"
    )
    reason = models.CharField(_("理由"), max_length=REASON, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("处理人"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", db_constraint=False,
    )  # fmt: skip
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("清除个人信息时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("网友提问")
        verbose_name_plural = _("网友提问")
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return self.masked[:30]

    @property
    def bound_to(self) -> str:
        """What its contact data is encrypted for."""
        return f"interview question {self.token}"
