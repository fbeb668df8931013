"""The report on a crawl, page by page: as JSON for the verb and as rows for CSV and screen."""

from typing import Any

from .survey import Survey


def describe_survey(found: Survey) -> dict[str, Any]:
    """Return ``{"pages", "skipped", "addresses"}``; ``addresses``: how many old addresses lead to a page."""
    pages = [
        {
            "address": row.address,
            "title": row.found.title,
            "published_on": row.found.published_at[:10] or None,
            "source": row.found.source,
            "column": row.column.slug,
            "confidence": row.found.confidence,
            "page": row.page,
            "also": row.also,
            "reasons": row.reasons,
        }
        for row in found.pages
    ]
    return {
        "pages": pages,
        "skipped": [{"address": address, "reason": reason} for address, reason in found.skipped],
        "addresses": sum(1 + len(row.also) for row in found.pages),
    }
