"""The lexemes by which lists find a resource: its filters and the character pairs of its title in one index.

No extension is needed: PostgreSQL's GIN index over ``array_to_tsvector`` intersects them, whatever is
asked together. Chinese has no word boundaries, so a title goes in as pairs of neighbouring characters;
what merely holds all pairs of a query is dropped again by comparing with ``folded``.
"""

import re
import unicodedata
from datetime import datetime

from django.utils import timezone

_NO_LETTER = re.compile(r"[\W_]+")
#: Characters of a word of a query that count; the rest of a longer one is ignored.
LONGEST_TERM = 40


def fold(text: str) -> str:
    """Reduce a text to its letters, digits and characters: width, case, signs and spaces do not matter."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).lower())


def folded_title(title: str, *numbers: str) -> str:
    """Fold title and numbers, with a line break between them so that no query runs across."""
    return "\n".join(part for part in (fold(text) for text in (title, *numbers)) if part)


def pairs(folded: str) -> set[str]:
    """Return ``b`` + each pair of neighbouring characters, and each part's last one for queries of one character."""
    found: set[str] = set()
    for part in folded.split("\n"):
        found.update(f"b{part[i : i + 2]}" for i in range(len(part)))
    return found


def filter_lexemes(
    *,
    tenant_id: int | None,
    subject_class: str,
    kind: str,
    document_kind: str,
    level: str,
    status: str,
    published_at: datetime,
    open_to_all: bool,
    audience: str = "",
) -> set[str]:
    """Return the lexemes of the filters, without those that have no value.

    ``s:12 c:01 c:0102 k:policy d:notice a:public l:city t:in_force m:202611 v:open`` for site, class (with the class
    above), kind, document kind, audience, level, status, month of publication, open to all.
    """
    month = timezone.localtime(published_at).strftime("%Y%m")
    values = [
        f"s:{tenant_id or 0}",
        f"k:{kind}",
        f"t:{status}",
        f"m:{month}",
        *(f"c:{subject_class[:length]}" for length in range(2, len(subject_class) + 1, 2)),
    ]
    if document_kind:
        values.append(f"d:{document_kind}")
    if audience:
        values.append(f"a:{audience}")
    if level:
        values.append(f"l:{level}")
    if open_to_all:
        values.append("v:open")
    return set(values)


def query_terms(query: str) -> list[str]:
    """Split a query into folded words; words of signs alone disappear."""
    return [term[:LONGEST_TERM] for term in (fold(word) for word in query.split()) if term]


def term_condition(term: str) -> str:
    """Write one folded word as a ``tsquery``: all its pairs, or for one character every pair beginning with it."""
    if len(term) == 1:
        return f"'b{term}':*"
    return " & ".join(f"'b{term[i : i + 2]}'" for i in range(len(term) - 1))
