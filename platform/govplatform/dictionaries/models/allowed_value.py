"""公开信息白名单: what a site publishes on purpose, so that a scan does not take it for a person's own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..effective import ADDRESS, EMAIL, HOST, LINK, NUMBER


class AllowedValue(models.Model):
    """A published value that scans do not report. ``tenant`` None: on every site.

    ``form``: the value as it is compared (``effective.comparable_value``).
    """

    class Kind(models.TextChoices):
        NUMBER = NUMBER, _("公开电话")
        EMAIL = EMAIL, _("公开邮箱")
        ADDRESS = ADDRESS, _("公开地址")
        LINK = LINK, _("链接")
        HOST = HOST, _("外部网站域名")

    class State(models.TextChoices):
        ACTIVE = "active", _("启用")
        REVOKED = "revoked", _("已撤销")

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, blank=True, on_delete=models.PROTECT, related_name="allowed_values"
    )
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    value = models.CharField(_("内容"), max_length=300)
    form = models.CharField(_("比较形式"), max_length=300)
    reason = models.CharField(_("理由"), max_length=500)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ACTIVE)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("添加人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("添加时间"), auto_now_add=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("撤销人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoke_reason = models.CharField(_("撤销理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("白名单内容")
        verbose_name_plural = _("白名单内容")
        ordering = ["kind", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "form"],
                condition=models.Q(state="active"),
                nulls_distinct=False,
                name="allowed_once",
            )
        ]

    def __str__(self) -> str:
        return self.value
