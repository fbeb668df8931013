"""词库印记: one row per dictionary with a random value, which changes whenever the dictionary does."""

from django.db import models

from govplatform.tenancy.models import Tenant


class DictionaryStamp(models.Model):
    """The present value of one dictionary; a process that has read another value reads the dictionary again.

    Random, not counted: a value of a transaction that was rolled back can never come again. Its row is also the lock
    for which writers of one dictionary wait.
    """

    tenant = models.OneToOneField(Tenant, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], nulls_distinct=False, name="stamp_once")]

    def __str__(self) -> str:
        return self.value
