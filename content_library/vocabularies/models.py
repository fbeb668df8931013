"""词条 (terms), what became of them, and the bulk changes of the library's classification."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .kinds import VocabularyKind


class Term(models.Model):
    """One term. Its code is drawn once and never given again: a term is retired or merged, not deleted."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")
        #: New, until a second person has confirmed its words.
        WAITING = "waiting", _("待确认")

    vocabulary = models.CharField(_("词表"), max_length=12, choices=VocabularyKind.choices)
    code = models.CharField(_("代码"), max_length=20)
    label = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey(
        "self", verbose_name=_("上级"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    #: Other names and key words, by which texts are recognised; a list of strings.
    aliases = models.JSONField(_("别名和关键词"), default=list, blank=True)
    order = models.PositiveIntegerField(_("顺序"), default=0)
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入"), null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        verbose_name = _("词条")
        verbose_name_plural = _("词条")
        ordering = ["vocabulary", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="vocabularies_code_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(status="retired"),
                name="vocabularies_merged_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}（{self.code}）"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class TermChange(models.Model):
    """One change of a term; the highest key of all is the version of the vocabularies as a whole."""

    term = models.ForeignKey(Term, verbose_name=_("词条"), on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(_("操作"), max_length=20)
    detail = models.JSONField(_("内容"), default=dict)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("操作人"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("词条变更")
        verbose_name_plural = _("词条变更")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.term_id}"


class Reclassification(models.Model):
    """One bulk change of the library's classification, with what is needed to take it back."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")

    source = models.ForeignKey(Term, verbose_name=_("原词条"), on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Term, verbose_name=_("新词条"), on_delete=models.PROTECT, related_name="+")
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(_("总数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("批量改类")
        verbose_name_plural = _("批量改类")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING, self.State.UNDOING)


class ReclassifiedResource(models.Model):
    """One resource of a bulk change, with its value ``before``; no foreign key to the library's own tables."""

    reclassification = models.ForeignKey(Reclassification, on_delete=models.CASCADE, related_name="items")
    resource_id = models.BigIntegerField(_("资源"))
    before = models.CharField(_("原代码"), max_length=120)

    class Meta:
        verbose_name = _("改类的资源")
        verbose_name_plural = _("改类的资源")
        constraints = [
            models.UniqueConstraint(fields=["reclassification", "resource_id"], name="vocabularies_reclassified_once")
        ]
        indexes = [models.Index(fields=["resource_id"], name="vocabularies_resource")]

    def __str__(self) -> str:
        return f"{self.resource_id}: {self.before}"
