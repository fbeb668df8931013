"""撤回 (withdrawals): a published page taken down, with the reason and the person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    """One withdrawal of a page.

    ``break_glass``: by a supervisor, at once; somebody of the site looks at it by ``confirm_by``.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="withdrawals"
    )
    reason = models.TextField(_("理由"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("撤回人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"))
    break_glass = models.BooleanField(_("紧急撤回"), default=False, db_default=False)
    confirm_by = models.DateTimeField(_("确认期限"), null=True)

    class Meta:
        verbose_name = _("撤回记录")
        verbose_name_plural = _("撤回记录")
        ordering = ["-withdrawn_at"]
        indexes = [
            models.Index(fields=["withdrawn_at"], condition=models.Q(break_glass=True), name="withdrawal_at_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.withdrawn_at:%Y-%m-%d %H:%M}"


class WithdrawalConfirmation(models.Model):
    """The verdict of an independent person on a break-glass withdrawal. Append-only."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("确认撤回")
        CONTESTED = "contested", _("提出异议")

    withdrawal = models.OneToOneField(
        Withdrawal, verbose_name=_("撤回记录"), on_delete=models.PROTECT, related_name="confirmation"
    )
    verdict = models.CharField(_("结论"), max_length=10, choices=Verdict.choices)
    opinion = models.TextField(_("意见"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    reviewer_name = models.CharField(_("确认人姓名"), max_length=150)
    decided_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = _("撤回确认")
        verbose_name_plural = _("撤回确认")

    def __str__(self) -> str:
        return f"{self.withdrawal_id} {self.get_verdict_display()}"
