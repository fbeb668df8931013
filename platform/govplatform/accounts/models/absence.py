"""外出: who stands in for a person for some days. It gives no right that the deputy does not hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .user import User


class Absence(models.Model):
    """Both dates inclusive. ``ended_at``: came back earlier."""

    person = models.ForeignKey(User, verbose_name=_("外出人"), on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(User, verbose_name=_("代办人"), on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    registered_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)

    class Meta:
        verbose_name = _("外出")
        verbose_name_plural = _("外出")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("deputy")), name="absence_other_deputy"),
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person.signed_name} {self.starts_on}—{self.ends_on}"
