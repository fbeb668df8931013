"""检索文档 (search documents): what can be found, once for all sites, with its text beside it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from govplatform.tenancy.models import Tenant


class SearchDocument(models.Model):
    """One document that can be found: a resource of the library with all its places, or a page that is no resource.

    ``key``: ``resource:<id>``, or what ``search.registry`` makes of other pages. ``places``: where citizens read it, as
    ``[{"site": id, "page": id, "path": "/a/b/c/", "column": "/a/b/"}]``, the source first; ``sites``: those of them
    that answer citizens. ``shown``: there is at least one. ``version`` grows with each change of the row;
    ``indexed``: the version that the engine was given last, so what is behind is what waits.

    ``picture``: ``{"image", "alt"}``, the key of the lead picture on the source's site and its alternative text, or {}.
    ``guide``: it tells how a service is had. ``about``: keys (``registry.page_key``) of documents in whose block it
    stands besides its own place.
    """

    key = models.CharField(_("键"), max_length=80, unique=True)
    resource = models.OneToOneField(
        Resource, verbose_name=_("资源"), null=True, on_delete=models.CASCADE, related_name="+", db_constraint=True
    )
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sites = ArrayField(models.BigIntegerField(), verbose_name=_("展示站点"), default=list)
    places = models.JSONField(_("网址"), default=list)
    shown = models.BooleanField(_("公开"), default=False)
    kind = models.CharField(_("类型"), max_length=20)
    subject_class = models.CharField(_("主题分类"), max_length=8, blank=True)
    document_kind = models.CharField(_("体裁"), max_length=20, blank=True)
    organisation = models.CharField(_("发文机关"), max_length=120, blank=True)
    document_number = models.CharField(_("发文字号"), max_length=200, blank=True)
    index_number = models.CharField(_("索引号"), max_length=60, blank=True)
    validity = models.CharField(_("时效"), max_length=12, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True)
    published_at = models.DateTimeField(_("发布时间"))
    updated_at = models.DateTimeField(_("更新时间"))
    title = models.CharField(_("标题"), max_length=255)
    summary = models.TextField(_("摘要"), blank=True)
    picture = models.JSONField(_("图片"), default=dict, blank=True)
    guide = models.BooleanField(_("办事指南"), default=False)
    about = ArrayField(models.CharField(max_length=80), verbose_name=_("相关文件"), default=list, blank=True)
    version = models.BigIntegerField(_("版本"), default=0)
    indexed = models.BigIntegerField(_("已索引版本"), default=0)

    class Meta:
        verbose_name = _("检索文档")
        verbose_name_plural = _("检索文档")
        indexes = [
            # No waiting list: nobody who publishes enters what others have gathered (decision 048).
            GinIndex(fields=["about"], fastupdate=False, name="search_about"),
            models.Index(fields=["tenant", "id"], condition=models.Q(tenant__isnull=False), name="search_of_site"),
            models.Index(fields=["id"], condition=models.Q(version__gt=models.F("indexed")), name="search_waiting"),
        ]

    def __str__(self) -> str:
        return self.title


class SearchText(models.Model):
    """The text of a document. ``attachments``: ``[{"title", "text"}]``, in the order in which the page names them.

    ``folded``: title, number, body and attachments as ``text.folding`` folds them, then how the title sounds, a line
    break between them: what a hit is compared with.
    """

    document = models.OneToOneField(
        SearchDocument, verbose_name=_("检索文档"), primary_key=True, on_delete=models.CASCADE, related_name="texts"
    )
    text = models.TextField(_("正文"), blank=True)
    attachments = models.JSONField(_("附件"), default=list)
    folded = models.TextField(_("检索用文字"), blank=True)

    class Meta:
        verbose_name = _("检索文字")
        verbose_name_plural = _("检索文字")

    def __str__(self) -> str:
        return self.text[:50]
