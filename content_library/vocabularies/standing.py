"""The class under which a page's next version enters: a bulk change outlives a correction of the page."""

from .models import ReclassifiedResource
from .queries import resolve_code


def standing_codes(resource_id: int, page_codes: dict[str, str]) -> dict[str, str]:
    """Return ``page_codes`` (vocabulary -> code) after the bulk changes that this resource went through.

    The page wins as soon as it says something else than it did when the change was made. One statement.
    """
    codes = dict(page_codes)
    changes = ReclassifiedResource.objects.filter(
        resource_id=resource_id, reclassification__source__vocabulary__in=list(codes)
    ).order_by("pk")
    for vocabulary, before, target in changes.values_list(
        "reclassification__source__vocabulary", "before", "reclassification__target__code"
    ):
        if before == codes[vocabulary] or resolve_code(vocabulary, before) == codes[vocabulary]:
            codes[vocabulary] = target
    return codes
