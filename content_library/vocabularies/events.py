"""Events of vocabularies; what follows from each stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from .models import Term


@dataclass(frozen=True)
class TermChanged(Event):
    """The event that a word of a vocabulary is another one, stands elsewhere or answers for other codes.

    ``codes``: of this and other terms of its vocabulary, of which readers may see something else.
    """

    term: Term
    codes: tuple[str, ...]
