"""栏目对应: which column of a site takes what comes from other sites."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content_library.models import Resource
from content_library.vocabularies.fields import TermCodeField
from govplatform.tenancy.models import Tenant


class ColumnMapping(models.Model):
    """One row of a site's column mapping: the column for resources of a kind and class.

    An empty ``kind`` or ``subject_class`` means any; of several rows that fit, the most specific wins (``columns.py``).
    """

    tenant = models.ForeignKey(Tenant, verbose_name=_("站点"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=20, choices=Resource.Kind.choices, blank=True)
    subject_class = TermCodeField(_("主题分类"), max_length=8, vocabulary="subject", blank=True)
    column = models.CharField(_("栏目标识"), max_length=255)

    class Meta:
        verbose_name = _("栏目对应")
        verbose_name_plural = _("栏目对应")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "subject_class"], name="one_column_per_class")]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.kind or '*'} {self.subject_class or '*'} -> {self.column}"
