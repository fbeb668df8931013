"""The words by which editors find a page in the console of their site."""

from collections.abc import Iterator
from typing import Any

from govplatform.refusals import Refused


def words_for_editors(page: Any) -> str:
    """Return what the newest draft of a page says, then what its live version says where that differs.

    Addresses of links and what readers do not see are left out, and so is a text that nobody can read for the depth
    of its elements: the page is found by its title then.
    """
    versions = [page.get_latest_revision_as_object()]
    if page.live and page.has_unpublished_changes:
        versions.append(page)
    return "\n".join(dict.fromkeys(text for version in versions for text in _texts(version)))


def _texts(version: Any) -> Iterator[str]:
    try:
        yield from [piece.text for piece in version.scan_pieces() if not piece.hidden]
    except Refused:
        yield version.summary
