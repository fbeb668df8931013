"""回溯扫描 (rescans): what is public already is scanned by newer rules; what they find is a work list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RescanRun(models.Model):
    """One walk over the live pages of a site. What was done page by page stands in the scans themselves.

    ``pages`` = ``scanned`` + ``skipped`` + ``failed`` once it is done; ``findings``: of all these pages, ``new``: those
    that became items of the work list. ``failures``: ``{"page", "title", "reason"}`` each.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("扫描中")
        DONE = "done", _("已完成")
        STOPPED = "stopped", _("已停止")
        BROKEN = "broken", _("中断")

    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    since = models.DateField(_("起始发布日期"), null=True)
    scanner_version = models.CharField(_("扫描器版本"), max_length=20)
    rule_pack = models.CharField(_("规则包"), max_length=60)
    dictionary_version = models.CharField(_("词库版本"), max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT,
        db_constraint=False, related_name="+",
    )  # fmt: skip
    requested_at = models.DateTimeField(_("发起时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    stop_asked = models.BooleanField(_("要求停止"), default=False)
    pages = models.PositiveIntegerField(_("页面"), default=0)
    scanned = models.PositiveIntegerField(_("已扫描"), default=0)
    skipped = models.PositiveIntegerField(_("已跳过"), default=0)
    failed = models.PositiveIntegerField(_("未能扫描"), default=0)
    findings = models.PositiveIntegerField(_("发现"), default=0)
    new = models.PositiveIntegerField(_("新发现"), default=0)
    failures = models.JSONField(_("未能扫描的页面"), default=list)

    class Meta:
        verbose_name = _("回溯扫描")
        verbose_name_plural = _("回溯扫描")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def done_pages(self) -> int:
        return self.scanned + self.skipped + self.failed

    @property
    def working(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class RescanFinding(models.Model):
    """回溯发现: one finding in a page that is public, closed once by its outcome.

    The database refuses to change it after that. ``key``: as in Finding; a page has at most one open item of a key.
    ``asked_*``: a reviewer asked the editor to correct it, which leaves it open until a cleared version is without it.
    """

    class Outcome(models.TextChoices):
        FALSE_ALARM = "false_alarm", _("误报")
        IGNORED = "ignored", _("说明理由后保留")
        FIXED = "fixed", _("已改正")
        WITHDRAWN = "withdrawn", _("页面已撤回")
        EXPIRED = "expired", _("页面已到期")
        LAPSED = "lapsed", _("按现行规则不再是发现")

    run = models.ForeignKey(RescanRun, verbose_name=_("回溯扫描"), on_delete=models.PROTECT, related_name="items")
    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("页面"), on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(
        "confidentiality.Finding", verbose_name=_("发现"), on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(_("同一发现"), max_length=64)
    opened_at = models.DateTimeField(_("发现时间"))
    due_at = models.DateTimeField(_("处理期限"))
    note = models.TextField(_("改正要求"), blank=True)
    asked_by_name = models.CharField(_("提出人"), max_length=150, blank=True)
    asked_at = models.DateTimeField(_("提出时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices, blank=True)
    closed_by_name = models.CharField(_("办结人"), max_length=150, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("回溯发现")
        verbose_name_plural = _("回溯发现")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "key"], condition=models.Q(outcome=""), name="rescan_finding_open_once"
            )
        ]
        indexes = [models.Index(fields=["outcome", "due_at"], name="rescan_finding_due")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.get_outcome_display() or self.due_at}"
