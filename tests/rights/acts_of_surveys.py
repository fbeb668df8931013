"""Solicitations and what they bring in; on site alpha."""

from datetime import timedelta

from django.utils import timezone

from govplatform.cases.codes import new_nonce
from govplatform.cases.contact import Contact
from sites.surveys import actions, export
from sites.surveys.given import Given
from sites.surveys.intake import submit_answer
from sites.surveys.models import Answer, Survey
from sites.surveys.questions import OPINION
from tests import factories

from .acts import Doing, act


def answered_survey(site: str = "alpha", text: str = "公布名录。") -> Answer:
    """An open solicitation of ``site`` with one opinion, and how its sender is reached; call inside the site."""
    now = timezone.now()
    page = factories.draft_page(
        Survey,
        "news",
        f"{site}_editor",
        survey_kind="solicitation",
        organiser="市林业局",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    given = Given(chosen=[0, OPINION * 10_000], texts={OPINION: text}, contact=Contact("顾客", "0000", ""))
    survey = factories.publish(page, site)
    return submit_answer(survey, given, nonce=new_nonce(), address="192.0.2.1").answer


@act("sites.surveys.actions.pick_saying", may="alpha_editor")
def _pick() -> Doing:
    text = answered_survey().texts.get()
    return lambda who: actions.pick_saying(text.survey, OPINION, text.digest, acting_user=who)


@act("sites.surveys.actions.sort_saying", may="alpha_editor")
def _sort() -> Doing:
    text = answered_survey().texts.get()
    return lambda who: actions.sort_saying(text.survey, OPINION, text.digest, "aside", acting_user=who)


@act("sites.surveys.actions.look_at_answer", may="alpha_editor")
def _look() -> Doing:
    answer = answered_survey()
    return lambda who: actions.look_at_answer(answer, acting_user=who)


@act("sites.surveys.export.export_answers", may="alpha_editor")
def _export() -> Doing:
    survey = answered_survey().survey
    return lambda who: export.export_answers(survey, "csv", acting_user=who)
