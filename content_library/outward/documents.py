"""The documents that a page of changes carries, read together and only as many as fit into one answer."""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Length

from ..models import Resource, ResourceVersion
from ..resources.exchange import load_for_export
from .described import describe_document, exposed_targets
from .queries import PublicChange

#: A page ends when its documents have grown to so many characters (but it holds one at least).
LARGEST_ANSWER = 8 * 1024 * 1024


def documents_of(changes: Sequence[PublicChange]) -> tuple[dict[int, dict[str, Any]], int]:
    """Return ``{change id: document}`` and how many of ``changes`` the documents reach for.

    A resource's document stands with its last change on the page. Behind about LARGEST_ANSWER characters the page ends.
    The number of statements does not grow with that of the documents.
    """
    carrying = [one for one in changes if not one.gone and one.is_last]
    lengths = _lengths([one.change.resource for one in carrying])
    reached, grown = len(changes), 0
    taken: list[PublicChange] = []
    for number, one in enumerate(changes):
        if one.gone or not one.is_last:
            continue
        grown += lengths[one.change.resource.current_id]
        if taken and grown > LARGEST_ANSWER:
            reached = number
            break
        taken.append(one)
    resources = [one.change.resource for one in taken]
    load_for_export(resources)
    interpreted = exposed_targets(resources)
    return {one.change.pk: describe_document(one.change.resource, interpreted) for one in taken}, reached


def _lengths(resources: Sequence[Resource]) -> dict[int, int]:
    versions = ResourceVersion.objects.filter(pk__in=[one.current_id for one in resources])
    return dict(versions.values_list("pk", Length("html") + Length("text")))
