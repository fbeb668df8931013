"""What is removed of a request after its term: who asked, how they are reached, words about people, files.

What the statutory table counts stays, and so does the letter, in which the applicant's name never stood.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import Tenant

from ..kinds import RULES, Kind
from ..models import Case, ClockStop, DisclosureRequest
from ..retention.holders import Holder
from ..retention.letters import ended_cases, erase_cases


def _requests(site: Tenant | None) -> QuerySet[Case]:
    return ended_cases(site).filter(kind=Kind.DISCLOSURE)


def _erase(site: Tenant, keys: Sequence[int]) -> int:
    rows = erase_cases(site, keys)
    of_them = Q(case__in=keys, case__kind=Kind.DISCLOSURE, case__erased_at__isnull=False)
    ClockStop.objects.filter(of_them).update(text="", reply="", third_party=None)
    DisclosureRequest.objects.filter(of_them).update(identity=None, particulars="", delivery_note="")
    return rows


DISCLOSURE_REQUESTS = Holder(
    code="disclosure-requests",
    label=_("依申请公开"),
    goes=_("申请人身份信息和联系方式、申请内容原文、附件、补正、第三方及其意见、送达说明、办理过程中的文字"),
    stays=_("编号、申请人类别、决定类型、状态、日期、站点，答复书（其中没有申请人姓名）"),
    limit=RULES[Kind.DISCLOSURE].kept,
    since="ended_at",
    site_field="desk",
    kept=_requests,
    erase=_erase,
)
