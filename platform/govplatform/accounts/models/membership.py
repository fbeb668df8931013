"""任职: a person's role on a site. The only place where rights come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..roles import ROLE_CHOICES
from .user import User


class Membership(models.Model):
    user = models.ForeignKey(User, verbose_name=_("账号"), on_delete=models.PROTECT, related_name="memberships")
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("角色"), max_length=30, choices=ROLE_CHOICES)
    granted_by = models.ForeignKey(
        User, verbose_name=_("授予人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(_("授予时间"), auto_now_add=True)
    #: Whether the person writes in given places of the site alone; which ones, the site itself knows.
    limited = models.BooleanField(_("只在给定的栏目写稿"), default=False, db_default=False)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(fields=["user", "tenant", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[code for code, _label in ROLE_CHOICES]), name="membership_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.signed_name} {self.get_role_display()} {self.tenant}"
