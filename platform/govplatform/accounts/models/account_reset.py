"""账号重设: the way back for whoever lost the password, or the phone and the recovery codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .user import User


class AccountReset(models.Model):
    """Asked for by one person, carried out or refused by another; ``requested_by`` None: from the shell.

    ``decided_by`` is None while it waits, and where one person was enough (a password of somebody who approves
    nothing, an act of the shell).
    """

    class What(models.TextChoices):
        SECOND_FACTOR = "second-factor", _("动态口令")
        PASSWORD = "password", _("密码")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待第二人确认")
        DONE = "done", _("已重设")
        REFUSED = "refused", _("已驳回")

    person = models.ForeignKey(User, verbose_name=_("姓名"), on_delete=models.PROTECT, related_name="resets")
    what = models.CharField(_("重设的内容"), max_length=20, choices=What.choices, default=What.SECOND_FACTOR)
    reason = models.CharField(_("理由"), max_length=500)
    requested_by = models.ForeignKey(
        User, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+", null=True
    )
    requested_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(
        User, verbose_name=_("确认人"), on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = _("账号重设")
        verbose_name_plural = _("账号重设")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "what"], condition=models.Q(state="waiting"), name="one_reset_of_a_kind_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="a_reset_takes_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(requested_by=models.F("person"))
                & (models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("person"))),
                name="nobody_resets_their_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.signed_name} {self.get_what_display()} {self.get_state_display()}"
