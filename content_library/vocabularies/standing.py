"""Which class a page's next version enters under: a bulk change outlives a correction of the page."""

from .models import ReclassifiedResource
from .queries import resolve_code


def standing_code(resource_id: int, vocabulary: str, page_code: str) -> str:
    """``page_code`` after the bulk changes that this resource went through.

    The page wins as soon as it says something else than it did when the change was made.
    """
    changes = ReclassifiedResource.objects.filter(
        resource_id=resource_id, reclassification__source__vocabulary=vocabulary
    ).order_by("pk")
    code = page_code
    for before, target in changes.values_list("before", "reclassification__target__code"):
        if before == code or resolve_code(vocabulary, before) == code:
            code = target
    return code
