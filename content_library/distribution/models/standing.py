"""常设审查决定 (standing clearances): two reviewers of a site decide beforehand what may be published at once."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from content_library.vocabularies.fields import TermCodeField
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant


class StandingClearanceQuerySet(models.QuerySet["StandingClearance"]):
    def not_over(self) -> "StandingClearanceQuerySet":
        """Those that were not ended and whose last day is not over: valid ones, and those that wait for approval."""
        return self.filter(revoked_at__isnull=True, ends_on__gte=local_day(timezone.now()))

    def valid(self) -> "StandingClearanceQuerySet":
        """As ``is_valid`` says of one."""
        return self.not_over().filter(approved_at__isnull=False)


class StandingClearance(models.Model):
    """One standing clearance of a site (deploy/decisions/012-standing-clearance.md).

    Proposed by a content reviewer, approved by a confidentiality reviewer, ended by either at once, or by its last day.
    It names its source: a site, or all superior sites of a level. What went live under it is found by its targets;
    every so many of these are looked at afterwards.
    """

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="standing_clearances"
    )
    source = models.ForeignKey(
        Tenant, verbose_name=_("来源站点"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(_("来源层级"), max_length=16, choices=Tenant.Level.choices, blank=True)
    subject_class = TermCodeField(_("主题分类"), max_length=8, vocabulary="subject", blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Resource.Kind.choices, blank=True)
    reason = models.TextField(_("理由"))
    ends_on = models.DateField(_("最后一日"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("提出人"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("提出时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("批准人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    opinion = models.TextField(_("批准意见"), blank=True)
    checklist = models.JSONField(_("检查清单"), default=dict)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("终止人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(_("终止时间"), null=True)

    objects = StandingClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("常设审查决定")
        verbose_name_plural = _("常设审查决定")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="standing_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(source__isnull=False) | ~models.Q(level=""), name="standing_names_its_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.pk}"

    @property
    def is_valid(self) -> bool:
        """Whether it was approved and has not ended."""
        return self.approved_at is not None and self.revoked_at is None and not self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        """Whether its last day is over."""
        return self.ends_on < local_day(timezone.now())
