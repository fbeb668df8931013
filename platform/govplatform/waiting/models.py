"""提醒设置: what a person wants to be reminded of, and when the last mail went out."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminders(models.Model):
    """Of one person; who has no row is shown everything and gets no mail.

    ``silent``: codes of kinds that the bell leaves out; ``mailed``: codes of kinds that the daily mail counts.
    ``mailed_on``: day of the last mail, so that a second run of the same day sends none.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="reminders"
    )
    silent = ArrayField(models.CharField(max_length=40), verbose_name=_("不计入铃铛的类别"), default=list, blank=True)
    mailed = ArrayField(models.CharField(max_length=40), verbose_name=_("每日邮件的类别"), default=list, blank=True)
    mailed_on = models.DateField(_("上次发出邮件"), null=True, editable=False)

    class Meta:
        verbose_name = _("提醒设置")
        verbose_name_plural = _("提醒设置")

    def __str__(self) -> str:
        return str(self.user)
