"""What other packages ask of a page before it goes to review, each in a function that it registers once loaded."""

from collections.abc import Callable
from typing import Any

#: Returns sentences on what has to be done first.
Question = Callable[[Any], list[str]]

#: Takes a page and the copy that was made of it.
Follower = Callable[[Any, Any], None]

_questions: list[Question] = []
_followers: list[Follower] = []


def ask_before_review(question: Question) -> None:
    """Ask ``question`` of each content page that is handed in, once however often it is registered."""
    if question not in _questions:
        _questions.append(question)


def follow_copies(follower: Follower) -> None:
    """Call ``follower`` in the transaction in which a content page is copied; what is asked of a page goes with it."""
    if follower not in _followers:
        _followers.append(follower)


def tell_of_copy(page: Any, copy: Any) -> None:
    """Call all registered followers."""
    for follower in _followers:
        follower(page, copy)


def reasons_of_others(page: Any) -> list[str]:
    """Return what all registered questions have against handing in a page."""
    return [reason for question in _questions for reason in question(page)]
