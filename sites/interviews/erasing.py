"""What goes of a question to an interview when its term is over: who asked, and what was typed."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.cases.retention.holders import Holder, standing_sites
from govplatform.locks.holding import locking
from govplatform.tenancy.models import Tenant

from .models import Question


def personal_questions(_site: Tenant | None = None) -> QuerySet[Question]:
    """The questions of the current site that still tell who asked, and whose interview has begun."""
    return Question.objects.filter(forgotten_at=None, page__starts_at__lt=timezone.now())


def forget_questions(site: Tenant, keys: Sequence[int]) -> int:
    """Remove who asked and what was typed from these questions; returns of how many.

    The masked question and what became of it stay. Inside the schema of ``site``, in a transaction that holds its
    chain.
    """
    held = [one.pk for one in locking(personal_questions(site).filter(pk__in=keys)).only("pk")]
    return Question.objects.filter(pk__in=held).update(
        text="", contact=None, content="", forgotten_at=timezone.now()
    )  # fmt: skip


INTERVIEW_QUESTIONS = Holder(
    code="interview-questions",
    label=_("访谈的网友提问"),
    goes=_("提问原文、联系方式"),
    stays=_("遮盖后的问题、处理结果和理由、日期"),
    limit="interview_questions_kept",
    since="page__starts_at",
    site_field="",
    kept=personal_questions,
    erase=forget_questions,
    sites=standing_sites,
)
