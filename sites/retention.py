"""The sheet of what holds personal data: each kind with its term, what is due of it, and what removes it.

Carried out from top to bottom each night (``govplatform.cases.retention``): rows that follow others stand behind them.
"""

from govplatform.cases.disclosure.erasing import DISCLOSURE_REQUESTS
from govplatform.cases.retention.holders import Holder
from govplatform.cases.retention.letters import ERROR_REPORTS, LETTERS

from .interaction.erasing import UNSHOWN_REPLIES
from .interviews.erasing import INTERVIEW_QUESTIONS
from .surveys.erasing import SURVEY_ANSWERS

SHEET: tuple[Holder, ...] = (
    LETTERS,
    ERROR_REPORTS,
    DISCLOSURE_REQUESTS,
    UNSHOWN_REPLIES,
    INTERVIEW_QUESTIONS,
    SURVEY_ANSWERS,
)
