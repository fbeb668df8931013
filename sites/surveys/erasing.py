"""What goes when the term of personal data is over: how a sender is reached, and what was said in words.

What was chosen, and that a question was answered in words, is no personal data: every count stays as it is. What is
public of an opinion stands on the page.
"""

from collections.abc import Sequence

from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.cases.retention.holders import Holder, standing_sites
from govplatform.tenancy.models import Tenant

from .models import Answer, SaidText


def answers_to_forget(_site: Tenant | None = None) -> QuerySet[Answer]:
    """Return the answers of the current site that hold something of a person still.

    Their term runs from ``kept_from``: the end of the survey, or the day of the answer while there is none, for it may
    go on for years, or have been taken down.
    """
    said = Exists(SaidText.objects.filter(answer=OuterRef("pk")))
    kept_from = Case(
        When(survey__live=True, survey__closes_at__lte=timezone.now(), then="survey__closes_at"),
        default=Cast("answered_on", DateTimeField()),
    )
    return Answer.objects.filter(Q(contact__isnull=False) | said).annotate(kept_from=kept_from)


def forget_answers(site: Tenant | None, keys: Sequence[int]) -> int:
    """Remove contact and words of these answers of the current site, inside a transaction; return of how many."""
    found = list(answers_to_forget(site).filter(pk__in=keys).values_list("pk", flat=True))
    Answer.objects.filter(pk__in=found).update(contact=None)
    SaidText.objects.filter(answer__in=found).delete()
    return len(found)


SURVEY_ANSWERS = Holder(
    code="survey-answers",
    label=_("征集调查的答卷"),
    goes=_("联系方式、文字回答"),
    stays=_("选了什么、答了哪几题、日期，公开的意见和采纳情况"),
    limit="survey_answers_kept",
    since="kept_from",
    site_field="",
    kept=answers_to_forget,
    erase=forget_answers,
    sites=standing_sites,
)
