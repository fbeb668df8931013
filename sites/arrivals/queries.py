"""What the screens ask about arrivals."""

from typing import Any

from django.db.models import Count, QuerySet

from govplatform.review.models import AfterReview

from .models import Arrival, OldAddress, SurveyedAddress


def arrivals() -> QuerySet[Arrival]:
    """Return the arrivals of the current site, the newest first."""
    return Arrival.objects.select_related("started_by", "uploaded_by")


def columns_in_report(arrival: Arrival) -> list[dict[str, Any]]:
    """Return ``[{"column", "pages"}]``: into which columns how many pages of a report come, the most first."""
    pages = SurveyedAddress.objects.filter(arrival=arrival, result=SurveyedAddress.Result.PAGE)
    counted = pages.values_list("column").annotate(pages=Count("pk")).order_by("-pages", "column")
    return [{"column": column, "pages": count} for column, count in counted]


def figures_of(arrival: Arrival) -> dict[str, int]:
    """Count what became of the pages: ``drafts`` and ``live`` of them, ``published`` and ``sampled`` under a decision,
    ``held`` back from it, ``addresses``: old ones that lead to a page, ``failed``: those of the import that did not."""
    rows = OldAddress.objects.filter(arrival=arrival)
    pages = rows.filter(first=True, page__isnull=False)
    published = pages.filter(cleared_under__isnull=False)
    sampled = AfterReview.objects.filter(page_id__in=published.values("page_id"))
    return {
        "drafts": pages.filter(page__live=False).count(),
        "live": pages.filter(page__live=True).count(),
        "addresses": rows.filter(page__isnull=False).count(),
        "published": published.count(),
        "sampled": sampled.count(),
        "held": pages.exclude(held_back="").count(),
    }
