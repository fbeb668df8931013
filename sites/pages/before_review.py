"""What other packages ask of a page before it goes to review, each in a function that it registers once loaded."""

from collections.abc import Callable
from typing import Any

#: Returns sentences on what has to be done first.
Question = Callable[[Any], list[str]]

_questions: list[Question] = []


def ask_before_review(question: Question) -> None:
    """Ask ``question`` of each content page that is handed in, once however often it is registered."""
    if question not in _questions:
        _questions.append(question)


def reasons_of_others(page: Any) -> list[str]:
    """Return what all registered questions have against handing in a page."""
    return [reason for question in _questions for reason in question(page)]
