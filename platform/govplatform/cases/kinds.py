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


@dataclass(frozen=True)
class KindRules:
    """What is particular to a kind. ``may_be_public``: its answer may be published when the sender agrees.

    ``acceptance``, ``answer``, ``extension``: names of the limits in the rule pack.
    """

    explained: str | Promise
    may_be_public: bool = True
    acceptance: str = "case_acceptance"
    answer: str = "case_answer"
    extension: str = "case_extension"


RULES: Mapping[str, KindRules] = MappingProxyType(
    {
        Kind.CONSULTATION: KindRules(_("询问政策、办事程序和公共服务")),
        Kind.COMPLAINT: KindRules(_("对服务和管理不满意，要求处理")),
        Kind.SUGGESTION: KindRules(_("对政府工作提出意见和建议")),
        Kind.HELP: KindRules(_("遇到困难，请求帮助解决")),
        Kind.REPORT: KindRules(_("反映违法违纪行为，内容一律不公开"), may_be_public=False),
    }
)
