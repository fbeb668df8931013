"""What is read for many pages at once where a whole site is rendered in one state of the database.

There nothing changes between two pages (``govplatform.rendering.state``), so the order of a column and the pages of a
subject are read once, and pages themselves a handful at a time. The answers are those of ``rows.rows_around``.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from wagtail.models import Page

from content_library.distribution.listing import RECALLED, recalled_values, without_recalled
from govplatform.rendering.state import shared, shared_by

from .rows import PAGES_AHEAD, AlikeRow, Around, Subject, rows_around, run, values_of

#: How many columns' orders and how many subjects are kept; a column beyond this many pages is asked page by page.
_COLUMNS_KEPT, _SUBJECTS_KEPT, _LONGEST_COLUMN = 8, 100, 20_000
_ORDER = f"""
SELECT p.first_published_at, p.id, p.title, p.url_path FROM wagtailcore_page p
WHERE p.path LIKE %(below)s AND p.depth = %(depth)s AND p.live AND p.id <> ALL(%(without)s)
AND p.first_published_at IS NOT NULL AND NOT {RECALLED}
ORDER BY p.first_published_at, p.id LIMIT %(most)s
"""
_ALIKE = f"""
SELECT p.id, p.title, p.url_path, p.first_published_at, c.keywords
FROM {{content}} c JOIN wagtailcore_page p ON p.id = c.page_ptr_id
WHERE p.live AND (c.keywords LIKE ANY(%(words)s) OR c.subject_class = ANY(%(subjects)s)) AND NOT {RECALLED}
ORDER BY p.first_published_at DESC, p.id DESC LIMIT %(most)s
"""
_HOME = "/home"


@dataclass(frozen=True)
class _Order:
    """The pages of a column by time of publishing, the oldest first; ``rows``: (id, title, url_path)."""

    times: list[datetime]
    rows: list[tuple[int, str, str]]

    def around(self, page: Any) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
        place = bisect_right(self.times, page.first_published_at)
        before = place - 1
        if before >= 0 and self.rows[before][0] == page.pk:
            before -= 1
        previous = self.rows[before][1:] if before >= 0 else None
        return previous, self.rows[place][1:] if place < len(self.rows) else None


def around_in_state(page: Any, without: list[int], subject: Subject | None, *, beside: bool) -> Around:
    """``rows_around``, from what was read for other pages of the same column and subject."""
    alike: list[AlikeRow] = []
    if subject is not None:
        wanted = subject
        for rows in shared_by("alike", wanted, lambda: _read_alike(wanted), _SUBJECTS_KEPT):
            alike += [row for pk, row in rows if pk != page.pk][: wanted.most]
    if not beside:
        return Around(None, None, alike)
    order = shared_by("order", page.path[:-4], lambda: _read_order(page, without), _COLUMNS_KEPT)
    if order is None:
        return rows_around(page, without, None)._replace(alike=alike)
    return Around(*order.around(page), alike)


def _read_order(page: Any, without: list[int]) -> _Order | None:
    """The order of the column in which ``page`` stands; None when it is too long to be kept."""
    values = {
        "below": f"{page.path[:-4]}%", "depth": page.depth, "without": without, **recalled_values(),
        "most": _LONGEST_COLUMN + 1,
    }  # fmt: skip
    rows = run(_ORDER, values)
    if len(rows) > _LONGEST_COLUMN:
        return None
    return _Order([row[0] for row in rows], [row[1:] for row in rows])


def _read_alike(subject: Subject) -> list[list[tuple[int, AlikeRow]]]:
    """For each of the subject's models its newest pages with their ids, one more than wanted: the asking one."""
    values = {**values_of(subject), "most": subject.most + 1, **recalled_values()}
    found = []
    for label in subject.models:
        rows = run(_ALIKE.format(content=apps.get_model(label)._meta.db_table), values)
        found.append([(row[0], AlikeRow(*row[1:])) for row in rows])
    return found


def read_ahead(paths: Iterable[str]) -> None:
    """Load the live pages at ``paths`` (as on the public host), class by class, in the place of those before."""
    held = shared(PAGES_AHEAD, dict[str, Page])
    wanted = {f"{_HOME}{path}" for path in paths} - held.keys()
    pages = without_recalled(Page.objects.filter(url_path__in=wanted, live=True, depth__gt=1)).specific()
    found = {str(page.url_path): page for page in pages}
    kept = {address: held[address] for address in (f"{_HOME}{path}" for path in paths) if address in held}
    held.clear()
    held.update(kept | found)
