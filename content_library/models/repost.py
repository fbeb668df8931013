"""转载登记 (reposts): which page of which site shows which resource, kept in public beside the sites' own pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .resource import Resource


class Repost(models.Model):
    """One page of a site that shows a resource; written in the transaction in which the site changes its page.

    ``version``: the number that citizens see (mirror, pinned) or that was copied; ``pending``: a newer
    one that waits for the receiver's reviewer, or that a pinned page was told of.
    """

    class Mode(models.TextChoices):
        MIRROR = "mirror", _("同步转载")
        PINNED = "pinned", _("固定版本")
        LINK = "link", _("链接")
        COPY = "copy", _("复制")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("审核中")
        LIVE = "live", _("已发布")
        REJECTED = "rejected", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    resource = models.ForeignKey(Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="reposts")
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("转载站点"), on_delete=models.PROTECT, related_name="reposts", db_index=False
    )
    page_id = models.BigIntegerField(_("页面"))
    mode = models.CharField(_("方式"), max_length=8, choices=Mode.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(_("版本"))
    pending = models.PositiveIntegerField(_("待审版本"), null=True)
    path = models.CharField(_("路径"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("转载登记")
        verbose_name_plural = _("转载登记")
        constraints = [models.UniqueConstraint(fields=["tenant", "page_id"], name="repost_per_page")]
        indexes = [
            models.Index(fields=["resource", "tenant"], name="repost_where_used"),
            models.Index(fields=["tenant", "-published_at"], condition=models.Q(state="live"), name="repost_newest"),
            models.Index(
                fields=["tenant", "-updated_at"], condition=models.Q(pending__isnull=False), name="repost_behind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}:{self.page_id} {self.mode}"
