"""网址: one address of a site, and what it leads to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..known import Ending, Kind


class Address(models.Model):
    """An address that was once public on ``tenant``. Rows are never deleted, so that each is answered for ever.

    ``host``: '' for the site's own public hosts, else the host of a site from outside whose addresses came with its
    content. ``path``: the exact form (``canonical``), ``key`` and ``loose`` the keys of its two forms under the rules
    of its host. The rows live in ``public`` and name what they lead to by numbers, so they answer when the site's
    schema is gone.

    What it leads to is an object, ``kind`` and ``object_id`` of ``tenant``, or, after a move to another site,
    ``to_kind`` and ``to_object`` of ``to_tenant``. An address that is not public any more is answered with the public
    address of that object, found anew each time: so no redirect leads to a redirect, however often things move.
    ``to_path`` (on ``to_tenant``) and ``to_url`` (a whole address) are set by people and by archives, and count before
    the object.
    """

    class State(models.TextChoices):
        PUBLIC = "public", _("公开")
        PAST = "past", _("曾经公开")

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="addresses", db_index=False
    )
    host = models.CharField(_("原域名"), max_length=253, blank=True, default="")
    path = models.TextField(_("网址"))
    key = models.UUIDField(_("索引"), editable=False)
    loose = models.UUIDField(_("宽松索引"), editable=False)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    object_id = models.BigIntegerField(_("对象编号"), null=True)
    variant = models.CharField(_("变体"), max_length=255, blank=True, default="")
    title = models.CharField(_("标题"), max_length=255, blank=True, default="")
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.PUBLIC)
    ending = models.CharField(_("不再公开的原因"), max_length=10, choices=Ending.choices, blank=True, default="")
    reason = models.CharField(_("说明"), max_length=500, blank=True, default="")
    to_tenant = models.ForeignKey(
        Tenant, verbose_name=_("现在的站点"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_kind = models.CharField(_("现在的类别"), max_length=8, choices=Kind.choices, blank=True, default="")
    to_object = models.BigIntegerField(_("现在的对象编号"), null=True)
    to_path = models.TextField(_("现在的网址"), blank=True, default="")
    to_url = models.TextField(_("站外网址"), blank=True, default="")
    since = models.DateTimeField(_("首次公开"))
    changed_at = models.DateTimeField(_("最近变动"))

    class Meta:
        verbose_name = _("网址")
        verbose_name_plural = _("网址")
        constraints = [models.UniqueConstraint(fields=["tenant", "host", "key"], name="address_once")]
        indexes = [
            models.Index(fields=["tenant", "loose"], name="address_loosely"),
            models.Index(fields=["tenant", "kind", "object_id", "variant"], name="address_of_object"),
            models.Index(
                fields=["to_tenant", "to_kind", "to_object"],
                condition=models.Q(to_tenant__isnull=False),
                name="address_moved_to",
            ),
            models.Index(
                fields=["tenant"],
                condition=models.Q(to_tenant__isnull=False) | ~models.Q(to_path="") | ~models.Q(to_url=""),
                name="address_leads_on",
            ),
            models.Index(fields=["host", "tenant"], condition=~models.Q(host=""), name="address_of_old_host"),
        ]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"
