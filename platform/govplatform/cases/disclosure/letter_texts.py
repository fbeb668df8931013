"""答复书: what the letter of each decision says, from its template, and what no version of it may lack.

The words lie in ``letter_texts.toml``: official letters are written in Chinese, whatever the language of the screen.
The name of the applicant is not among them; it is put on the letter when that is made (``delivering.py``).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ..models import Case
from .clock_stops import limit_named

_FILE = Path(__file__).with_name("letter_texts.toml")
#: Terms of the remedies, as the texts name them -> limits of the rule pack.
_TERMS = (
    ("reconsideration", "disclosure_reconsideration"),
    ("suit", "disclosure_suit"),
    ("suit_after", "disclosure_suit_after"),
)
#: In Chinese, as the letter is.
_LANGUAGE = "zh-hans"


@dataclass(frozen=True)
class LetterText:
    """The letter of a decision. ``opening``, ``decided`` (with the legal basis) and ``remedy`` stand around what the
    handler writes.
    """

    title: str
    opening: str
    decided: str
    remedy: str

    def with_particulars(self, particulars: str) -> str:
        """The whole text, without title, name and signature."""
        return "\n\n".join((self.opening, self.decided, particulars, self.remedy))

    def reasons_against(self, text: str) -> list[str]:
        """Why ``text`` is no such letter any more: what the law asks of it was edited out."""
        lacking = [part for part in (self.decided, self.remedy) if part not in text]
        return [_("答复书必须保留这一段：“%(part)s”") % {"part": part} for part in lacking]


def letter_text(case: Case, decision: str) -> LetterText:
    """Return the letter of ``decision`` on ``case``, with the terms of the rule pack of its desk."""
    told = _texts()
    one = told[decision]
    with override(_LANGUAGE):
        terms = {name: str(limit_named(case, limit)) for name, limit in _TERMS}
        remedy = told["remedy_withheld" if one.get("withheld") else "remedy"].format(**terms)
        received = in_words(case.accepted_at or case.submitted_at)
        opening = told["opening"].format(number=case.number, title=case.title, received=received)
    return LetterText(
        title=one["title"],
        opening=opening,
        decided=one["decided"].format(articles=told["regulation"] + one["articles"]),
        remedy=remedy,
    )


def in_words(moment: datetime) -> str:
    """The day of ``moment`` as letters have it."""
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_FILE.read_text(encoding="utf-8")))
