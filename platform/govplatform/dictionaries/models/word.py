"""词语 of dictionaries: what scans look for literally, the history of each word, and the sites that ignore it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..word_table import LENGTHS, WORD_LENGTHS


class Word(models.Model):
    """A word of a dictionary. ``tenant`` None: of the platform's, which holds on every site.

    ``form``: the word as it is compared (``effective.comparable_word``). It is in force from ``effective_from`` to
    ``effective_until``, both days included; None means without limit.
    """

    class Kind(models.TextChoices):
        WRONG = "wrong", _("错误表述")
        SENSITIVE = "sensitive", _("敏感词")

    class Severity(models.TextChoices):
        BLOCK = "block", _("必须处理")
        WARN = "warn", _("需要判断")
        INFO = "info", _("提示")

    class State(models.TextChoices):
        ACTIVE = "active", _("启用")
        RETIRED = "retired", _("已停用")

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, blank=True, on_delete=models.PROTECT, related_name="words"
    )
    word = models.CharField(_("词语"), max_length=WORD_LENGTHS[1])
    form = models.CharField(_("比较形式"), max_length=200)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.WRONG)
    severity = models.CharField(_("程度"), max_length=6, choices=Severity.choices, default=Severity.WARN)
    suggestion = models.CharField(_("建议"), max_length=LENGTHS["suggestion"], blank=True)
    note = models.CharField(_("备注"), max_length=LENGTHS["note"], blank=True)
    effective_from = models.DateField(_("生效日期"), null=True, blank=True)
    effective_until = models.DateField(_("失效日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ACTIVE)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("添加人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("添加时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("词语")
        verbose_name_plural = _("词语")
        ordering = ["word", "pk"]
        constraints = [
            # Decides between two people who add the same word at once; overlapping days are checked by the action.
            models.UniqueConstraint(
                fields=["tenant", "form", "effective_from"],
                condition=models.Q(state="active"),
                nulls_distinct=False,
                name="word_once",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_until__isnull=True)
                | models.Q(effective_from__isnull=True)
                | models.Q(effective_until__gte=models.F("effective_from")),
                name="word_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state"], name="word_of_scope")]

    def __str__(self) -> str:
        return self.word


class WordChange(models.Model):
    """沿革: one thing that happened to a word. Append-only.

    ``values``: the word's fields after it, by name; ``site``: code of the site for an ignore, else ''.
    """

    class Act(models.TextChoices):
        ADDED = "added", _("添加")
        CHANGED = "changed", _("修改")
        RETIRED = "retired", _("停用")
        IGNORED = "ignored", _("本站忽略")
        HEEDED = "heeded", _("取消忽略")

    word = models.ForeignKey(Word, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(_("行为"), max_length=8, choices=Act.choices)
    values = models.JSONField(_("内容"), default=dict)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    site = models.CharField(_("站点"), max_length=40, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经办人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    person_name = models.CharField(_("经办人姓名"), max_length=150, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("词语沿革")
        verbose_name_plural = _("词语沿革")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.word_id} {self.get_act_display()}"


class WordIgnore(models.Model):
    """忽略: a word of the platform's dictionary that one site ignores, with the reason."""

    word = models.ForeignKey(Word, on_delete=models.PROTECT, related_name="ignores")
    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=500)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经办人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    ignored_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("忽略的词语")
        verbose_name_plural = _("忽略的词语")
        constraints = [models.UniqueConstraint(fields=["tenant", "word"], name="ignore_once")]

    def __str__(self) -> str:
        return f"{self.word} {self.tenant}"
