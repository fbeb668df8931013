"""公告: what citizens are told of the life of a site, as pages of the sites on which they look for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .application import SiteApplication


class SiteNotice(models.Model):
    """One notice of an application on one site; its page goes through that site's review like any other.

    ``page_id``: None until the page was made. ``live_at``: when its reviewers had cleared it; ``until``: when its term
    is over, None for a term that ends with the thing itself; ``down_at``: when it came down.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("开通公告")
        OFFLINE = "offline", _("临时下线公告")
        MIGRATION = "migration", _("关停迁移公告")
        COMPLETION = "completion", _("关停完成公告")
        DOMAIN = "domain", _("域名变更公告")

    application = models.ForeignKey(
        SiteApplication, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    site = models.ForeignKey(Tenant, verbose_name=_("所在站点"), on_delete=models.PROTECT, related_name="notices")
    page_id = models.BigIntegerField(_("页面"), null=True)
    made_at = models.DateTimeField(_("生成时间"), auto_now_add=True)
    live_at = models.DateTimeField(_("发布时间"), null=True)
    until = models.DateTimeField(_("公示期满"), null=True)
    down_at = models.DateTimeField(_("撤下时间"), null=True)

    class Meta:
        verbose_name = _("网站事项公告")
        verbose_name_plural = _("网站事项公告")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "site"], name="one_notice_of_each_kind"),
        ]
        indexes = [
            models.Index(fields=["site", "page_id"], name="notice_of_page"),
            models.Index(fields=["site", "kind"], condition=models.Q(down_at__isnull=True), name="notice_up"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_kind_display()}"
