"""词库印记: one row per dictionary, another random value with every change of it."""

from django.db import models

from govplatform.tenancy.models import Tenant


class DictionaryStamp(models.Model):
    """Tells a process in one small statement whether what it holds of a dictionary still stands.

    Random, not counted: a value of a transaction that was rolled back can never come again. Its row is also what
    writers of one dictionary wait for.
    """

    tenant = models.OneToOneField(Tenant, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], nulls_distinct=False, name="stamp_once")]

    def __str__(self) -> str:
        return self.value
