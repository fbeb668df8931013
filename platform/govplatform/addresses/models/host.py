"""Hosts as the ledger sees them: how the addresses of each are read, and which others a redirect may lead to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant
from govplatform.tenancy.models.domain import validate_host

from ..canonical import DEFAULT_RULES, Rules


class HostRules(models.Model):
    """How the addresses of one host are read (``canonical.Rules``). ``host`` '': the site's own public hosts."""

    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+")
    host = models.CharField(_("域名"), max_length=253, blank=True, default="")
    fold_case = models.BooleanField(_("不分大小写"), default=True)
    charset = models.CharField(_("编码"), max_length=8, default="utf-8")
    significant = ArrayField(models.CharField(max_length=60), verbose_name=_("有意义的查询参数"), default=list)
    default_documents = ArrayField(models.CharField(max_length=60), verbose_name=_("默认文档"), default=list)
    legacy_extensions = ArrayField(models.CharField(max_length=20), verbose_name=_("可省略的扩展名"), default=list)

    class Meta:
        verbose_name = _("网址规则")
        verbose_name_plural = _("网址规则")
        constraints = [models.UniqueConstraint(fields=["tenant", "host"], name="host_rules_once")]

    def __str__(self) -> str:
        return self.host or str(self.tenant)

    def as_rules(self) -> Rules:
        return Rules(
            fold_case=self.fold_case,
            charset=self.charset,
            # What the platform's own lists and sitemaps need counts on every host.
            significant=tuple(dict.fromkeys([*DEFAULT_RULES.significant, *self.significant])),
            default_documents=tuple(name.casefold() for name in self.default_documents),
            legacy_extensions=tuple(name.casefold() for name in self.legacy_extensions),
        )


class ListedHost(models.Model):
    """A host outside of the platform that redirects may lead to, because an operator listed it with a reason."""

    host = models.CharField(_("域名"), max_length=253, unique=True, validators=[validate_host])
    reason = models.CharField(_("理由"), max_length=500)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("添加人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(_("添加时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("可跳转的站外域名")
        verbose_name_plural = _("可跳转的站外域名")
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host
