"""What else there is on the same subject: by shared keywords, then by subject class."""

import re
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

MOST_RELATED = 5
#: The kinds of page that are listed as related; topics gather by themselves.
CONTENT_MODELS = ("articles.Article", "policies.PolicyDocument", "policies.Interpretation")
_CANDIDATES = 20
_SEPARATORS = re.compile(r"[\s,，、;；]+")


def split_keywords(text: str) -> list[str]:
    """The words of a 主题词 field, in order, each once."""
    return list(dict.fromkeys(word for word in _SEPARATORS.split(text) if word))


def related_items(page: Any) -> list[dict[str, Any]]:
    """At most five live pages ``{"title", "url", "date"}`` like ``page``, nearest first; one statement."""
    words = split_keywords(page.keywords)
    if not words and not page.subject_class:
        return []
    found = _candidates(page, words)

    def nearness(row: dict[str, Any]) -> tuple[int, float]:
        shared = len(set(words) & set(split_keywords(row["keywords"])))
        published = row["first_published_at"]
        return (shared, published.timestamp() if published else 0.0)

    found.sort(key=nearness, reverse=True)
    return [_as_line(row) for row in found[:MOST_RELATED]]


def _as_line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": row["title"],
        "url": "/" + row["url_path"].split("/", 2)[2],
        "date": row["first_published_at"],
    }


def matching(words: list[str], *, titles: bool) -> Q:
    """Rows whose keywords (and titles, when asked) hold one of ``words``."""
    match = Q()
    for word in words:
        match |= Q(keywords__contains=word)
        if titles:
            match |= Q(title__contains=word)
    return match


def _candidates(page: Any, words: list[str]) -> list[dict[str, Any]]:
    match = matching(words, titles=False)
    if page.subject_class:
        match |= Q(subject_class=page.subject_class)
    parts = [_newest(label, match, page.pk) for label in CONTENT_MODELS]
    return list(parts[0].union(*parts[1:], all=True))


def _newest(label: str, match: Q, leave_out: int) -> QuerySet[Any, Any]:
    model: Any = apps.get_model(label)
    return (  # type: ignore[no-any-return]
        model.objects.filter(match, live=True)
        .exclude(pk=leave_out)
        .order_by("-first_published_at", "-pk")
        .values("pk", "title", "url_path", "first_published_at", "keywords")[:_CANDIDATES]
    )
