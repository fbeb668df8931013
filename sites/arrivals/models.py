"""The arrivals of a site: each run with its crawl, and what became of each old address."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def crawl_path(_arrival: "Arrival", filename: str) -> str:
    """Return the storage name of an uploaded crawl, which nobody can guess."""
    ending = next((one for one in (".warc.gz", ".warc", ".wacz") if filename.lower().endswith(one)), "")
    return f"arrivals/{secrets.token_hex(16)}{ending}"


class Arrival(models.Model):
    """One run of an import of an old site.

    ``host``: of the old site; ``column``: of pages that fit none; ``rules``: the text of the rules file; ``limit``: at
    most so many pages; ``done`` of ``total``: how far it is; ``reason``: why it ended without a result.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待处理")
        RUNNING = "running", _("处理中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    host = models.CharField(_("原网站域名"), max_length=253)
    source_name = models.CharField(_("抓取文件"), max_length=255)
    crawl = models.FileField(_("抓取文件"), upload_to=crawl_path, max_length=120, blank=True)
    column = models.ForeignKey(
        "columns.Column", verbose_name=_("默认栏目"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rules = models.TextField(_("模板规则"), blank=True)
    limit = models.PositiveIntegerField(_("页数上限"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    reason = models.TextField(_("原因"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("导入人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("外来网站接收")
        verbose_name_plural = _("外来网站接收")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.host} #{self.pk}"

    def note(self, **values: Any) -> None:
        """Store ``values`` (fields of the run) at once, so that whoever watches it sees them."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values, "changed_at"])


class OldAddress(models.Model):
    """What became of one address of an old site; the key by which a run that is started again makes nothing twice.

    ``key``: what addresses of the same page have in common (``reading.addresses.key_of``); ``arrival``: the run that
    saw it last; ``page``: the draft that it leads to, None where ``reason`` says why there is none; ``document``: the
    attachment that was at it, and came with that page; ``first``: it is the address that the page was made of, the
    others lead to the same page; ``title`` to ``confidence``: as found.
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

    class Meta:
        verbose_name = _("旧网址")
        verbose_name_plural = _("旧网址")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["host", "key"], name="old_address_once")]

    def __str__(self) -> str:
        return self.address
