"""保密扫描: the scans of pages and what they found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from ..place_words import rule_words, where_words


class Severity(models.TextChoices):
    BLOCK = "block", _("必须处理")
    WARN = "warn", _("需要判断")
    INFO = "info", _("提示")


class Scan(models.Model):
    """The scan of one state of a page by one scanner, rule pack and dictionary.

    ``digest``: of the page with all its files (review.digest), so that a scan cannot count for another state.
    ``persons``: ``hash:letters`` of the persons named, for aggregation across the items of a column.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("扫描中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")

    class Purpose(models.TextChoices):
        REVIEW = "review", _("送审")
        DEMAND = "demand", _("人工发起")
        RESCAN = "rescan", _("回溯扫描")

    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("页面"), on_delete=models.CASCADE, related_name="scans")
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("版本"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    digest = models.CharField(_("内容摘要"), max_length=80)
    scanner_version = models.CharField(_("扫描器版本"), max_length=20)
    rule_pack = models.CharField(_("规则包"), max_length=60)
    dictionary_version = models.CharField(_("词库版本"), max_length=64, blank=True)
    purpose = models.CharField(_("来由"), max_length=10, choices=Purpose.choices, default=Purpose.REVIEW)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    queued_at = models.DateTimeField(_("排队时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    failure = models.TextField(_("失败原因"), blank=True)
    persons = models.JSONField(_("涉及人员"), default=list)

    class Meta:
        verbose_name = _("保密扫描")
        verbose_name_plural = _("保密扫描")
        ordering = ["-queued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "digest", "scanner_version", "rule_pack", "dictionary_version"], name="scan_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=models.Q(state__in=["queued", "running"]), name="scan_unfinished"
            )
        ]

    def __str__(self) -> str:
        return _t("页面 %(page)s 的保密扫描") % {"page": self.page_id}


class Finding(models.Model):
    """发现: something that a reviewer must judge. Counts once its scan is done, and is never changed.

    ``attachment_*``: the file it stands in, empty for the page's own text. ``where``, ``offset``, ``length``: the
    place, and the characters within its text; ``excerpt`` is masked. ``key``: equal for the same finding in another
    version of the page.
    """

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="findings")
    rule = models.CharField(_("规则"), max_length=40)
    severity = models.CharField(_("程度"), max_length=6, choices=Severity.choices)
    attachment_kind = models.CharField(_("附件类别"), max_length=10, blank=True)
    attachment_id = models.BigIntegerField(_("附件编号"), null=True)
    attachment_name = models.CharField(_("附件名称"), max_length=255, blank=True)
    where = models.CharField(_("位置"), max_length=300)
    offset = models.PositiveIntegerField(_("起始字符"))
    length = models.PositiveIntegerField(_("字符数"))
    excerpt = models.CharField(_("摘录"), max_length=300, blank=True)
    message = models.TextField(_("说明"), blank=True)
    suggestion = models.CharField(_("建议"), max_length=200, blank=True)
    source = models.CharField(_("依据"), max_length=100, blank=True)
    key = models.CharField(_("同一发现"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("发现")
        verbose_name_plural = _("发现")
        ordering = ["pk"]

    def __str__(self) -> str:
        return _t("%(rule)s（%(where)s）") % {"rule": rule_words(self.rule), "where": where_words(self.where)}


class ScannedPart(models.Model):
    """A text as the scanner read it, for reviewers to look at beside the page; private like a draft."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="parts")
    attachment_kind = models.CharField(_("附件类别"), max_length=10, blank=True)
    attachment_id = models.BigIntegerField(_("附件编号"), null=True)
    attachment_name = models.CharField(_("附件名称"), max_length=255, blank=True)
    where = models.CharField(_("位置"), max_length=300)
    hidden = models.BooleanField(_("隐藏内容"), default=False)
    text = models.TextField(_("文字"))

    class Meta:
        verbose_name = _("扫描文字")
        verbose_name_plural = _("扫描文字")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attachment_name} {where_words(self.where)}".strip()
