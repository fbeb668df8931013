"""开设任务: one request to open a site, from the form until its hosts answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class SiteOpening(models.Model):
    """One site that was asked for in the form.

    ``facts``: fields of ``actions.NewSite``; ``reasons``: why it was refused. It is kept, so that the person may leave
    the page and find it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在建立")
        DONE = "done", _("已建成")
        REFUSED = "refused", _("未能建立")

    facts = models.JSONField(_("登记内容"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    reasons = models.JSONField(_("原因"), default=list)
    seconds = models.FloatField(_("用时（秒）"), null=True)
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, on_delete=models.PROTECT, related_name="openings"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("开设任务")
        verbose_name_plural = _("开设任务")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return f"{self.facts.get('full_name', '')} {self.get_state_display()}"


class SiteBatch(models.Model):
    """批量开设: a table of sites that are to be opened together.

    It is kept, so that it can be left and found again, and continued where it stopped.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("已检查")
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在开设")
        DONE = "done", _("已结束")

    filename = models.CharField(_("文件"), max_length=255)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CHECKED)
    #: Of the file itself: headings that are missing or unknown. ``[{"row": line, "column": heading, "reason": text}]``.
    file_faults = models.JSONField(_("文件的问题"), default=list)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("登记人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    #: On whose behalf the sites are opened: who started it last. None: the shell.
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("开设人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("批量开设")
        verbose_name_plural = _("批量开设")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return self.filename


class SiteBatchRow(models.Model):
    """批量开设的一行: one site of the table, and what became of it."""

    class State(models.TextChoices):
        FAULTY = "faulty", _("有误")
        SAME = "same", _("已经开设")
        WAITING = "waiting", _("待开设")
        DONE = "done", _("已建成")
        REFUSED = "refused", _("未能建立")

    batch = models.ForeignKey(SiteBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("行号"))
    #: Cells as they were given, by field of ``batches.table.COLUMNS``.
    given = models.JSONField(_("表中内容"))
    #: The fields of ``actions.NewSite``; empty for a faulty row.
    facts = models.JSONField(_("登记内容"), default=dict)
    #: ``[{"row": line, "column": heading, "reason": text}]``; of a refusal without a column.
    faults = models.JSONField(_("问题"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    parent = models.ForeignKey("self", verbose_name=_("上级站点所在的行"), null=True, on_delete=models.SET_NULL)
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.FloatField(_("用时（秒）"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("批量开设的一行")
        verbose_name_plural = _("批量开设的一行")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="site_batch_line_once")]
        indexes = [models.Index(fields=["batch", "state", "line"], name="site_batch_state")]

    def __str__(self) -> str:
        return f"{self.batch} {self.line}"
