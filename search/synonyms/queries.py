"""Synonyms that answer a question, and the groups for a list."""

from django.db.models import Q, QuerySet

from govplatform.ways_of_writing import ways_of_writing, words_looked_for

from ..asking.parsing import Asked
from ..asking.synonyms import Synonyms, forms_within, other_words
from ..models import SynonymGroup

#: Groups of one question; the others of a list that somebody overdid are left out.
_MOST_GROUPS = 20


def synonyms_for(
    asked: Asked, *, without: int | None = None, besides: Synonyms | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the other words for a question, by its folded words; one statement over an index, none without words.

    ``without``: the key of a group that is to be thought away; ``besides``: one that is not kept yet.
    """
    forms = forms_within(asked)
    if not forms:
        return {}
    rows = SynonymGroup.objects.filter(enabled=True, forms__overlap=sorted(forms)).order_by("pk")
    if without is not None:
        rows = rows.exclude(pk=without)
    groups = [as_synonyms(row) for row in rows[:_MOST_GROUPS]]
    return other_words(asked, groups if besides is None else [*groups, besides])


def as_synonyms(row: SynonymGroup) -> Synonyms:
    """Return the group as questions are built with it."""
    return Synonyms(tuple(row.words), row.one_way)


def list_groups(text: str = "", state: str = "") -> QuerySet[SynonymGroup]:
    """Return groups with all words of ``text`` in their words or note; ``state``: on, off, '' for both."""
    rows = SynonymGroup.objects.order_by("pk")
    for word in words_looked_for(text):
        named = Q(pk__in=[])
        for way in ways_of_writing(word):
            named |= Q(words__icontains=way) | Q(note__icontains=way)
        rows = rows.filter(named)
    return {"on": rows.filter(enabled=True), "off": rows.filter(enabled=False)}.get(state, rows)
