"""One arrival: an old site's crawl, what is to become of it, and how far that is."""

import hashlib
import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: What an uploaded crawl may be called.
CRAWL_ENDINGS = (".warc.gz", ".warc", ".wacz", ".zip")


def crawl_path(_arrival: "Arrival", filename: str) -> str:
    """Return the storage name of an uploaded crawl, which nobody can guess."""
    ending = next((one for one in CRAWL_ENDINGS if filename.lower().endswith(one)), "")
    return f"arrivals/{secrets.token_hex(16)}{ending}"


def kept_path(_arrival: "Arrival", _filename: str) -> str:
    """Return the storage name of the pages of a crawl that were kept for trying rules on them."""
    return f"arrivals/{secrets.token_hex(16)}.pages"


class Arrival(models.Model):
    """One import of an old site.

    ``host``: of the old site; ``crawl``: as it was uploaded (a verb reads a crawl where it lies, and keeps none), with
    its ``size`` in bytes and its ``sha256``; ``kept``: its pages alone, for trying rules; ``column``: of pages that fit
    none; ``rules``: the text of the rules file; ``limit``: at most so many pages; ``importing``: the work that waits,
    runs or ran last makes drafts, and not only the report; ``stopping``: somebody asked it to stop; ``done`` of
    ``total``: how far it is, since ``began_at``; ``reason``: why it ended without a result; ``surveyed_at``: when its
    report was made.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待处理")
        SURVEYING = "surveying", _("正在预检")
        SURVEYED = "surveyed", _("已预检，待导入")
        RUNNING = "running", _("正在导入")
        STOPPED = "stopped", _("已停止")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    host = models.CharField(_("原网站域名"), max_length=253)
    source_name = models.CharField(_("抓取文件"), max_length=255)
    crawl = models.FileField(_("抓取文件"), upload_to=crawl_path, max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("字节数"), default=0, db_default=0)
    sha256 = models.CharField(_("SHA-256 摘要"), max_length=64, blank=True, db_default="")
    kept = models.FileField(_("抓取的网页"), upload_to=kept_path, max_length=120, blank=True, db_default="")
    column = models.ForeignKey(
        "columns.Column", verbose_name=_("默认栏目"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rules = models.TextField(_("模板规则"), blank=True)
    limit = models.PositiveIntegerField(_("页数上限"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    importing = models.BooleanField(_("导入"), default=False, db_default=False)
    stopping = models.BooleanField(_("要求停止"), default=False, db_default=False)
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
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    surveyed_at = models.DateTimeField(_("预检时间"), null=True)
    began_at = models.DateTimeField(_("开始时间"), null=True)
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("外来网站接收")
        verbose_name_plural = _("外来网站接收")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.host} #{self.pk}"

    @property
    def working(self) -> bool:
        """Whether its job waits or runs."""
        return self.state in (self.State.WAITING, self.State.SURVEYING, self.State.RUNNING)

    @property
    def settings_sha256(self) -> str:
        """SHA-256 of all that says what becomes of the crawl: host, crawl, rules, column, limit."""
        told = [self.host, self.sha256, self.rules, self.column_id, self.limit]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    def note(self, **values: Any) -> None:
        """Store ``values`` (fields of the run) at once, so that whoever watches it sees them."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values, "changed_at"])
