"""站点: one government site, the owner of one schema."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import TenantMixin

from ..identity_codes import validate_identity_code

CODE_PATTERN = re.compile(r"[a-z][a-z0-9-]{0,39}")


def validate_site_code(code: str) -> None:
    """Raise ValidationError unless ``code`` is a site code.

    That is up to 40 lower-case letters, digits and hyphens, which begin with a letter and do not end with a hyphen.
    """
    if not CODE_PATTERN.fullmatch(code) or code.endswith("-"):
        raise ValidationError(
            _("站点代码“%(code)s”不合规则：须以小写字母开头，只含小写字母、数字和连字符，最长 40 个字符。"),
            params={"code": code},
            code="site_code",
        )


class TenantQuerySet(models.QuerySet["Tenant"]):
    """Sites, with the one question that everything asks that works in their schemas."""

    def with_schema(self) -> "TenantQuerySet":
        """Those whose content is here: a site that ended was dumped to a file, and its schema dropped."""
        return self.filter(dropped_at=None)


class Tenant(TenantMixin):
    """A site. The row lives in ``public``, its content in the schema ``schema_name``.

    ``parent``: the superior site. ``rule_pack``: code of the rule pack that holds for it; ``theme``: code of its theme.
    """

    class Kind(models.TextChoices):
        PORTAL = "portal", _("门户网站")
        DEPARTMENT = "department", _("部门网站")
        CONSOLE = "console", _("监管控制台")

    class Level(models.TextChoices):
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")

    class Status(models.TextChoices):
        PREPARING = "preparing", _("筹备中")
        LIVE = "live", _("运行中")
        OFFLINE = "offline", _("临时下线")
        RETIRING = "retiring", _("关停中")
        RETIRED = "retired", _("已关停")

    code = models.CharField(_("站点代码"), max_length=40, unique=True, validators=[validate_site_code])
    full_name = models.CharField(_("网站全称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    identity_code = models.CharField(
        _("网站标识码"),
        max_length=10,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_identity_code],
    )
    kind = models.CharField(_("类别"), max_length=16, choices=Kind.choices)
    level = models.CharField(_("层级"), max_length=16, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级站点"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    organiser = models.CharField(_("主办单位"), max_length=100, blank=True)
    undertaker = models.CharField(_("承办单位"), max_length=100, blank=True)
    responsible_person = models.CharField(_("负责人"), max_length=40, blank=True)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)
    icp_number = models.CharField(_("ICP 备案号"), max_length=40, blank=True)
    police_record_number = models.CharField(_("公安备案号"), max_length=40, blank=True)
    status = models.CharField(_("状态"), max_length=16, choices=Status.choices, default=Status.LIVE)
    #: Since when it has its status, None for sites from before this was kept; of an offline site, when it is back.
    status_since = models.DateTimeField(_("状态起始时间"), null=True, blank=True)
    offline_until = models.DateTimeField(_("计划恢复时间"), null=True, blank=True)
    #: Opened by an approved application alone, and not with the confirmation of its record.
    by_application = models.BooleanField(_("按程序开通"), default=False, db_default=False)
    #: Nobody writes in it: its content is on its way into another site, or is there already (``freezing.py``).
    frozen = models.BooleanField(_("只读"), default=False, db_default=False)
    #: Since when, and the full name of the site into which its content goes: a refusal says it in whatever state the
    #: connection is, so it must not take another row to know it.
    frozen_since = models.DateTimeField(_("只读起始时间"), null=True, blank=True)
    frozen_into = models.CharField(_("内容去处"), max_length=100, blank=True, default="", db_default="")
    #: Where its content is since the switch of a merge: its hosts answer from the ledger from then on.
    moved_into = models.ForeignKey(
        "self", verbose_name=_("已并入"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Since when its schema is gone; its dump brings it back (deploy/decisions/046-dump-of-a-site.md).
    dropped_at = models.DateTimeField(_("内容移除时间"), null=True, blank=True)
    theme = models.CharField(_("主题"), max_length=40, blank=True)
    #: One of the sets of colours (``themes.registry.PALETTES``); '' for the look's own.
    colours = models.CharField(_("配色"), max_length=20, blank=True, default="", db_default="")
    #: Whether its pages stand at a second address in traditional characters (``govplatform.traditional``), and the
    #: words that are written there as the site says, one a line.
    traditional = models.BooleanField(_("繁体页面"), default=False, db_default=False)
    traditional_words = models.TextField(_("繁体用词"), blank=True, default="", db_default="")
    #: ``{"logo", "banner"}``: both stand on every page; cleared with the home page, which says what they are.
    masthead = models.JSONField(_("页头图片"), default=dict, blank=True, db_default={})
    rule_pack = models.CharField(_("规则包"), max_length=40, default="national")
    created_at = models.DateTimeField(_("建站时间"), auto_now_add=True)

    # Provisioning replays the template (decision 003); a schema is never made or dropped by save().
    auto_create_schema = False
    auto_drop_schema = False

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("站点")
        verbose_name_plural = _("站点")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_console(self) -> bool:
        """Whether this is the supervising office's own tenant, which has no public pages."""
        return self.kind == self.Kind.CONSOLE

    @property
    def answers_citizens(self) -> bool:
        """Whether its pages are shown: it is live, or retiring and neither retired nor moved."""
        return self.status in (self.Status.LIVE, self.Status.RETIRING) and not self.answers_from_ledger

    @property
    def answers_from_ledger(self) -> bool:
        """Whether only the ledger of addresses answers on its hosts: it is retired, or its content is elsewhere."""
        return self.status == self.Status.RETIRED or self.moved_into_id is not None

    @property
    def public_host(self) -> str:
        """Host name for citizens, without port; empty when there is none."""
        return self._host("public")

    @property
    def console_host(self) -> str:
        """Host name of the admin, without port."""
        return self._host("console")

    def _host(self, kind: str) -> str:
        for domain in self.domains.all():
            if domain.kind == kind and domain.is_primary:
                return domain.domain
        return ""
