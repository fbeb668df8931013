"""框架文字 (frame texts): words that citizens read outside of pages of content: what was cleared, what waits."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FrameProposal(models.Model):
    """New words for one object of the frame, which wait until a second person has confirmed them.

    The row lies in the schema of those who decide: a site's own frame in the site's, what sites share in the console's.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    #: Label of the model (``columns.column``) and key of the row; no foreign key, for rows of ``public`` are meant too.
    kind = models.CharField(_("对象类别"), max_length=60)
    object_id = models.BigIntegerField(_("对象编号"))
    object_title = models.CharField(_("对象"), max_length=255)
    #: The object came into being with this proposal and is not shown before it is confirmed.
    is_new = models.BooleanField(_("新建"), default=False)
    #: ``{field: words}``; of a changed object those fields alone that differ.
    before = models.JSONField(_("原文"), default=dict)
    after = models.JSONField(_("新文"), default=dict)
    before_digest = models.CharField(_("原摘要"), max_length=80)
    digest = models.CharField(_("新摘要"), max_length=80)
    #: What the scan found, as ``scanning.findings.Finding.as_dict`` gives it, each with its field as ``where``.
    findings = models.JSONField(_("扫描发现"), default=list)
    scanner_version = models.CharField(_("扫描器版本"), max_length=20)
    rule_pack = models.CharField(_("规则包"), max_length=60)
    dictionary_version = models.CharField(_("词库版本"), max_length=64, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("提出人"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_by_name = models.CharField(_("提出人姓名"), max_length=150)
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("办理人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_name = models.CharField(_("办理人姓名"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("框架文字改动")
        verbose_name_plural = _("框架文字改动")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=models.Q(state="waiting"), name="frame_one_waiting"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed") | ~models.Q(decided_by=models.F("proposed_by")),
                name="frame_confirmed_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id"], name="frame_proposal_object"),
            models.Index(fields=["proposed_at"], condition=models.Q(state="waiting"), name="frame_proposal_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.object_title} {self.get_state_display()}"


class FrameClearance(models.Model):
    """The words of one object of the frame as they were last cleared. Append-only; the newest of an object counts."""

    class Origin(models.TextChoices):
        CONFIRMED = "confirmed", _("经第二人确认")
        SHELL = "shell", _("由运维命令设定")
        SET_UP = "set-up", _("建立时登记")
        MERGED = "merged", _("取自已确认的文字")

    kind = models.CharField(_("对象类别"), max_length=60)
    object_id = models.BigIntegerField(_("对象编号"))
    #: All words of the object, ``{field: words}``, so that a difference can be named by its field.
    texts = models.JSONField(_("文字"), default=dict)
    digest = models.CharField(_("摘要"), max_length=80)
    origin = models.CharField(_("来历"), max_length=10, choices=Origin.choices)
    #: The verb that set them, of those that did not wait.
    verb = models.CharField(_("命令"), max_length=40, blank=True)
    proposal = models.ForeignKey(
        FrameProposal, verbose_name=_("改动"), null=True, on_delete=models.PROTECT, related_name="clearances"
    )
    findings = models.JSONField(_("扫描发现"), default=list)
    scanner_version = models.CharField(_("扫描器版本"), max_length=20, blank=True)
    rule_pack = models.CharField(_("规则包"), max_length=60, blank=True)
    dictionary_version = models.CharField(_("词库版本"), max_length=64, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    cleared_by_name = models.CharField(_("登记人"), max_length=150)
    cleared_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("框架文字的审定")
        verbose_name_plural = _("框架文字的审定")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "object_id", "-id"], name="frame_clearance_object")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.get_origin_display()}"
