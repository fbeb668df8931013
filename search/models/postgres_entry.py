"""检索索引 (the index inside of PostgreSQL): one small row for each document, with its lexemes in a GIN index."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class PostgresEntry(models.Model):
    """What ``search.engines.postgres`` keeps of one document; made of it, and made anew at any time.

    ``id``: of the document. ``lexemes`` is null for a document that was taken out: the row stays for a day, so that no
    older version comes back. The lexemes lie outside of the row, which keeps reading many rows cheap (migration 0002);
    numbers that the database makes of what is counted are what hits are counted by (0008); they stand first (0011).
    ``columns``: ``<key of the site>:<path>`` of each site, a space between two.
    """

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(_("版本"))
    published = models.DateTimeField(_("发布时间"))
    year = models.SmallIntegerField(_("年份"))
    kind = models.CharField(_("类型"), max_length=20)
    sites = ArrayField(models.BigIntegerField(), verbose_name=_("站点"), default=list)
    title_key = models.CharField(_("标题"), max_length=30)
    topic = models.CharField(_("主题分类"), max_length=8, default="")
    organisation = models.CharField(_("发文机关"), max_length=120, default="")
    validity = models.CharField(_("时效"), max_length=12, default="")
    columns = models.TextField(_("栏目"), default="")
    lexemes = SearchVectorField(_("词位"), null=True)
    removed_at = models.DateTimeField(_("移出时间"), null=True)

    class Meta:
        verbose_name = _("检索索引")
        verbose_name_plural = _("检索索引")
        indexes = [
            GinIndex(fields=["lexemes"], fastupdate=False, name="search_lexemes"),
            models.Index(
                fields=["-published", "-id"], condition=models.Q(removed_at__isnull=True), name="search_newest"
            ),
            models.Index(fields=["title_key"], opclasses=["varchar_pattern_ops"], name="search_titles"),
            models.Index(fields=["removed_at"], condition=models.Q(removed_at__isnull=False), name="search_removed"),
        ]

    def __str__(self) -> str:
        return str(self.id)
