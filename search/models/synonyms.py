"""同义词 (synonyms): words by which the search finds one for another, for all sites."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class SynonymGroup(models.Model):
    """Words that stand for each other; with ``one_way`` the first finds the others, and they do not find it.

    ``words`` as they were written, two at least; ``forms``: of those by which it is asked, the folded form. ``key``:
    tells groups of the same words apart from others.
    """

    words = ArrayField(models.CharField(max_length=40), verbose_name=_("词语"))
    one_way = models.BooleanField(_("单向"), default=False)
    enabled = models.BooleanField(_("启用"), default=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    forms = ArrayField(models.CharField(max_length=80), verbose_name=_("检索用形式"))
    key = models.CharField(_("键"), max_length=64, unique=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")
        indexes = [
            GinIndex(fields=["forms"], fastupdate=False, condition=models.Q(enabled=True), name="search_synonyms")
        ]

    def __str__(self) -> str:
        return " ⇒ ".join((self.words[0], "、".join(self.words[1:]))) if self.one_way else " = ".join(self.words)
