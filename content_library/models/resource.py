"""共享资源 (resources): what was published anywhere on the platform, once, with all its versions."""

import uuid
from collections.abc import Callable

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..vocabularies.fields import TermCodeField


class ResourceManager(models.Manager["Resource"]):
    """The manager of resources; it leaves ``terms`` and ``folded`` out, which serve the lists alone.

    ``save`` leaves such deferred columns as they are.
    """

    def get_queryset(self) -> models.QuerySet["Resource"]:
        return super().get_queryset().defer("terms", "folded")


class Resource(models.Model):
    """One publication. ``uuid`` is its public key, on this platform and on every other one.

    Classification is kept as codes; words come from the vocabularies. ``terms`` and ``folded`` serve
    the lists alone (see ``lexemes.py``). ``tenant`` and ``page_id`` are empty for what came from
    another platform; ``holder`` is then the site that imported it, if one did.
    """

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("现行有效")
        AMENDED = "amended", _("已被修改")
        REPEALED = "repealed", _("已废止")
        LAPSED = "lapsed", _("已失效")
        CORRECTED = "corrected", _("已更正")
        WITHDRAWN = "withdrawn", _("已撤回")
        IMPORTED = "imported", _("外部导入")

    class Kind(models.TextChoices):
        ARTICLE = "article", _("信息")
        POLICY = "policy", _("政策文件")
        INTERPRETATION = "interpretation", _("政策解读")
        TOPIC = "topic", _("专题")
        LEADER = "leader", _("领导信息")
        INSTITUTION = "institution", _("机构职能")
        DISCLOSURE_GUIDE = "disclosure_guide", _("信息公开指南")
        ANNUAL_REPORT = "annual_report", _("信息公开年报")
        STATISTICS = "statistics", _("统计公报")
        REPLY = "reply", _("来信答复")
        SERVICE = "service", _("办事指南")
        QUESTION = "question", _("答问")
        INTERVIEW = "interview", _("在线访谈")
        SURVEY = "survey", _("征集调查")

    uuid = models.UUIDField("UUID", unique=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("来源站点"), null=True, on_delete=models.PROTECT, related_name="resources"
    )
    page_id = models.BigIntegerField(_("来源页面"), null=True)
    holder = models.ForeignKey(
        Tenant, verbose_name=_("导入站点"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.UUIDField(_("原始资源"), null=True, help_text=_("转载件或复制件所出自的资源。"))
    platform = models.CharField(_("来源平台"), max_length=200, blank=True)
    number = models.CharField(_("索引号"), max_length=60, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices)
    status_reason = models.TextField(_("状态说明"), blank=True)
    current = models.ForeignKey(
        "content_library.ResourceVersion",
        verbose_name=_("当前版本"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    title = models.CharField(_("标题"), max_length=255)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices)
    subject_class = TermCodeField(_("主题分类"), max_length=8, vocabulary="subject", blank=True)
    document_kind = TermCodeField(_("体裁"), max_length=20, vocabulary="kind", blank=True)
    #: These two are words of a page, or codes after a bulk change of classes.
    audience = TermCodeField(_("服务对象"), max_length=100, vocabulary="audience", blank=True)
    disclosure = TermCodeField(_("公开方式"), max_length=12, vocabulary="disclosure")
    organisation = TermCodeField(_("发文机关或主办单位"), max_length=120, vocabulary="organisation", blank=True)
    # Given by TermCodeField.
    get_subject_class_display: Callable[[], str]
    get_document_kind_display: Callable[[], str]
    get_audience_display: Callable[[], str]
    get_disclosure_display: Callable[[], str]
    get_organisation_display: Callable[[], str]
    level = models.CharField(_("来源层级"), max_length=16, choices=Tenant.Level.choices, blank=True)
    repostable = models.BooleanField(_("允许转载"), default=True)
    interprets = models.UUIDField(_("所解读的资源"), null=True)
    interprets_page = models.BigIntegerField(_("所解读的页面"), null=True)
    url = models.URLField(_("网址"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("发布时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    folded = models.TextField(_("检索用标题"), editable=False)
    terms = SearchVectorField(_("检索词"), null=True, editable=False)

    objects = ResourceManager()

    class Meta:
        verbose_name = _("共享资源")
        verbose_name_plural = _("共享资源")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "page_id"], name="resource_per_page"),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(tenant__isnull=False) & ~models.Q(number=""),
                name="index_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(tenant__isnull=True, page_id__isnull=True)
                | models.Q(tenant__isnull=False, page_id__isnull=False),
                name="page_with_its_site",
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="resource_newest"),
            models.Index(fields=["tenant", "-published_at", "-id"], name="resource_of_site"),
            models.Index(fields=["subject_class", "-published_at", "-id"], name="resource_of_class"),
            models.Index(fields=["kind", "status", "-published_at", "-id"], name="resource_of_kind"),
            models.Index(
                fields=["interprets"], condition=models.Q(interprets__isnull=False), name="resource_interprets"
            ),
            models.Index(fields=["origin"], condition=models.Q(origin__isnull=False), name="resource_origin"),
            models.Index(
                fields=["status", "-updated_at", "-id"],
                condition=models.Q(status__in=["corrected", "withdrawn"]),
                name="resource_changed",
            ),
            GinIndex(fields=["terms"], fastupdate=False, name="resource_terms"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        """Whether the resource was withdrawn, so that nothing of it may be served anywhere (410)."""
        return self.status == self.Status.WITHDRAWN


class ResourceVersion(models.Model):
    """One version of a resource: what was cleared and public at one time. Append-only.

    ``metadata``: values by the codes of ``metadata.py`` as JSON (classification as codes).
    ``html``: the body without site furniture; files as ``library:blob/<sm3>/<name>``, which each
    place that shows it resolves for itself. ``digest``: SM3 over all of it (``records.version_digest``).
    """

    resource = models.ForeignKey(
        Resource, verbose_name=_("资源"), on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=255)
    metadata = models.JSONField(_("元数据"))
    html = models.TextField(_("正文"))
    text = models.TextField(_("纯文本"))
    digest = models.CharField("SM3", max_length=64)
    #: See ``resources/clean_html.py``; '' on versions from before it was there.
    html_seal = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    #: Where links of the HTML are marked (``untrusted_files/link_places.py``). Made of it, so no part of the digest.
    link_marks = models.JSONField(null=True, editable=False)
    revision_id = models.BigIntegerField(_("来源修订"), null=True)
    clearance_id = models.BigIntegerField(_("审查通过"), null=True)
    cleared_at = models.DateTimeField(_("审查通过时间"))

    class Meta:
        verbose_name = _("资源版本")
        verbose_name_plural = _("资源版本")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["resource", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
