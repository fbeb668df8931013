"""随站迁入的审查通过 (transferred clearances): what people signed of a page that a merge has carried here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .clearance import Clearance


class TransferredClearance(models.Model):
    """The proof that one merge left to a clearance, whose own digest is of the numbers of this site. Append-only.

    ``source_*``: the clearance in the site that it came from, and the numbers that its digest covers; that site may
    be gone by now. ``trail``: ``[[place, before, after], ...]``, what the merge wrote otherwise in the content, by
    which that is taken back (``transfers.rewriting.undo``). ``file_shifts``: ``{"image": n, "document": n}``, what was
    added to the numbers of files; the gate notes it. A clearance that came through several sites has one for each
    merge; the database lets nobody but a merge write them.
    """

    clearance = models.ForeignKey(
        Clearance, verbose_name=_("审查通过"), on_delete=models.PROTECT, related_name="transfers"
    )
    #: Of ``public``, which has no foreign keys from a site (decision 022).
    merge_id = models.BigIntegerField(_("站点并入"))
    source_schema = models.CharField(_("原站点"), max_length=63)
    source_clearance_id = models.BigIntegerField(_("原审查通过"))
    source_page_id = models.BigIntegerField(_("原页面编号"))
    source_parent_id = models.BigIntegerField(_("原栏目编号"), null=True)
    source_digest = models.CharField(_("原内容摘要"), max_length=80)
    trail = models.JSONField(_("编号对照"), default=list)
    file_shifts = models.JSONField(_("文件编号位移"), default=dict, db_default={})
    made_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("随站迁入的审查通过")
        verbose_name_plural = _("随站迁入的审查通过")
        ordering = ["made_at", "merge_id"]
        constraints = [models.UniqueConstraint(fields=["clearance", "merge_id"], name="transferred_once_a_merge")]

    def __str__(self) -> str:
        return f"{self.clearance_id} ← {self.source_schema}:{self.source_clearance_id}"
