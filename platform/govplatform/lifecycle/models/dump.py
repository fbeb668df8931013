"""站点备份: dumps of sites and what was done with them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant


class SiteDump(models.Model):
    """One dump of a site, taken before its end or as a copy; or one restoring from a dump.

    A return puts a site that goes on back to what it was; ``reason``: why, in the words of whoever asked;
    ``outcome``: what that does, or would do, to the pages (``backups.settling.Outcome`` as JSON).

    ``tenant``: the site; None until a site is restored under another ``code``. ``step`` with ``done`` of ``total``: how
    far it is while it runs. ``path``: where the file lies on the server; ``bytes``, ``sha256``, ``sm3``: of the file;
    ``tables``, ``rows``, ``files``: what is in it.
    """

    class Kind(models.TextChoices):
        DROP = "drop", _("备份并移除")
        COPY = "copy", _("备份")
        RESTORE = "restore", _("恢复")
        RETURN = "return", _("恢复到过去的状态")
        PREVIEW = "preview", _("预览恢复到过去的状态")

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在进行")
        #: The schema is dropped, its files may not all be removed yet.
        DROPPED = "dropped", _("正在移除文件")
        DONE = "done", _("已完成")
        REFUSED = "refused", _("未执行")

    class Step(models.TextChoices):
        READING = "reading", _("读取内容")
        WRITING = "writing", _("写出文件")
        CHECKING = "checking", _("恢复核对")
        DROPPING = "dropping", _("移除内容")
        REMOVING = "removing", _("移除文件")
        VERIFYING = "verifying", _("核验备份文件")
        BUILDING = "building", _("恢复内容")
        MIGRATING = "migrating", _("升级到当前版本")
        OPENING = "opening", _("登记站点")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), null=True, on_delete=models.PROTECT, related_name="dumps"
    )
    code = models.CharField(_("站点代码"), max_length=40)
    step = models.CharField(_("步骤"), max_length=10, choices=Step.choices, blank=True, default="")
    done = models.PositiveIntegerField(_("完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    path = models.TextField(_("文件"), blank=True, default="")
    bytes = models.BigIntegerField(_("大小（字节）"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    sm3 = models.CharField("SM3", max_length=64, blank=True, default="")
    encrypted = models.BooleanField(_("已加密"), default=False)
    tables = models.PositiveIntegerField(_("表"), default=0)
    rows = models.BigIntegerField(_("行"), default=0)
    files = models.PositiveIntegerField(_("文件数"), default=0)
    reason = models.CharField(_("理由"), max_length=500, blank=True, default="", db_default="")
    outcome = models.JSONField(_("影响"), null=True)
    reasons = models.JSONField(_("未执行的原因"), default=list)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("发起人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField(_("发起时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("站点备份")
        verbose_name_plural = _("站点备份")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["tenant", "kind", "state"], name="dump_of_site")]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"

    @property
    def working(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING, self.State.DROPPED)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.path.rpartition("/")[2]
