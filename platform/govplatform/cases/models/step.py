"""办理过程: what was done with a case, by whom, when and why. Rows are added and never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .case import Case


class CaseStep(models.Model):
    """One step of a case. ``person`` None: its sender, or the platform. ``organisation``: to which it was passed."""

    class Act(models.TextChoices):
        SUBMITTED = "submitted", _("来信")
        ACCEPTED = "accepted", _("受理")
        ASSIGNED = "assigned", _("交办")
        TAKEN = "taken", _("接办")
        RETURNED = "returned", _("退回")
        EXTENDED = "extended", _("延期")
        HANDED_IN = "handed_in", _("答复送审")
        GIVEN_BACK = "given_back", _("答复退回修改")
        REPLIED = "replied", _("答复")
        CLOSED = "closed", _("办结")
        LOOKED = "looked", _("查看联系方式")
        CORRECTING = "correcting", _("打开更正稿")
        DROPPED = "dropped", _("不以更正答复")
        HIDDEN = "hidden", _("定为不公开")
        OPENED = "opened", _("打开附件")
        SUPPLEMENTED = "supplemented", _("来信人补充")
        JUDGED = "judged", _("来信人评价")
        JOINED = "joined", _("并案")
        PARTED = "parted", _("撤销并案")
        ABUSED = "abused", _("按滥用办结")
        CONSULTED = "consulted", _("征求意见")
        OPINION = "opinion", _("提出意见")
        RECALLED = "recalled", _("收回征求意见")
        HANDED_OVER = "handed_over", _("移交受理")
        RESTORED = "restored", _("撤销滥用标记")
        # Of requests for information alone.
        COMPLETING = "completing", _("通知补正")
        COMPLETED = "completed", _("收到补正")
        ASKED_THIRD = "asked_third", _("征求第三方意见")
        HEARD_THIRD = "heard_third", _("收到第三方意见")
        CHARGED = "charged", _("通知缴费")
        PAID = "paid", _("收到费用")
        IDENTIFIED = "identified", _("查看身份信息")
        LETTER = "letter", _("下载答复书")
        DELIVERED = "delivered", _("送达")
        HELD = "held", _("暂缓删除个人信息")
        RELEASED = "released", _("不再暂缓删除个人信息")
        ERASED = "erased", _("个人信息到期删除")

    case = models.ForeignKey(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(_("步骤"), max_length=12, choices=Act.choices)
    at = models.DateTimeField(_("时间"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("经手人"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Tenant, verbose_name=_("办理站点"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = _("办理过程")
        verbose_name_plural = _("办理过程")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_act_display()}"
