"""会办: what others say to the matter of a letter, for the one organisation that answers it.

They are sites of the platform, or units without one, which the desk keeps in a register.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .case import Case


class Unit(models.Model):
    """A unit without a site in the register of a desk. One that is closed is not asked any more, and its links end."""

    desk = models.ForeignKey(Tenant, verbose_name=_("受理站点"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("单位名称"), max_length=120)
    closed = models.BooleanField(_("停用"), default=False)

    class Meta:
        verbose_name = _("没有网站的单位")
        verbose_name_plural = _("没有网站的单位")
        ordering = ["closed", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="case_unit_once")]

    def __str__(self) -> str:
        return self.name


class Opinion(models.Model):
    """What one site or one unit is asked, and says once. ``given_by``: None for a unit, which has a link.

    ``token_hash``: keyed hash of the token of the link, '' for a site; ``expires_at``: until when the link is good.
    """

    case = models.ForeignKey(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="opinions")
    site = models.ForeignKey(Tenant, verbose_name=_("会办站点"), null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name=_("会办单位"), null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("说明"), blank=True)
    asked_at = models.DateTimeField(_("征求时间"))
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("有效期"), null=True)
    recalled_at = models.DateTimeField(_("收回时间"), null=True)
    text = models.TextField(_("意见"), blank=True)
    given_at = models.DateTimeField(_("答复时间"), null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经手人"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("会办意见")
        verbose_name_plural = _("会办意见")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site=None) ^ models.Q(unit=None), name="case_opinion_of_site_or_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.who}"

    @property
    def who(self) -> str:
        """The name of who is asked."""
        return self.site.full_name if self.site is not None else str(self.unit)

    @property
    def is_open(self) -> bool:
        """Whether it may still be given."""
        return self.given_at is None and self.recalled_at is None and not self.is_expired

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at < timezone.now()
