"""订阅 (subscriptions): new resources of a class come to a site as drafts, without any duty to publish them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from content_library.vocabularies.fields import TermCodeField
from govplatform.tenancy.models import Tenant


class Subscription(models.Model):
    """One subscription of a site. Empty conditions fit everything; ``subject_class`` includes what lies below it."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("订阅站点"), on_delete=models.PROTECT, related_name="subscriptions"
    )
    subject_class = TermCodeField(_("主题分类"), max_length=8, vocabulary="subject", blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Resource.Kind.choices, blank=True)
    source = models.ForeignKey(
        Tenant, verbose_name=_("来源站点"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("来源层级"), max_length=16, choices=Tenant.Level.choices, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("设置人"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("设置时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("取消时间"), null=True)

    class Meta:
        verbose_name = _("订阅")
        verbose_name_plural = _("订阅")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.subject_class or '*'} {self.kind or '*'}"
