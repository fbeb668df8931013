"""The addresses of an old site: what the report says of each, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .arrival import Arrival
from .decision import HistoricalClearance


class SurveyedAddress(models.Model):
    """One line of the report on a crawl: what an address of the old site is, or why it is not brought in.

    ``number``: its place in the report; ``key``: as in ``OldAddress``; ``content``: SHA-256 of the page's bytes, by
    which it lies among the kept pages, "" for what was no page; ``leads_to``: address of the page that it is merged
    into; ``doubtful``: somebody should look at the page; ``reasons``: what is doubtful; ``reason``: why it stays out.
    """

    class Result(models.TextChoices):
        PAGE = "page", _("导入")
        MERGED = "merged", _("并入")
        SKIPPED = "skipped", _("不导入")

    arrival = models.ForeignKey(Arrival, verbose_name=_("批次"), on_delete=models.CASCADE, related_name="surveyed")
    number = models.PositiveIntegerField(_("序号"))
    address = models.TextField(_("旧网址"))
    key = models.CharField(max_length=64, editable=False)
    content = models.CharField(max_length=64, blank=True, editable=False)
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    leads_to = models.TextField(_("并入的网址"), blank=True)
    title = models.CharField(_("标题"), max_length=255, blank=True)
    published_at = models.DateTimeField(_("原发布时间"), null=True)
    source = models.CharField(_("来源"), max_length=255, blank=True)
    column = models.CharField(_("栏目"), max_length=255, blank=True)
    confidence = models.FloatField(_("把握"), null=True)
    doubtful = models.BooleanField(_("存疑"), default=False)
    reasons = models.JSONField(_("提示"), default=list)
    reason = models.TextField(_("不导入的原因"), blank=True)

    class Meta:
        verbose_name = _("预检的网址")
        verbose_name_plural = _("预检的网址")
        ordering = ["number"]
        indexes = [models.Index(fields=["arrival", "number"], name="surveyed_in_order")]

    def __str__(self) -> str:
        return self.address

    @property
    def published(self) -> str:
        """The publish time as people read it: a day alone where the old page stated no time of day; '' for none."""
        if self.published_at is None:
            return ""
        moment = timezone.localtime(self.published_at)
        return f"{moment:%Y-%m-%d %H:%M}" if (moment.hour, moment.minute) != (0, 0) else f"{moment:%Y-%m-%d}"


class OldAddress(models.Model):
    """What became of one address of an old site; the key by which a run that is started again makes nothing twice.

    ``key``: what addresses of the same page have in common (``reading.addresses.key_of``); ``arrival``: the run that
    saw it last; ``page``: the draft that it leads to, None where ``reason`` says why there is none; ``document``: the
    attachment that was at it, and came with that page; ``first``: it is the address that the page was made of, the
    others lead to the same page; ``title`` to ``confidence``: as found; ``cleared_under``: the decision under which the
    page went public, and ``held_back``: why it did not.
    """

    arrival = models.ForeignKey(Arrival, verbose_name=_("批次"), on_delete=models.CASCADE, related_name="addresses")
    host = models.CharField(_("原网站域名"), max_length=253)
    address = models.TextField(_("旧网址"))
    key = models.CharField(max_length=64, editable=False)
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("草稿"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name=_("附件"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    first = models.BooleanField(_("主网址"), default=False)
    title = models.CharField(_("标题"), max_length=255, blank=True)
    published_at = models.DateTimeField(_("原发布时间"), null=True)
    source = models.CharField(_("来源"), max_length=255, blank=True)
    column = models.CharField(_("栏目"), max_length=255, blank=True)
    confidence = models.FloatField(_("把握"), null=True)
    reasons = models.JSONField(_("提示"), default=list)
    reason = models.TextField(_("未导入的原因"), blank=True)
    cleared_under = models.ForeignKey(
        HistoricalClearance,
        verbose_name=_("历史内容审查决定"),
        null=True,
        on_delete=models.PROTECT,
        related_name="cleared",
    )
    held_back = models.TextField(_("没有自动发布的原因"), blank=True, db_default="")

    class Meta:
        verbose_name = _("旧网址")
        verbose_name_plural = _("旧网址")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["host", "key"], name="old_address_once")]

    def __str__(self) -> str:
        return self.address
