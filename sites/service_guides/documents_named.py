"""Which policy documents the words of a basis name by their numbers."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from content_library.distribution.listing import without_recalled
from search.text.document_numbers import compatible, find_numbers

#: What stands before a number in a sentence.
LEADING_UP = (
    "根据", "依据", "按照", "依照", "参照", "遵照", "执行", "落实", "依", "按", "见", "和", "与", "及", "或",
)  # fmt: skip


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
        page = _document(number.whole, known)
        if page is None:
            others[written[number.start : number.end].strip()] = None
        else:
            pages[page] = None
    return list(pages), list(others)


def _document(whole: str, known: Mapping[str, int]) -> int | None:
    """The document of a number as it stands in running text.

    Characters before the issuer are taken for part of it there (根据澄政发〔2026〕3号). What else stands before a known
    number makes it that of another body: 南澄政发〔2026〕3号.
    """
    for start in range(len(whole)):
        if whole[start:] in known and (start == 0 or whole[:start].endswith(LEADING_UP)):
            return known[whole[start:]]
    return None
