"""The shapes of the answers as JSON Schema, and the answers made in them."""

from typing import Any

from content_library.metadata import Validity
from content_library.outward.shapes import ERROR, object_of
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..offering import Origin, Suggestion
from ..results import Found, Results

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000_000}
_TIME = {"type": "string", "format": "date-time"}
_ADDRESS = {"type": "string", "format": "uri"}


def answer_shapes() -> dict[str, dict[str, Any]]:
    """Return ``{name: schema}`` of every answer."""
    site = object_of({"code": _TEXT, "name": _TEXT, "url": _ADDRESS})
    related = object_of({"title": _TEXT, "url": _ADDRESS, "kind": _TEXT, "kind_label": _TEXT, "published_at": _TIME})
    hit = object_of(
        {
            "title": _TEXT,
            "url": _ADDRESS,
            "site": _TEXT,
            "sites": {"type": "array", "items": site},
            "kind": _TEXT,
            "kind_label": _TEXT,
            "document_number": _TEXT,
            "index_number": _TEXT,
            "organisation": _TEXT,
            "topic": _TEXT,
            "published_at": _TIME,
            "validity": {"enum": ["", *map(str, Validity.values)]},
            "snippet": _TEXT,
            "attachment": _TEXT,
            "picture": _TEXT,
            "picture_alt": _TEXT,
            "related": {"type": "array", "items": related},
        }
    )
    counts = {"type": "object", "additionalProperties": _COUNT}
    return {
        "Results": object_of(
            {
                "total": _COUNT,
                "capped": {"type": "boolean"},
                "page": _COUNT,
                "pages": _COUNT,
                "hits": {"type": "array", "items": hit},
                "facets": {"type": "object", "additionalProperties": counts},
                "suggestion": _TEXT,
                "notice": _TEXT,
                "engine": _TEXT,
                "ms": {"type": "number"},
            }
        ),
        "Suggestions": object_of(
            {
                "suggestions": {
                    "type": "array",
                    "items": object_of({"text": _TEXT, "origin": {"enum": [str(origin) for origin in Origin]}}),
                }
            }
        ),
        "Object": {"type": "object"},
        "Error": ERROR,
    }


def describe_results(results: Results, site: Tenant) -> dict[str, Any]:
    """Return ``results`` in the shape ``Results``; with ``capped``, there are at least as many as facets count.

    ``site``: on whose host pictures are had.
    """
    return {
        "total": results.total,
        "capped": results.capped,
        "page": results.page,
        "pages": results.pages,
        "hits": [_describe(hit, site) for hit in results.hits],
        "facets": {facet.name: {value.value: value.count for value in facet.values} for facet in results.facets},
        "suggestion": results.suggestion,
        "notice": results.notice,
        "engine": results.engine,
        "ms": results.milliseconds,
    }


def describe_suggestions(suggestions: list[Suggestion]) -> dict[str, Any]:
    """Return the suggestions in the shape ``Suggestions``."""
    return {"suggestions": [{"text": one.text, "origin": str(one.origin)} for one in suggestions]}


def _describe(hit: Found, site: Tenant) -> dict[str, Any]:
    return {
        "title": hit.title_text,
        "url": hit.url,
        "site": hit.site.code,
        "sites": [{"code": site.code, "name": site.name, "url": site.url} for site in hit.sites],
        "kind": hit.kind,
        "kind_label": hit.kind_label,
        "document_number": hit.document_number,
        "index_number": hit.index_number,
        "organisation": hit.organisation,
        "topic": hit.topic,
        "published_at": hit.published_at.isoformat(),
        "validity": hit.validity,
        "snippet": hit.snippet_text,
        "attachment": hit.attachment,
        "picture": public_url(site, hit.picture.path) if hit.picture else "",
        "picture_alt": hit.picture.alt if hit.picture else "",
        "related": [
            {
                "title": one.title,
                "url": one.url,
                "kind": one.kind,
                "kind_label": one.kind_label,
                "published_at": one.published_at.isoformat(),
            }
            for one in hit.related
        ],
    }
