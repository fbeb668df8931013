"""任职邀请: a role that is offered; it takes effect when everybody whose word it needs has given it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..roles import ROLE_CHOICES, ROLES
from .user import User


class RoleOfferQuerySet(models.QuerySet["RoleOffer"]):
    def open(self) -> "RoleOfferQuerySet":
        """Offers that may still take effect: waiting, and not too old."""
        return self.filter(state=RoleOffer.State.WAITING, offered_at__gt=oldest_open())


class RoleOffer(models.Model):
    """Who offers, who confirms and who accepts are three people; the database says so as well.

    ``confirmed_by`` stays None where the role needs no second person (``Role.takes_two``).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        DONE = "done", _("已任职")
        REFUSED = "refused", _("未予确认")
        DECLINED = "declined", _("本人谢绝")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")

    person = models.ForeignKey(User, verbose_name=_("姓名"), on_delete=models.PROTECT, related_name="role_offers")
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="role_offers")
    role = models.CharField(_("角色"), max_length=30, choices=ROLE_CHOICES)
    offered_by = models.ForeignKey(User, verbose_name=_("邀请人"), on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(_("邀请时间"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("确认人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    accepted_at = models.DateTimeField(_("接受时间"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    ended_by = models.ForeignKey(User, verbose_name=_("办结人"), null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("办结时间"), null=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)

    objects = RoleOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职邀请")
        verbose_name_plural = _("任职邀请")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "tenant", "role"],
                condition=models.Q(state="waiting"),
                name="one_offer_of_a_role_waits",
            ),
            models.CheckConstraint(
                condition=~models.Q(offered_by=models.F("person"))
                & (
                    models.Q(confirmed_by__isnull=True)
                    | (~models.Q(confirmed_by=models.F("person")) & ~models.Q(confirmed_by=models.F("offered_by")))
                ),
                name="an_offer_takes_different_people",
            ),
        ]
        indexes = [models.Index(fields=["tenant"], condition=models.Q(state="waiting"), name="offers_waiting_by_site")]

    def __str__(self) -> str:
        return f"{self.person.signed_name} {self.get_role_display()} {self.tenant}"

    @property
    def is_open(self) -> bool:
        """Whether it may still take effect."""
        return self.state == self.State.WAITING and self.offered_at > oldest_open()

    @property
    def lacks_confirmation(self) -> bool:
        """Whether it still wants the word of a second person."""
        return ROLES[self.role].takes_two and self.confirmed_by_id is None

    @property
    def open_until(self) -> datetime:
        """The moment at which it lapses."""
        return self.offered_at + timedelta(days=settings.ROLE_OFFER_DAYS)


def oldest_open() -> datetime:
    """The moment before which offers have lapsed."""
    return timezone.now() - timedelta(days=settings.ROLE_OFFER_DAYS)
