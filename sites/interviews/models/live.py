"""The live text of an interview: entries by speaker, each in versions that never change, two people behind each.

It is no part of the page's revision: what is shown of it stands in ``Entry.shown``. The database holds the
separation too (migration ``0002_two_people``).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

#: Characters of one entry: what is said at a stretch.
TEXT = 2_000
#: Characters of a name, and of a reason.
NAME, REASON = 40, 200


class Session(models.Model):
    """The live part of one interview: the confidentiality decision for it, its opening and its end.

    ``change``: number of the last change that citizens see; ``changed_at``: when that was.
    """

    page = models.OneToOneField("interviews.InterviewPage", on_delete=models.CASCADE, related_name="session")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("保密审查决定人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    decided_at = models.DateTimeField(_("保密审查决定时间"), null=True, blank=True)
    scope = models.CharField(_("可以公开的范围"), max_length=REASON, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("暂停人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    stopped_at = models.DateTimeField(_("暂停时间"), null=True, blank=True)
    stop_reason = models.CharField(_("暂停理由"), max_length=REASON, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("开启人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    opened_at = models.DateTimeField(_("开启时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("结束人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    change = models.PositiveIntegerField(_("变化序号"), default=0)
    changed_at = models.DateTimeField(_("最近变化"), null=True, blank=True)

    class Meta:
        verbose_name = _("访谈现场")
        verbose_name_plural = _("访谈现场")

    @property
    def is_live(self) -> bool:
        return self.opened_at is not None and self.ended_at is None

    @property
    def is_decided(self) -> bool:
        """Whether the confidentiality decision holds: made, and not taken back."""
        return self.decided_at is not None and self.stopped_at is None


class Speaker(models.TextChoices):
    HOST = "host", _("主持人")
    GUEST = "guest", _("嘉宾")
    CITIZEN = "citizen", _("网友提问")
    NOTE = "note", _("编者")


class Entry(models.Model):
    """One contribution. ``shown``: the version that citizens read; ``change``: the session's number of that change."""

    page = models.ForeignKey("interviews.InterviewPage", on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(_("序号"))
    speaker = models.CharField(_("发言人"), max_length=10, choices=Speaker.choices)
    name = models.CharField(_("姓名"), max_length=NAME, blank=True)
    said_at = models.DateTimeField(_("录入时间"))
    shown = models.ForeignKey(
        "interviews.EntryVersion", verbose_name=_("公开的一稿"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    change = models.PositiveIntegerField(_("变化序号"), default=0)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("撤回人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("撤回理由"), max_length=REASON, blank=True)

    class Meta:
        verbose_name = _("现场发言")
        verbose_name_plural = _("现场发言")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_number_of_an_entry")]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def was_shown(self) -> bool:
        return self.shown_id is not None


class EntryVersion(models.Model):
    """A wording of an entry. It never changes; a correction is another one.

    ``photo``: id of a block of the page's reviewed pictures, '' for none. ``severity``: the worst that the scanner
    found when it was typed; ``findings``: ``[{"rule", "severity", "excerpt", "message", "source"}]``, masked.
    ``content_by``: whose key showed it; ``secret_by``: the confidentiality reviewer's, where the scanner warned.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("稿次"))
    text = models.TextField(_("文字"), max_length=TEXT, blank=True)
    photo = models.CharField(_("图片"), max_length=40, blank=True)
    digest = models.CharField(_("内容摘要"), max_length=64)
    severity = models.CharField(_("扫描结论"), max_length=8, blank=True)
    findings = models.JSONField(_("扫描发现"), default=list)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("录入人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    typed_at = models.DateTimeField(_("录入时间"))
    content_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("内容审核人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    content_at = models.DateTimeField(_("内容审核时间"), null=True, blank=True)
    secret_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("保密审查人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    secret_at = models.DateTimeField(_("保密审查时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("发言文字")
        verbose_name_plural = _("发言文字")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_number_of_a_version")]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.number}"
