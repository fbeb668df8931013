"""认领 (claims): who is at work on a step that waits; a claim ends by itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    task_state = models.OneToOneField(
        "wagtailcore.TaskState", verbose_name=_("环节"), on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("认领人"),
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("转交人"),
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    note = models.CharField(_("转交说明"), max_length=300, blank=True)
    claimed_at = models.DateTimeField(_("认领时间"))
    expires_at = models.DateTimeField(_("失效时间"))

    class Meta:
        verbose_name = _("认领")
        verbose_name_plural = _("认领")

    def __str__(self) -> str:
        return f"{self.task_state_id} {self.person_id}"
