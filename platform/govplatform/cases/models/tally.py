"""来信统计: numbers of cases, kept by triggers in the transaction in which a case changes (migrations 0012, 0014)."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class CaseTally(models.Model):
    """What a change added to the numbers of one desk, organisation, kind and month of intake.

    Rows are added up: nobody waits for somebody else who counts. A job puts those of one key together (``tally.py``).
    ``took``: from intake to answer; ``shown``: published as a page of its own; ``late``: ended behind its limit;
    ``accepted_late``: accepted behind the limit of acceptance; ``month``: its first day.
    """

    desk = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    month = models.DateField()
    received = models.IntegerField(default=0, db_default=0)
    answered = models.IntegerField(default=0, db_default=0)
    published = models.IntegerField(default=0, db_default=0)
    shown = models.IntegerField(default=0, db_default=0)
    took = models.DurationField(default=timedelta, db_default=timedelta())
    satisfied = models.IntegerField(default=0, db_default=0)
    fairly = models.IntegerField(default=0, db_default=0)
    dissatisfied = models.IntegerField(default=0, db_default=0)
    late = models.IntegerField(default=0, db_default=0)
    accepted_late = models.IntegerField(default=0, db_default=0)
    abuse = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("来信统计")
        verbose_name_plural = _("来信统计")
        indexes = [models.Index(fields=["desk", "month"], name="case_tally_of_desk")]

    def __str__(self) -> str:
        return f"{self.desk_id} {self.kind} {self.month}"
