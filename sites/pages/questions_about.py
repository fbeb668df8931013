"""Questions of the 答问知识库 that explain a page: the page names them as they name it."""

from typing import Any

from content_library.distribution.listing import without_recalled
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path

#: So many are named on a page.
MOST = 10


def questions_about(page: Any) -> list[dict[str, str]]:
    """Return ``[{"title", "url"}]`` of the public questions about ``page``, the newest first."""
    if page.pk is None:
        return []
    found = list(without_recalled(page.question_entries.live()).order_by("-first_published_at", "-pk")[:MOST])
    if found:
        # One that is about another page from now on is named here no longer.
        note_read(ReadOf.PAGE, *[one.pk for one in found])
    return [{"title": one.title, "url": site_path(one)} for one in found]
