"""What letters and reports of errors hold of a person, and what of them stays.

Numbers, states, days, sites, kinds, grades and what is public stay, so every statistic is the same afterwards.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.locks.holding import locking
from govplatform.tenancy.models import Tenant

from ..kinds import RULES, Kind, KindRules
from ..models import Attachment, Case, CaseHold, CaseStep, ErrorReport, Judgement, Opinion, Supplement
from .holders import Holder

State, Act = Case.State, CaseStep.Act
#: Steps whose reason is a number or the name of a site or unit; of all others it is somebody's words, or a file's name.
_SAFE_REASONS = (Act.JOINED, Act.CONSULTED, Act.OPINION, Act.RECALLED)


def ended_cases(site: Tenant | None) -> QuerySet[Case]:
    """The cases of a desk that have ended, still hold what was sent in, and are not held back."""
    found = Case.objects.filter(erased_at=None, state__in=(State.REPLIED, State.CLOSED), ended_at__isnull=False)
    found = found.exclude(pk__in=CaseHold.objects.values("case"))
    return found.filter(desk=site) if site is not None else found


def erase_cases(site: Tenant, keys: Sequence[int]) -> int:
    """Remove what these cases of ``site`` hold of people; return how many there were."""
    list(locking(Case.objects.filter(pk__in=keys)).values_list("pk"))
    # Behind the locks: one of them may be held back by now.
    found = list(ended_cases(site).filter(pk__in=keys).values_list("pk", flat=True))
    now, of_them = timezone.now(), Q(case__in=found)
    Attachment.objects.filter(of_them).delete()
    Supplement.objects.filter(of_them).update(text="")
    Judgement.objects.filter(of_them).update(words="")
    Opinion.objects.filter(of_them).update(note="", text="", token_hash="")
    CaseStep.objects.filter(of_them).exclude(act__in=_SAFE_REASONS).update(reason="")
    ErrorReport.objects.filter(of_them).update(prepared_answer="", hidden_reason="")
    # What is public is public: of its answer the case keeps a copy.
    Case.objects.filter(pk__in=found, published_path="").update(answer="")
    Case.objects.filter(pk__in=found).update(
        title="", text="", contact=None, content="", closing_reason="", erased_at=now
    )
    CaseStep.objects.bulk_create([CaseStep(case_id=key, act=Act.ERASED, at=now) for key in found])
    return len(found)


def _letters(site: Tenant | None) -> QuerySet[Case]:
    return ended_cases(site).exclude(kind__in=(Kind.CORRECTION, Kind.DISCLOSURE))


def _error_reports(site: Tenant | None) -> QuerySet[Case]:
    return ended_cases(site).filter(kind=Kind.CORRECTION)


LETTERS = Holder(
    code="letters",
    label=_("来信"),
    goes=_("标题和内容原文、补充、联系方式、附件、不公开的答复、会办意见、评价的文字、办理过程中的文字"),
    stays=_("编号、类别、状态、日期、站点、满意度，公开的答复及其遮盖后的问题"),
    limit=KindRules.kept,
    since="ended_at",
    site_field="desk",
    kept=_letters,
    erase=erase_cases,
)
ERROR_REPORTS = Holder(
    code="error-reports",
    label=_("纠错"),
    goes=_("问题描述原文、联系方式、没有公开的答复、办理过程中的文字"),
    stays=_("编号、问题网址和类型、状态、日期、站点，公开的答复及其遮盖后的问题"),
    limit=RULES[Kind.CORRECTION].kept,
    since="ended_at",
    site_field="desk",
    kept=_error_reports,
    erase=erase_cases,
)
