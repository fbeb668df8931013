"""In a site that was merged for good the application writes nothing; personal data there ends all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.cases.codes import new_nonce
from govplatform.cases.contact import Contact
from govplatform.cases.models import Case
from govplatform.cases.retention.erasing import count_due, erase_due, erase_merged
from govplatform.cases.retention.holds import hold_data, release_data
from govplatform.cases.tasks import erase_merged_data
from govplatform.tenancy.freezing import SiteFrozen
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.interaction.erasing import ERASED
from sites.interaction.models import PrivateReply
from sites.interviews.models import InterviewPage, Question
from sites.interviews.questions import ask_question, read_question
from sites.surveys.given import Given
from sites.surveys.intake import submit_answer
from sites.surveys.models import Answer, SaidText, Survey
from tests.interviews.conftest import an_interview
from tests.lifecycle.merge.frozen import freeze
from tests.surveys.conftest import live_survey

from .test_life import cleared, handed_in, person

_PERSON = "欧阳测试"


def _merged(code="alpha", into="beta"):
    """The site as the confirmation of a merge leaves it."""
    freeze(code, into)
    merged = Tenant.Status.RETIRED
    Tenant.objects.filter(code=code).update(status=merged, moved_into=get_tenant(into))
    return get_tenant(code)


@pytest.fixture
def filled(desk):
    """On alpha: a question to an interview, words of an answer, an answer that is not public; their terms are over."""
    case, page = handed_in("alpha", kind="report", text=f"{_PERSON}举报")
    cleared(page, "alpha")
    with tenant_context(desk):
        talk = an_interview(slug="old-talk")
        ask_question(talk, read_question(f"{_PERSON}能领吗？", phone="0000-0000001"), nonce=new_nonce())
        survey = live_survey(slug="old-survey")
        given = Given(chosen=[0, 10001], texts={5: f"{_PERSON}建议"}, contact=Contact(name=_PERSON))
        submit_answer(survey, given, nonce=new_nonce(), address="192.0.2.1")
    long_ago = timezone.now() - timedelta(days=31 * 40)
    Case.objects.filter(pk=case.pk).update(ended_at=long_ago)
    with tenant_context(desk):
        InterviewPage.objects.update(starts_at=long_ago)
        Survey.objects.update(closes_at=long_ago)
        Answer.objects.update(answered_on=long_ago.date())
    return case


def _kept():
    with tenant_context(get_tenant("alpha")):
        return (
            Question.objects.filter(forgotten_at=None).count(),
            Answer.objects.exclude(contact=None).count() + SaidText.objects.count(),
            PrivateReply.objects.exclude(title=ERASED).count(),
        )


def test_at_its_term_and_not_before_the_merge_is_final(filled):
    hold_data(filled, acting_user=person("supervisor"), reason="行政诉讼")
    freeze("alpha", "beta")
    # On its way it may be taken back, and is proved row by row.
    assert erase_due() == [] and erase_merged() == [] and _kept() == (1, 2, 1)
    site = _merged()
    assert {(one.holder.code, one.site.code) for one in count_due()} == {
        ("interview-questions", "alpha"), ("survey-answers", "alpha"),
    }  # fmt: skip
    assert erase_due() == []
    done = erase_merged()
    assert {(one.holder.code, one.site.code, one.rows) for one in done} == {
        ("interview-questions", "alpha", 1), ("survey-answers", "alpha", 1),
    }  # fmt: skip
    assert _kept() == (0, 0, 1)
    # What was held goes with its case, when nobody holds it any more.
    release_data(filled, acting_user=person("supervisor"), reason="已结案")
    erase_due()
    assert [(one.holder.code, one.rows) for one in erase_merged()] == [("unshown-replies", 1)]
    assert _kept() == (0, 0, 0) and erase_merged() == [] and count_due() == []
    with tenant_context(site), pytest.raises(SiteFrozen):
        Answer.objects.update(contact=None)


def test_the_owners_worker_does_it(filled):

    _merged()
    assert erase_merged_data.queue == "owner"
    erase_merged_data(0)
    assert _kept()[:2] == (0, 0)
