"""Which policy documents the words of a basis name by their numbers."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from content_library.distribution.listing import without_recalled
from search.text.document_numbers import compatible, find_numbers


def public_numbers() -> dict[str, int]:
    """Return the numbers of the public documents of the current site, folded (``澄政发2026:3``) -> page.

    Of two documents with one number the newer is meant.
    """
    documents: Any = apps.get_model("policies.PolicyDocument")
    rows = without_recalled(documents.objects.live().exclude(document_number=""))
    known: dict[str, int] = {}
    for pk, number in rows.order_by("first_published_at", "pk").values_list("pk", "document_number"):
        # Without its issuer a number is that of many.
        if (found := find_numbers(compatible(number))) and found[0].issuer:
            known[found[0].whole] = pk
    return known


def documents_named(text: str, known: Mapping[str, int]) -> tuple[list[int], list[str]]:
    """Return (pages of the documents that ``text`` names, numbers in it that are those of none), each once.

    ``known``: as from ``public_numbers``.
    """
    pages: dict[int, None] = {}
    others: dict[str, None] = {}
    written = compatible(text)
    for number in find_numbers(written):
        # In running text characters before the issuer are taken for part of it: 根据澄政发〔2026〕3号.
        ways = (number.whole[start:] for start in range(len(number.whole)))
        page = next((known[way] for way in ways if way in known), None)
        if page is None:
            others[written[number.start : number.end].strip()] = None
        else:
            pages[page] = None
    return list(pages), list(others)
