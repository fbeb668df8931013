"""The kinds of cases: one sheet, read by forms, rules, lists and statistics. A new kind is a line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a citizen sends in. The codes are those of verbs and addresses."""

    CONSULTATION = "consultation", _("咨询")
    COMPLAINT = "complaint", _("投诉")
    SUGGESTION = "suggestion", _("建议")
    HELP = "help", _("求助")
    REPORT = "report", _("举报")
    CORRECTION = "correction", _("纠错")
    DISCLOSURE = "disclosure", _("依申请公开")


@dataclass(frozen=True)
class KindRules:
    """What is particular to a kind. ``may_be_public``: its answer may be published when the sender agrees.

    ``acceptance``, ``answer``, ``extension``, ``kept``: names of the limits in the rule pack, the last of what it holds
    of people when it has ended; no ``extension``: its limit is never extended. ``written``: sent as a letter; other
    kinds have a form of their own. ``forwarded``: accepted by passing it on, in one act. ``decided``: ends with a
    decision and its letter alone, and is never joined or closed.
    """

    explained: str | Promise
    may_be_public: bool = True
    acceptance: str = "case_acceptance"
    answer: str = "case_answer"
    extension: str = "case_extension"
    written: bool = True
    forwarded: bool = False
    decided: bool = False
    kept: str = "letters_kept"


RULES: Mapping[str, KindRules] = MappingProxyType(
    {
        Kind.CONSULTATION: KindRules(_("询问政策、办事程序和公共服务")),
        Kind.COMPLAINT: KindRules(_("对服务和管理不满意，要求处理")),
        Kind.SUGGESTION: KindRules(_("对政府工作提出意见和建议")),
        Kind.HELP: KindRules(_("遇到困难，请求帮助解决")),
        Kind.REPORT: KindRules(_("反映违法违纪行为，内容一律不公开"), may_be_public=False),
        # 我为政府网站找错; what else belongs to one stands in models/error_report.py.
        Kind.CORRECTION: KindRules(
            _("网站内容有错、链接打不开、信息过时"),
            acceptance="error_forwarding",
            answer="error_answer",
            extension="",
            written=False,
            forwarded=True,
            kept="error_reports_kept",
        ),
        # What else belongs to one stands in models/disclosure.py.
        Kind.DISCLOSURE: KindRules(
            _("向行政机关申请获取政府信息"),
            may_be_public=False,
            acceptance="disclosure_acceptance",
            answer="disclosure_answer",
            extension="disclosure_extension",
            written=False,
            decided=True,
            kept="disclosure_requests_kept",
        ),
    }
)
#: Kinds that are written as letters.
WRITTEN = tuple(kind for kind, rules in RULES.items() if rules.written)
