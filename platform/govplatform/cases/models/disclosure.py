"""依申请公开: what a request for information has besides its case, and what stops its clock."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .case import Case


class Applicant(models.TextChoices):
    """Who asks. The codes are those of the statutory table, of forms and of verbs."""

    PERSON = "person", _("自然人")
    COMPANY = "company", _("商业企业")
    RESEARCH = "research", _("科研机构")
    WELFARE = "welfare", _("社会公益组织")
    LAW = "law", _("法律服务机构")
    OTHERS = "others", _("其他组织")


class Medium(models.TextChoices):
    """In which form the information is wanted."""

    ELECTRONIC = "electronic", _("电子文本")
    PAPER = "paper", _("纸质")
    DISC = "disc", _("光盘")


class Way(models.TextChoices):
    """By which way information and letter are received."""

    ONLINE = "online", _("网上查询")
    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮寄")
    COLLECTED = "collected", _("当面领取")


class Decision(models.TextChoices):
    """What was decided. Each is a row of the statutory table.

    《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）.
    """

    GRANTED = "granted", _("予以公开")
    PARTLY = "partly", _("部分公开")
    SECRET = "secret", _("不予公开：属于国家秘密")
    FORBIDDEN = "forbidden", _("不予公开：其他法律行政法规禁止公开")
    STABILITY = "stability", _("不予公开：危及“三安全一稳定”")
    THIRD_PARTY = "third_party", _("不予公开：保护第三方合法权益")
    INTERNAL = "internal", _("不予公开：属于三类内部事务信息")
    PROCESS = "process", _("不予公开：属于四类过程性信息")
    ENFORCEMENT = "enforcement", _("不予公开：属于行政执法案卷")
    INQUIRY = "inquiry", _("不予公开：属于行政查询事项")
    NOT_HELD = "not_held", _("无法提供：本机关不掌握相关政府信息")
    TO_BE_MADE = "to_be_made", _("无法提供：没有现成信息需要另行制作")
    UNCLEAR = "unclear", _("无法提供：补正后申请内容仍不明确")
    COMPLAINT = "complaint", _("不予处理：信访举报投诉类申请")
    REPEATED = "repeated", _("不予处理：重复申请")
    PUBLICATION = "publication", _("不予处理：要求提供公开出版物")
    TOO_OFTEN = "too_often", _("不予处理：无正当理由大量反复申请")
    CONFIRMATION = "confirmation", _("不予处理：要求行政机关确认或重新出具已获取信息")
    NOT_COMPLETED = "not_completed", _("其他处理：逾期不补正")
    NOT_PAID = "not_paid", _("其他处理：逾期未缴费")
    OTHERWISE = "otherwise", _("其他处理：其他")


class DisclosureRequest(models.Model):
    """A request for information, one to one with its case, whose title and text say what is wanted.

    ``identity``: who asks, encrypted (``disclosure/identity.py``), None after its term. ``document_number``: of the
    document that is wanted, where it is known. ``decision``: '' until an answer was written; ``particulars``: what the
    handler wrote of it, which stands inside the letter. ``delivered_at``, ``delivered_by_way``, ``delivery_note``: when
    and how the letter reached the applicant, and the number of its parcel or who signed for it.
    """

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="disclosure")
    applicant = models.CharField(_("申请人类别"), max_length=12, choices=Applicant.choices)
    identity = models.BinaryField(_("申请人身份信息"), null=True)
    document_number = models.CharField(_("文号"), max_length=120, blank=True)
    medium = models.CharField(_("提供方式"), max_length=12, choices=Medium.choices)
    way = models.CharField(_("获取方式"), max_length=12, choices=Way.choices)
    decision = models.CharField(_("决定类型"), max_length=16, choices=Decision.choices, blank=True)
    particulars = models.TextField(_("答复的具体内容"), blank=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    delivered_by_way = models.CharField(_("送达方式"), max_length=12, choices=Way.choices, blank=True)
    delivery_note = models.CharField(_("送达说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("依申请公开")
        verbose_name_plural = _("依申请公开")

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_applicant_display()}"


class ClockStop(models.Model):
    """A time during which the clock of a request stands still; at most one of a case is open.

    ``until``: when it ends by itself; ``left``: working days that were left of the limit when it began, None where the
    limit begins anew (completing, paying) or was over. ``text``: what the applicant or the third party is asked;
    ``third_party``: who it is, encrypted. ``reply``: what the third party said.
    """

    class Kind(models.TextChoices):
        COMPLETION = "completion", _("补正")
        THIRD_PARTY = "third_party", _("征求第三方意见")
        FEE = "fee", _("缴费")

    class Outcome(models.TextChoices):
        COMPLETED = "completed", _("已补正")
        AGREED = "agreed", _("同意公开")
        OBJECTED = "objected", _("不同意公开")
        PAID = "paid", _("已缴费")
        LAPSED = "lapsed", _("逾期")

    case = models.ForeignKey(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="clock_stops")
    kind = models.CharField(_("事由"), max_length=12, choices=Kind.choices)
    began_at = models.DateTimeField(_("开始时间"))
    until = models.DateTimeField(_("截止时间"))
    left = models.PositiveSmallIntegerField(_("剩余工作日"), null=True)
    text = models.TextField(_("说明"))
    third_party = models.BinaryField(_("第三方"), null=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2, null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices, blank=True)
    reply = models.TextField(_("第三方意见"), blank=True)

    class Meta:
        verbose_name = _("期限中止")
        verbose_name_plural = _("期限中止")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="case_one_clock_stop"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"

    @property
    def is_running(self) -> bool:
        """Whether what it waits for may still come in time."""
        return self.ended_at is None and self.until >= timezone.now()

    @property
    def has_lapsed(self) -> bool:
        """Whether its time went by and nothing came."""
        return self.outcome == self.Outcome.LAPSED or (self.ended_at is None and self.until < timezone.now())
