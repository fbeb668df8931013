"""收回 (recalls): a resource that nobody may show any more, and the receipt of each site."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from govplatform.tenancy.models import Tenant


class Recall(models.Model):
    """One recall, opened in the transaction that withdraws the resource, whichever act that was.

    ``total``: number of its receipts. ``requested_by`` is empty where the resource went with its page. ``ended_at``:
    when every site was asked and had confirmed, or when the resource came back before that (``restored``).
    """

    resource = models.ForeignKey(Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="recalls")
    reason = models.TextField(_("理由"))
    total = models.PositiveIntegerField(_("回执数"), default=0, db_default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("收回人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("收回时间"), default=timezone.now)
    restored = models.BooleanField(_("来源已恢复"), default=False)
    ended_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("收回")
        verbose_name_plural = _("收回")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.requested_at:%Y-%m-%d %H:%M}"


class RecallReceipt(models.Model):
    """The receipt (回执) of one page of one site.

    ``addresses``: paths that were public; each is requested after the page came down. CONFIRMED only when every one of
    them answered 410 to a real request inside this process. ``still_served``: those that did not, at the last look.
    ``next_at``: the receipt is not looked at before; empty: never again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待撤回")
        TAKEN_DOWN = "taken_down", _("已撤回，待核对")
        CONFIRMED = "confirmed", _("已确认")
        FAILED = "failed", _("未成功，将重试")
        OFFLINE = "offline", _("站点未运行，恢复后核对")

    recall = models.ForeignKey(Recall, verbose_name=_("收回"), on_delete=models.PROTECT, related_name="receipts")
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    page_id = models.BigIntegerField(_("页面"), null=True)
    is_source = models.BooleanField(_("来源"), default=False)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    addresses = models.JSONField(_("网址"), default=list)
    still_served = models.JSONField(_("仍可访问"), default=list)
    problem = models.TextField(_("问题"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次"), null=True, default=timezone.now)
    taken_down_at = models.DateTimeField(_("撤下时间"), null=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = _("收回回执")
        verbose_name_plural = _("收回回执")
        constraints = [models.UniqueConstraint(fields=["recall", "tenant", "page_id"], name="receipt_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=~models.Q(state="confirmed"), name="receipt_open"),
            models.Index(
                fields=["recall", "state"], condition=~models.Q(state="confirmed"), name="receipt_unconfirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recall_id} {self.tenant_id} {self.state}"
