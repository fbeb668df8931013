"""All answers as a table: a row for each, a column for each question. No cell becomes a formula; contacts stay out."""

from collections.abc import Iterator
from itertools import count

from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import CONTENT_TYPES, write_table

from .models import Answer, SaidText, Survey
from .permissions import require_reader
from .questions import Question

#: Read from the database at a time.
_AT_ONCE = 2000
_SEPARATOR = "；"
#: A workbook takes ten times as long as a text file; whoever waits at a screen sees an end.
MOST_XLSX = 20_000
#: Answers of one file: it is made in memory, and sent as one.
MOST = 200_000


def export_answers(survey: Survey, kind: str, *, acting_user: User | None) -> tuple[bytes, int]:
    """Return the answers as ``csv`` or ``xlsx``, and how many they are; it is recorded. None is the shell.

    Answers to an earlier form of the questions are not among them. Raises Refused.
    """
    if kind not in CONTENT_TYPES:
        raise Refused(_("导出文件的名称要以 .csv 或 .xlsx 结尾。"))
    require_reader(acting_user, survey)
    answers = Answer.objects.filter(survey=survey.pk, questions=survey.questions_digest)
    if answers[: MOST + 1].count() > MOST:
        raise Refused(_("答卷超过 %(most)d 份，一次导不完，请联系平台运维人员从数据库导出。") % {"most": MOST})
    if kind == "xlsx" and answers[: MOST_XLSX + 1].count() > MOST_XLSX:
        raise Refused(_("答卷超过 %(most)d 份，请导出 CSV（表格软件可以打开）。") % {"most": MOST_XLSX})
    # Made before the chain is held: a hundred thousand rows take seconds, and others work here meanwhile.
    questions, made = survey.asked, count(-1)

    def counted() -> Iterator[list[str]]:
        for row in _rows(survey, questions):
            next(made)
            yield row

    widths = [8, 12, *(30 for one in questions for _column in _headings(one))]
    table = write_table(counted(), kind, sheet=_("答卷"), widths=widths)
    rows = next(made)
    with acting(acting_user, frozen_too=True):
        require_reader(acting_user, survey)
        record_act("survey.export", acting_user=acting_user, obj=survey, detail={"rows": rows, "kind": kind})
    return table, rows


# --- inside ------------------------------------------------------------------------------


def _headings(question: Question) -> list[str]:
    if question.kind == "matrix":
        return [f"{question.text}：{row}" for row in question.rows]
    return [question.text]


def _rows(survey: Survey, questions: list[Question]) -> Iterator[list[str]]:
    yield [_("序号"), _("日期"), *(heading for one in questions for heading in _headings(one))]
    width, options, columns_of_texts = _columns(questions)
    last, number = 0, 0
    while True:
        # By key and not by offset: each part is read once.
        part = list(
            Answer.objects.filter(survey=survey.pk, questions=survey.questions_digest, pk__gt=last)
            .order_by("pk")
            .only("pk", "answered_on", "chosen")[:_AT_ONCE]
        )
        if not part:
            return
        last = part[-1].pk
        texts: dict[int, list[tuple[int, str]]] = {}
        said = SaidText.objects.filter(answer__in=[one.pk for one in part]).values_list("answer", "question", "text")
        for key, question, text in said:
            texts.setdefault(key, []).append((question, text))
        for answer in part:
            number += 1
            cells = [""] * width
            for code in answer.chosen:
                if code in options:
                    column, label = options[code]
                    cells[column] = f"{cells[column]}{_SEPARATOR}{label}" if cells[column] else label
            for question, text in texts.get(answer.pk, ()):
                cells[columns_of_texts[question]] = text
            yield [str(number), answer.answered_on.isoformat(), *cells]


def _columns(questions: list[Question]) -> tuple[int, dict[int, tuple[int, str]], dict[int, int]]:
    """How many columns there are; code of an option -> its column and words; question in words -> its column."""
    options: dict[int, tuple[int, str]] = {}
    texts: dict[int, int] = {}
    column = 0
    for question in questions:
        if question.kind == "text":
            texts[question.number] = column
        rows = range(1, len(question.rows) + 1) if question.kind == "matrix" else (0,)
        for row in rows:
            options.update((question.code(n, row), (column, label)) for n, label in enumerate(question.options, 1))
            column += 1
    return column, options, texts
