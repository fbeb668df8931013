"""Guides to services and the policy documents that they rest on: each names the other, and what interprets it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps

from content_library.distribution.listing import without_recalled
from content_library.metadata import Validity
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.rendering.state import current_state, shared

from .rows import path_of

#: So many guides are named on a document.
MOST = 20


def policies_named(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Return the public ones among the policy documents with these ``numbers``, in their order.

    ``[{"title", "url", "document_number", "validity", "interpretations": [{"title", "url", "form"}]}]``; ``validity``
    is ``{"code", "label"}``, None while the document is in force. Two statements, none without numbers.
    """
    if not numbers:
        return []
    # Also what is not public: it is named as soon as it is.
    note_read(ReadOf.PAGE, *numbers)
    policies: Any = apps.get_model("policies.PolicyDocument")
    live = without_recalled(policies.objects.live().filter(pk__in=numbers))
    found = {row["pk"]: row for row in live.values("pk", "title", "url_path", "document_number", "validity")}
    explained = _interpretations(found)
    return [
        {
            "title": row["title"],
            "url": path_of(row["url_path"]),
            "document_number": row["document_number"],
            "validity": _validity(row["validity"]),
            "interpretations": explained.get(number, []),
        }
        for number in dict.fromkeys(numbers)
        if (row := found.get(number)) is not None
    ]


def guides_resting_on(policy: int | None) -> list[dict[str, str]]:
    """Return ``[{"title", "url"}]`` of the public guides that name the policy document ``policy``, newest first.

    One statement; where a whole site is rendered in one state, none unless a guide of the site names any document.
    """
    if policy is None:
        return []
    guides: Any = apps.get_model("services.ServiceItem")
    if current_state() is not None and not shared(
        "guides that name documents", lambda: guides.objects.live().exclude(policies=[]).exists()
    ):
        return []
    naming = without_recalled(guides.objects.live().filter(policies__contains=[{"value": policy}]))
    rows = list(naming.order_by("-first_published_at", "-pk").values_list("pk", "title", "url_path")[:MOST])
    if rows:
        # A guide that is about to name another document says nothing of this one any more.
        note_read(ReadOf.PAGE, *[pk for pk, _title, _path in rows])
    return [{"title": title, "url": path_of(path)} for _pk, title, path in rows]


# --- inside ------------------------------------------------------------------------------


def _interpretations(policies: Iterable[int]) -> dict[int, list[dict[str, str]]]:
    wanted = list(policies)
    if not wanted:
        return {}
    model: Any = apps.get_model("policies.Interpretation")
    forms = {str(value): str(label) for value, label in model._meta.get_field("form").flatchoices}
    rows = list(
        without_recalled(model.objects.live().filter(policy__in=wanted))
        .order_by("first_published_at", "pk")
        .values_list("pk", "policy_id", "title", "url_path", "form")
    )
    if rows:
        note_read(ReadOf.PAGE, *[row[0] for row in rows])
    found: dict[int, list[dict[str, str]]] = {}
    for _pk, policy, title, path, form in rows:
        found.setdefault(policy, []).append({"title": title, "url": path_of(path), "form": forms.get(form, "")})
    return found


def _validity(code: str) -> dict[str, str] | None:
    return None if code == Validity.IN_FORCE else {"code": code, "label": str(Validity(code).label)}
