"""The questions of a survey as answers know them: numbered, with their options, and a digest of the whole form.

Every option has a code, a number made of question, row and place. An answer is the list of its codes; so it is one row,
and all answers are counted in one pass.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from .blocks import lines_of

#: The number of the opinion that a solicitation asks for; no question has it.
OPINION = 99
#: Characters of an opinion, as of a letter.
LONGEST_OPINION = 5000
_PER_QUESTION, _PER_ROW = 10_000, 100
#: Every answer has it: how often it is found is how many answers there are.
ANSWERED = 0


@dataclass(frozen=True)
class Question:
    """One question. ``options``: also the columns of a matrix and the points of a scale, the lowest first.

    ``most``: how many may be chosen, 0 for any; ``longest``: characters of a text.
    """

    number: int
    kind: str
    text: str
    hint: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    most: int = 0
    low: str = ""
    high: str = ""
    longest: int = 0

    @property
    def name(self) -> str:
        """What its field in the form is called."""
        return f"q{self.number}"

    @property
    def label(self) -> str:
        """How a sentence names it."""
        return self.text if self.number == OPINION else _("第 %(number)d 题") % {"number": self.number}

    def code(self, option: int = 0, row: int = 0) -> int:
        """The code of an option, both counted from 1; without one: of having answered the question at all, where that
        is not told by its options (several choices, a matrix, a text).
        """
        return self.number * _PER_QUESTION + row * _PER_ROW + option


def read_questions(stream: Iterable[Any]) -> list[Question]:
    """Return the questions of a StreamField, numbered from 1."""
    return [_question(number, block.block_type, block.value) for number, block in enumerate(stream, 1)]


def opinion_question(*, required: bool) -> Question:
    """The opinion that is asked for in a solicitation."""
    return Question(OPINION, "text", _("意见和建议"), required=required, longest=LONGEST_OPINION)


def digest_of(questions: Sequence[Question]) -> str:
    """Return what changes with every change of a question: 32 hexadecimal digits."""
    # The words of the opinion are ours and may be said otherwise one day.
    told = [{**asdict(one), "text": "" if one.number == OPINION else one.text} for one in questions]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def _question(number: int, kind: str, value: Any) -> Question:
    options = lines_of(value.get("options", ""))
    if kind == "scale":
        options = [str(point) for point in range(1, int(value.get("points") or 5) + 1)]
    return Question(
        number,
        kind,
        str(value.get("text") or ""),
        hint=str(value.get("hint") or ""),
        required=bool(value.get("required")),
        options=tuple(options),
        rows=tuple(lines_of(value.get("rows", ""))),
        most=int(value.get("most") or 0),
        low=str(value.get("low") or ""),
        high=str(value.get("high") or ""),
        longest=int(value.get("longest") or 0),
    )
