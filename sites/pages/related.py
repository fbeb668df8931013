"""Pages on the same subject as another page: by shared keywords, then by subject class."""

import re
from typing import Any

from django.db.models import Q

from content_library.vocabularies.queries import find_term
from govplatform.rendering.reads import ReadOf, note_read

from .rows import AlikeRow, Subject, path_of, rows_around

MOST_RELATED = 5
#: The kinds of page that are listed as related; topics gather by themselves.
CONTENT_MODELS = ("articles.Article", "policies.PolicyDocument", "policies.Interpretation", "reposts.RepostPage")
_CANDIDATES = 20
_SEPARATORS = re.compile(r"[\s,，、;；]+")


def split_keywords(text: str) -> list[str]:
    """Return the words of a 主题词 field, in order, each once; spaces, commas and semicolons separate them."""
    return list(dict.fromkeys(word for word in _SEPARATORS.split(text) if word))


def subject_of(page: Any) -> Subject | None:
    """Return what other pages may have in common with ``page``; None when it says nothing of its subject."""
    words = split_keywords(page.keywords)
    if not words and not page.subject_class:
        return None
    return Subject(tuple(words), page.subject_class, CONTENT_MODELS, _CANDIDATES)


def note_alike(subject: Subject, rows: list[AlikeRow]) -> None:
    """Say that what is being rendered names the nearest of ``rows``, and would name others of the subject."""
    note_read(ReadOf.ALIKE, *alike_keys(subject))
    if subject.subject_class:
        # Another class that is merged into it has pages alike, too.
        find_term("subject", subject.subject_class)
    if shown := nearest(subject, rows):
        note_read(ReadOf.AT, *[row["url"] for row in shown])


def alike_keys(subject: Subject) -> list[str]:
    """By what pages on ``subject`` find each other: its words, its class."""
    return [*subject.words, *([f"class {subject.subject_class}"] if subject.subject_class else [])]


def related_items(page: Any) -> list[dict[str, Any]]:
    """Return at most five live pages ``{"title", "url", "date"}`` on the subject of ``page``, with one query."""
    subject = subject_of(page)
    return nearest(subject, rows_around(page, [], subject, beside=False).alike) if subject is not None else []


def nearest(subject: Subject, rows: list[AlikeRow]) -> list[dict[str, Any]]:
    """Return the first five of ``rows``: those with more shared keywords come first, among equals the newest."""
    words = set(subject.words)

    def nearness(row: AlikeRow) -> tuple[int, float]:
        shared = len(words.intersection(split_keywords(row.keywords)))
        return (shared, row.published_at.timestamp() if row.published_at else 0.0)

    found = sorted(rows, key=nearness, reverse=True)
    return [
        {"title": row.title, "url": path_of(row.url_path), "date": row.published_at} for row in found[:MOST_RELATED]
    ]


def matching(words: list[str], *, titles: bool) -> Q:
    """Return the condition that the keywords (with ``titles`` also the title) contain one of ``words``.

    Without words the condition is empty and holds for every row.
    """
    match = Q()
    for word in words:
        match |= Q(keywords__contains=word)
        if titles:
            match |= Q(title__contains=word)
    return match
