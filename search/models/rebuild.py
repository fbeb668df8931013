"""重建 (rebuilds of an index): how far each is, so that one that was broken off goes on where it was."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rebuild(models.Model):
    """A rebuild of the index of ``engine``, of one site (its code) or of all (''). ``index``: its name at the engine.

    ``shape``: ``search.engine.SHAPE`` when it was begun. While ``index`` is '' documents are written anew, then they
    are given to the engine: ``reached`` is the last one in either part, ``documents`` of ``total`` how many.
    ``finished_at``: empty until it answers.
    """

    engine = models.CharField(_("引擎"), max_length=20)
    site = models.CharField(_("站点"), max_length=40, blank=True)
    index = models.CharField(_("索引"), max_length=120, blank=True)
    shape = models.PositiveSmallIntegerField(_("结构版本"), default=0)
    reached = models.BigIntegerField(_("进度"), default=0)
    documents = models.BigIntegerField(_("文档数"), default=0)
    total = models.BigIntegerField(_("总数"), default=0)
    started_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("索引重建")
        verbose_name_plural = _("索引重建")
        constraints = [
            models.UniqueConstraint(
                fields=["engine", "site"], condition=models.Q(finished_at__isnull=True), name="search_one_rebuild"
            )
        ]

    @property
    def engine_words(self) -> str:
        """The engine as people call it."""
        return str(_("内置检索") if self.engine == "postgres" else _("检索集群"))

    def __str__(self) -> str:
        return f"{self.engine} {self.site}"
