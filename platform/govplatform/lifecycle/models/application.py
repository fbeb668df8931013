"""网站事项申请: what a site asks for in the course of its life, its papers, and what each level said."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..applications.storage import paper_storage


class SiteApplication(models.Model):
    """One application of a site, or one report of a shutdown that nobody was asked about.

    ``levels``: codes of the sites whose supervisors decide, the nearest superior first, the console last; ``step``
    counts how many have. ``wanted``: new facts by field. ``ground``: code of the rule pack; ``until``: the day on which
    the site is back; ``into``: where the content of a retiring site goes. ``counted`` False: it does not count against
    the limit of a year. ``reported``: it took effect when it was filed, and is verified afterwards.
    ``carried_out_at``: when the site took on what was approved; ``ended_at``: when an offline site was back.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("开通")
        CHANGE = "change", _("变更")
        OFFLINE = "offline", _("临时下线")
        RETIRE = "retire", _("关停")

    class State(models.TextChoices):
        PENDING = "pending", _("待审批")
        REPORTED = "reported", _("已报备，待核实")
        APPROVED = "approved", _("已批准")
        REJECTED = "rejected", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="applications")
    kind = models.CharField(_("事项"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PENDING)
    reason = models.TextField(_("申请理由"))
    ground = models.CharField(_("依据的情形"), max_length=40, blank=True)
    into = models.ForeignKey(
        Tenant, verbose_name=_("内容迁入的网站"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateField(_("计划恢复日期"), null=True)
    wanted = models.JSONField(_("申请变更的内容"), default=dict)
    counted = models.BooleanField(_("计入每年次数"), default=True)
    reported = models.BooleanField(_("即时生效、事后核实"), default=False)
    levels = models.JSONField(_("审批级次"), default=list)
    step = models.PositiveSmallIntegerField(_("已审批级数"), default=0)
    rule_pack = models.CharField(_("规则包"), max_length=60)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("申请人"), on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("申请时间"))
    due_at = models.DateTimeField(_("本级审批期限"), null=True)
    carried_out_at = models.DateTimeField(_("生效时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    #: Of what this application was last reminded, so that nobody is told twice: ``step:1``, ``return`` ...
    reminded_of = models.CharField(_("已提醒"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("网站事项申请")
        verbose_name_plural = _("网站事项申请")
        ordering = ["-pk"]
        constraints = [
            # Two that are filed at once: the second is refused, also when both asked before either was written.
            models.UniqueConstraint(
                fields=["tenant", "kind"],
                condition=models.Q(state__in=("pending", "reported"))
                | models.Q(state="approved", carried_out_at__isnull=True),
                name="one_open_application",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=("pending", "reported")), name="application_open"
            ),
            models.Index(
                fields=["tenant"],
                condition=models.Q(state="approved", carried_out_at__isnull=True),
                name="application_to_do",
            ),
            models.Index(fields=["tenant", "-id"], name="application_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state in (self.State.PENDING, self.State.REPORTED)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it has not taken effect yet: what was reported has, and what was granted has with its notices."""
        granted = self.state == self.State.APPROVED and self.carried_out_at is None and not self.reported
        return self.state == self.State.PENDING or granted

    @property
    def has_lapsed(self) -> bool:
        """Whether it was granted and never carried out: it ended in the moment in which it would have begun."""
        return self.carried_out_at is not None and self.carried_out_at == self.ended_at

    @property
    def level(self) -> str:
        """Code of the site whose supervisor decides next, '' when nobody does."""
        return str(self.levels[self.step]) if self.is_open and self.step < len(self.levels) else ""


class ApplicationDecision(models.Model):
    """What one level said of an application. Append-only."""

    application = models.ForeignKey(
        SiteApplication, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="decisions"
    )
    level = models.CharField(_("级次"), max_length=40)
    approved = models.BooleanField(_("同意"))
    opinion = models.TextField(_("意见"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("审批人"), on_delete=models.PROTECT, related_name="+"
    )
    decided_name = models.CharField(_("审批人姓名"), max_length=150)
    decided_at = models.DateTimeField(_("审批时间"))

    class Meta:
        verbose_name = _("审批意见")
        verbose_name_plural = _("审批意见")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.level}"


def _paper_name(paper: Any, _filename: str) -> str:
    # The name that was given is data; the bytes lie under a name of ours.
    return f"{paper.application.tenant.code}/{paper.application_id}/{paper.kind}-{paper.sm3}"


class ApplicationPaper(models.Model):
    """One paper of an application, opened by the scanner. ``findings``: as ``Finding.as_dict`` gives them."""

    application = models.ForeignKey(
        SiteApplication, verbose_name=_("申请"), on_delete=models.PROTECT, related_name="papers"
    )
    kind = models.CharField(_("材料类别"), max_length=40)
    name = models.CharField(_("文件名"), max_length=255)
    file = models.FileField(_("文件"), storage=paper_storage, upload_to=_paper_name, max_length=255)
    size = models.PositiveBigIntegerField(_("大小"))
    sm3 = models.CharField("SM3", max_length=64)
    findings = models.JSONField(_("扫描发现"), default=list)
    scanner_version = models.CharField(_("扫描器版本"), max_length=20, blank=True)
    added_at = models.DateTimeField(_("提交时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
