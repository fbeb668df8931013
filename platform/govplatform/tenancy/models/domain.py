"""域名: a host name that answers for a site, either to citizens or to staff."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

#: The last part of what browsers read as an IP address (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def validate_host(host: str) -> None:
    """Raise ValidationError unless ``host`` is a lower-case host name without scheme, port and path."""
    if not _HOST.fullmatch(host):
        raise ValidationError(
            _("域名“%(host)s”不合规则：只写主机名，小写，不带协议、端口和路径；中文域名写成 xn-- 开头的形式。"),
            params={"host": host},
            code="host",
        )


def validate_site_host(host: str) -> None:
    """Raise ValidationError unless citizens or staff can reach a site of the platform by ``host``.

    As ``validate_host``, and a name in a domain besides: browsers take one that ends in a number for an IP address, and
    no certificate is given for a bare word. Former hosts of sites from outside may be either; the ledger keeps them.
    """
    validate_host(host)
    if "." not in host:
        raise ValidationError(
            _("域名“%(host)s”只有一段，公众打不开；请写完整的域名，例如 www.%(host)s.gov.cn。"),
            params={"host": host},
            code="host",
        )
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise ValidationError(
            _("“%(host)s”会被浏览器当作 IP 地址；站点要用域名，例如 www.example.gov.cn。"),
            params={"host": host},
            code="host",
        )


class Domain(DomainMixin):
    """A host name of a site. ``kind``: for citizens or for staff; each site has one primary host of each kind."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("公众访问")
        CONSOLE = "console", _("管理后台")

    kind = models.CharField(_("用途"), max_length=10, choices=Kind.choices, default=Kind.PUBLIC)
    #: A former host of its site: since when, and from when on it leads to the present one instead of saying so.
    moved_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    redirects_from = models.DateTimeField(_("开始跳转的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("域名")
        verbose_name_plural = _("域名")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind"],
                condition=models.Q(is_primary=True),
                name="one_primary_host_per_kind",
            )
        ]

    def __str__(self) -> str:
        return str(self.domain)

    def save(self, *args: object, **kwargs: object) -> None:
        # DomainMixin.save() knows one primary per tenant; we have one per kind.
        models.Model.save(self, *args, **kwargs)  # type: ignore[arg-type]
