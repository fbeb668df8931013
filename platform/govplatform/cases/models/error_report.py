"""纠错: what a report of an error on a page has besides its case."""

from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from .case import Case


class ErrorKind(models.TextChoices):
    """What is wrong. The codes are those of verbs and forms."""

    CONTENT = "content", _("内容错误")
    LINK = "link", _("链接错误")
    UNREACHABLE = "unreachable", _("无法访问")
    STALE = "stale", _("信息不更新")
    BROKEN = "broken", _("功能不可用")
    OTHER = "other", _("其他")


#: Words that tables of the national platform have for them, besides our own labels.
NATIONAL_WORDS = MappingProxyType(
    {
        "内容不准确": ErrorKind.CONTENT,
        "错别字": ErrorKind.CONTENT,
        "虚假伪造内容": ErrorKind.CONTENT,
        "内容无法访问": ErrorKind.UNREACHABLE,
        "咨询留言不回复": ErrorKind.OTHER,
    }
)


class ErrorReport(models.Model):
    """A report of an error, one to one with its case.

    ``url``: the address as it was given, whole; ``page_title``: of it as the ledger had it, '' where it had none.
    ``site``: whose address it is, None for a host that the platform does not know (from a table alone).
    ``national_number``: of the national platform, None for what was reported here; ``national_at``: when it came in
    there. ``hidden_reason``: why it is not published although reports are.

    A correction of the page that answers it: ``corrected_site`` and ``corrected_page`` (number in its schema) while
    there is one; ``prepared_answer``: what is sent with its clearance; ``shown_question``: what citizens read of the
    question, masked, as whoever cleared the answer has read it.
    """

    case = models.OneToOneField(Case, verbose_name=_("来信"), on_delete=models.CASCADE, related_name="error_report")
    error_kind = models.CharField(_("问题类型"), max_length=12, choices=ErrorKind.choices)
    url = models.CharField(_("问题网址"), max_length=500)
    page_title = models.CharField(_("页面标题"), max_length=255, blank=True)
    site = models.ForeignKey(
        Tenant, verbose_name=_("问题网站"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    national_number = models.CharField(_("国家平台编号"), max_length=40, null=True, unique=True)
    national_at = models.DateTimeField(_("国家平台提交时间"), null=True)
    hidden_reason = models.TextField(_("不公开的理由"), blank=True)
    corrected_site = models.ForeignKey(
        Tenant, verbose_name=_("更正站点"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    corrected_page = models.BigIntegerField(_("更正的页面"), null=True)
    prepared_answer = models.TextField(_("更正后的答复"), blank=True)
    shown_question = models.TextField(_("公开的问题"), blank=True)

    class Meta:
        verbose_name = _("纠错")
        verbose_name_plural = _("纠错")
        indexes = [
            models.Index(
                fields=["corrected_site", "corrected_page"],
                condition=models.Q(corrected_page__isnull=False),
                name="error_report_corrected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_error_kind_display()} {self.url}"
