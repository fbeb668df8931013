"""推送 (pushes): what a superior site or the supervisor has others repost, and what became of it on each."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from govplatform.tenancy.models import Tenant


class Push(models.Model):
    """One push of one resource. ``selector``: the sites as they were described; ``total``: how many they were."""

    resource = models.ForeignKey(Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="pushes")
    selector = models.CharField(_("推送范围"), max_length=2000)
    total = models.PositiveIntegerField(_("站点数"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("推送人"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("推送时间"), default=timezone.now)

    class Meta:
        verbose_name = _("推送")
        verbose_name_plural = _("推送")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.selector}"


class PushTarget(models.Model):
    """The duty of one site to repost a pushed resource.

    Which page does it, and how far that is, stands in the library's Repost.
    ``reason``: why nothing could be made yet or at all; ``rejection``: what the site's reviewer said when
    sending it back. ``followed_up``: scanned, and published under a standing clearance where there is one.
    ``done_at``: when the page that does it first went live. ``ended_at``: nothing is left to be done, because it is
    done, cannot be done or came to nothing; what is past is found by nobody who looks for what is open.
    ``made_revision``: the first version of the page that this delivery itself made; None where a page of the site that
    was there already does the duty.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待生成")
        POSTPONED = "postponed", _("站点未运行，恢复后生成")
        DELIVERED = "delivered", _("已生成")
        REFUSED = "refused", _("不能生成")

    push = models.ForeignKey(Push, verbose_name=_("推送"), on_delete=models.PROTECT, related_name="targets")
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    page_id = models.BigIntegerField(_("页面"), null=True)
    due_at = models.DateTimeField(_("期限"))
    made_revision = models.BigIntegerField(_("生成的版本"), null=True, editable=False)
    standing = models.ForeignKey(
        "pushes.StandingClearance",
        verbose_name=_("常设审查决定"),
        null=True,
        on_delete=models.PROTECT,
        related_name="targets",
    )
    delivered_at = models.DateTimeField(_("生成时间"), null=True)
    followed_up = models.BooleanField(_("已扫描"), default=False)
    reason = models.TextField(_("说明"), blank=True)
    rejection = models.TextField(_("退回意见"), blank=True)
    rejected_by = models.CharField(_("退回人"), max_length=150, blank=True)
    rejected_at = models.DateTimeField(_("退回时间"), null=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    reminded_at = models.DateTimeField(_("催办时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("推送站点")
        verbose_name_plural = _("推送站点")
        constraints = [models.UniqueConstraint(fields=["push", "tenant"], name="target_once")]
        indexes = [
            models.Index(fields=["tenant", "page_id"], name="target_of_page"),
            # Each of these holds only what is open, so it stays small however much was pushed before.
            models.Index(
                fields=["push", "id"],
                condition=models.Q(state__in=["waiting", "postponed"]) | models.Q(state="delivered", followed_up=False),
                name="target_unready",
            ),
            models.Index(fields=["tenant", "due_at"], condition=models.Q(ended_at=None), name="target_due"),
            models.Index(fields=["push", "due_at"], condition=models.Q(done_at=None), name="target_undone"),
        ]

    def __str__(self) -> str:
        return f"{self.push_id} {self.tenant_id} {self.state}"


class PushNotice(models.Model):
    """催办 (a reminder) on the start page of the site's reviewers and administrators, until the duty is done.

    ``note``, ``by``: what a person said who reminded by hand, and who it was; both empty for the platform's own.
    """

    target = models.OneToOneField(PushTarget, on_delete=models.PROTECT, related_name="notice")
    late = models.BooleanField(_("逾期"))
    made_at = models.DateTimeField(_("时间"))
    note = models.CharField(_("催办说明"), max_length=200, blank=True)
    by = models.CharField(_("催办人"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("催办")
        verbose_name_plural = _("催办")

    def __str__(self) -> str:
        return f"{self.target_id} {self.made_at:%Y-%m-%d %H:%M}"
