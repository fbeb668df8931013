"""静态发布: what of each site lies as files, of which release, and what has changed since."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User
from govplatform.tenancy.models import Tenant

from .verifying.words import done_words, fault_words


class SiteDelivery(models.Model):
    """The state of one site. ``host``: under which its files lie, '' before the first release and after the last.

    ``sequence``: of its newest release; ``taken_out``: the number under which files were last taken out before a
    release said so, 0 for never. Numbers are given once, to the one or the other. ``whole``: whether everything is to
    be rendered again, and ``done`` of ``total`` while it is; ``error``: what the last try ended with, '' when it went
    well.
    """

    tenant = models.OneToOneField(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, primary_key=True, related_name="delivery"
    )
    host = models.CharField(_("域名"), max_length=253, blank=True, default="")
    sequence = models.BigIntegerField(_("版本号"), default=0)
    taken_out = models.BigIntegerField(_("先行撤下的编号"), default=0)
    depth = models.PositiveSmallIntegerField(_("分区位数"), default=0)
    whole = models.BooleanField(_("需要全站生成"), default=True)
    total = models.PositiveIntegerField(_("待生成"), default=0)
    done = models.PositiveIntegerField(_("已生成"), default=0)
    error = models.CharField(_("最近一次失败的原因"), max_length=500, blank=True, default="")
    signed_at = models.DateTimeField(_("签署时间"), null=True)

    class Meta:
        verbose_name = _("站点静态发布")
        verbose_name_plural = _("站点静态发布")

    @property
    def number(self) -> int:
        """The newest number that was given on the site."""
        return max(self.sequence, self.taken_out)


class DownList(models.Model):
    """The one row that numbers the lists of what came down and no release says yet (``release.taken_down``)."""

    ONE = 1

    sequence = models.BigIntegerField(_("撤下清单号"), default=0)

    class Meta:
        verbose_name = _("撤下清单")
        verbose_name_plural = _("撤下清单")


class SiteRelease(models.Model):
    """One release of a site. ``written``: files that differ from the one before; ``reason``: why it was made."""

    class Cause(models.TextChoices):
        CHANGE = "change", _("信息变动")
        TAKEN_DOWN = "taken_down", _("撤下")
        WHOLE = "whole", _("全站生成")
        ROLLED_BACK = "rolled_back", _("退回以前的版本")
        CLOSED = "closed", _("网站停止服务")

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="releases", db_index=False
    )
    sequence = models.BigIntegerField(_("版本号"))
    cause = models.CharField(_("原因"), max_length=12, choices=Cause.choices)
    reason = models.CharField(_("说明"), max_length=500, blank=True, default="")
    files = models.PositiveIntegerField(_("文件数"))
    bytes = models.BigIntegerField(_("大小（字节）"))
    written = models.PositiveIntegerField(_("写入的文件"))
    withheld = models.PositiveIntegerField(_("未恢复的文件"), default=0)
    signed_at = models.DateTimeField(_("签署时间"))

    class Meta:
        verbose_name = _("静态版本")
        verbose_name_plural = _("静态版本")
        ordering = ["-sequence"]
        constraints = [models.UniqueConstraint(fields=["tenant", "sequence"], name="release_once")]


class DeliveredFile(models.Model):
    """What an address answered in the releases ``since`` to before ``until`` (None: still).

    ``headers``: digest in the store of the headers that it was answered with, '' where they are not kept.
    ``address``: as the ledger has it. ``place``: where the file lies, '' for an answer that the application gives by
    itself (a redirect, a type that is not sent). ``part``: the digits of its part. ``reads``: what it was made of
    (``reads.key_of``). ``good_until``: when it says something else by itself; of what was taken out and has no page yet
    that says so (``GONE``, without a place), since then.
    """

    GONE = 410

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    address = models.TextField(_("网址"))
    place = models.TextField(_("位置"), blank=True, default="")
    part = models.CharField(_("分区"), max_length=3)
    status = models.PositiveSmallIntegerField(_("状态码"))
    size = models.BigIntegerField(_("大小（字节）"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, default="")
    sm3 = models.CharField(_("SM3"), max_length=64, blank=True, default="")
    gzip = models.CharField(_("压缩后的 SHA-256"), max_length=64, blank=True, default="")
    gzip_size = models.BigIntegerField(_("压缩后的大小（字节）"), default=0)
    brotli = models.CharField(_("Brotli 压缩后的 SHA-256"), max_length=64, blank=True, default="")
    brotli_size = models.BigIntegerField(_("Brotli 压缩后的大小（字节）"), default=0)
    type = models.CharField(_("类型"), max_length=100, blank=True, default="")
    reads = ArrayField(models.TextField(), verbose_name=_("取自"), default=list)
    good_until = models.DateTimeField(_("有效至"), null=True)
    headers = models.CharField(_("应答头的 SHA-256"), max_length=64, blank=True, default="", db_default="")
    since = models.BigIntegerField(_("起始版本"))
    until = models.BigIntegerField(_("终止版本"), null=True)

    class Meta:
        verbose_name = _("静态文件")
        verbose_name_plural = _("静态文件")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "address"], condition=models.Q(until__isnull=True), name="delivered_address_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "part"], condition=models.Q(until__isnull=True), name="delivered_part"),
            models.Index(fields=["tenant", "until"], name="delivered_until"),
            models.Index(
                fields=["good_until"],
                condition=models.Q(until__isnull=True, good_until__isnull=False),
                name="delivered_good_until",
            ),
            GinIndex(fields=["reads"], condition=models.Q(until__isnull=True), name="delivered_reads"),
        ]


class Change(models.Model):
    """Something that citizens see has changed and is not in a release yet. ``reads``: keys as in DeliveredFile.

    ``everything``: the whole site is to be rendered again. ``down``: something came down, which goes before all else.
    ``back_to``: number of the release to which a person wants to go back, for ``reason``. ``early``: citizens see it
    already, while the site is rendered as a whole or waits for that; it is looked at once more afterwards.
    """

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    reads = ArrayField(models.TextField(), verbose_name=_("变动"), default=list)
    everything = models.BooleanField(_("全站"), default=False)
    down = models.BooleanField(_("撤下"), default=False)
    early = models.BooleanField(_("已先行更新"), default=False)
    page = models.BigIntegerField(_("信息页编号"), null=True)
    back_to = models.BigIntegerField(_("退回到版本"), null=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True, default="")
    made_at = models.DateTimeField(_("发生时间"))

    class Meta:
        verbose_name = _("待发布的变动")
        verbose_name_plural = _("待发布的变动")
        indexes = [models.Index(fields=["tenant", "id"], name="change_of_site")]


class TamperFinding(models.Model):
    """One thing that a verifier found, as it said it. ``tenant``: the site that has ``host`` today, if one has.
    ``node``: the front node whose verifier it was, '' for our own.

    ``fault``, ``done``: codes of ``verifying.faults``, no other ones. ``found_at``: by the verifier's clock, None where
    it said none; ``taken_in_at``: by ours. ``settled_at``: when an operator wrote down what was done about it.
    """

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("站点"), on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    node = models.CharField(_("节点"), max_length=63, blank=True, default="", db_default="")
    host = models.CharField(_("域名"), max_length=253, blank=True, default="")
    place = models.CharField(_("位置"), max_length=500, blank=True, default="")
    fault = models.CharField(_("问题"), max_length=16)
    done = models.CharField(_("处理"), max_length=16, blank=True, default="")
    detail = models.CharField(_("系统说明"), max_length=300, blank=True, default="")
    found_at = models.DateTimeField(_("发现时间"), null=True)
    taken_in_at = models.DateTimeField(_("登记时间"))
    settled_at = models.DateTimeField(_("处置时间"), null=True)
    settled_by = models.ForeignKey(
        User, verbose_name=_("处置人"), on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    note = models.CharField(_("处置说明"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("静态页面被改动的记录")
        verbose_name_plural = _("静态页面被改动的记录")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(settled_at__isnull=True), name="finding_unsettled"),
            models.Index(fields=["tenant", "-id"], name="finding_of_site"),
            models.Index(fields=["node", "-id"], name="finding_of_node"),
        ]

    @property
    def where(self) -> str:
        return "/".join(part for part in (self.host, self.place) if part)

    @property
    def where_words(self) -> str:
        if not self.node:
            return self.where or "/"
        return _t("节点 %(node)s 的 %(where)s") % {"node": self.node, "where": self.where or "/"}

    @property
    def fault_words(self) -> str:
        return fault_words(self.fault)

    @property
    def done_words(self) -> str:
        return done_words(self.done)


class SpoolRead(models.Model):
    """How far a verifier's file of findings was read: so many bytes of the file with that number.

    ``node``: on which front node, '' for our own; ``is_unsafe``: whether it could not be believed the last time.
    """

    node = models.CharField(_("节点"), max_length=63, blank=True, default="", db_default="", unique=True)
    file = models.BigIntegerField(_("文件"), default=0)
    offset = models.BigIntegerField(_("已读字节"), default=0)
    is_unsafe = models.BooleanField(_("不可信"), default=False)

    class Meta:
        verbose_name = _("核验记录的读取位置")
        verbose_name_plural = _("核验记录的读取位置")


class FrontNode(models.Model):
    """A server elsewhere that sends the same files. ``reached_at``: when it last answered; ``error``: what the last
    try ended with, '' when it went well.

    ``heard_at``: when it last said what its verifier found, ``unheard``: why it does not; ``verifier_at``,
    ``swept_at``: when its verifier wrote last and had looked at everything, by our clock; ``clock_off``: seconds that
    its own is ahead.
    """

    name = models.CharField(_("节点"), max_length=63, unique=True)
    reached_at = models.DateTimeField(_("最近一次应答"), null=True)
    error = models.CharField(_("最近一次失败的原因"), max_length=500, blank=True, default="")
    heard_at = models.DateTimeField(_("最近一次取回核验结果"), null=True)
    unheard = models.CharField(_("没有取回核验结果的原因"), max_length=500, blank=True, default="", db_default="")
    verifier_at = models.DateTimeField(_("核验程序最近一次记录"), null=True)
    swept_at = models.DateTimeField(_("最近一次全部核对"), null=True)
    clock_off = models.BigIntegerField(_("时钟偏差（秒）"), default=0, db_default=0)

    class Meta:
        verbose_name = _("前端节点")
        verbose_name_plural = _("前端节点")
        ordering = ["name"]


class NodeRelease(models.Model):
    """What a node accepted last for a host: ``sequence`` of the site's release, with so many ``files``."""

    node = models.ForeignKey(FrontNode, verbose_name=_("节点"), on_delete=models.CASCADE, related_name="releases")
    host = models.CharField(_("域名"), max_length=253)
    sequence = models.BigIntegerField(_("版本号"))
    files = models.PositiveIntegerField(_("文件数"))
    accepted_at = models.DateTimeField(_("接收时间"))

    class Meta:
        verbose_name = _("节点静态版本")
        verbose_name_plural = _("节点静态版本")
        constraints = [models.UniqueConstraint(fields=["node", "host"], name="node_release_once")]
