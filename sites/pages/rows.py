"""The SQL statements behind a public page, written out because composing them anew took half of the page's time.

All statements read the current site's schema at the moment of the request and no result is kept, so a
page that another process withdrew is gone with the next request.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from content_library.distribution.listing import RECALLED
from content_library.vocabularies.queries import equivalent_codes
from govplatform.tenancy.current import current_tenant_or_none

#: A repost or copy counts as absent from the moment in which its source is recalled.
_FIND = f"""
SELECT p.id, p.content_type_id FROM wagtailcore_page p
WHERE p.url_path = %(address)s AND p.live AND p.depth > 1 AND NOT {RECALLED}
"""
_COLUMNS = """
SELECT p.id, p.path, p.title, p.slug, p.url_path, c.column_type, c.description, c.keywords, p.show_in_menus
FROM {columns} c JOIN wagtailcore_page p ON p.id = c.page_ptr_id WHERE p.live ORDER BY p.path
"""
_BESIDE = f"""
(SELECT 'previous', title, url_path FROM wagtailcore_page p
 WHERE path LIKE %(below)s AND depth = %(depth)s AND live AND id <> ALL(%(without)s) AND first_published_at <= %(at)s
 AND NOT {RECALLED}
 ORDER BY first_published_at DESC, id DESC LIMIT 1)
UNION ALL
(SELECT 'next', title, url_path FROM wagtailcore_page p
 WHERE path LIKE %(below)s AND depth = %(depth)s AND live AND id <> ALL(%(without)s) AND first_published_at > %(at)s
 AND NOT {RECALLED}
 ORDER BY first_published_at, id LIMIT 1)
"""
_ALIKE = """
(SELECT p.title, p.url_path, p.first_published_at, c.keywords
 FROM {content} c JOIN wagtailcore_page p ON p.id = c.page_ptr_id
 WHERE p.live AND p.id <> %(page)s
 AND (c.keywords LIKE ANY(%(words)s) OR c.subject_class = ANY(%(subjects)s))
 AND NOT {recalled}
 ORDER BY p.first_published_at DESC, p.id DESC LIMIT %(most)s)
"""


class ColumnRow(NamedTuple):
    """A live column as stored. ``tree_path``: its place in Wagtail's tree; ``in_menu``: whether menus show it."""

    pk: int
    tree_path: str
    title: str
    slug: str
    url_path: str
    column_type: str
    description: str
    keywords: str
    in_menu: bool


class AlikeRow(NamedTuple):
    """A live page that shares a keyword or the subject class with another page."""

    title: str
    url_path: str
    published_at: datetime | None
    keywords: str


def path_of(url_path: str) -> str:
    """Return the path on the public host for Wagtail's ``url_path``, whose first part is the home page."""
    return "/" + url_path.split("/", 2)[2]


def find_live_page(url_path: str) -> Page | None:
    """Return the live page at ``url_path`` (``/home/news/x/``) as an instance of its own class, or None; two queries.

    A repost or copy whose source was recalled is not found.
    """
    rows = _rows(_FIND, {"address": url_path, "tenant": _tenant_id()})
    if not rows:
        return None
    pk, content_type_id = rows[0]
    model: Any = ContentType.objects.get_for_id(content_type_id).model_class() or Page
    found: Page | None = model._default_manager.filter(pk=pk, live=True).first()
    return found


def column_rows() -> list[ColumnRow]:
    """Return all live columns of the current site in the order of the tree."""
    return [ColumnRow(*row) for row in _rows(_with_tables(_COLUMNS), [])]


def neighbour_rows(page: Page, without: list[int]) -> dict[str, tuple[str, str]]:
    """Return {"previous" or "next": (title, url_path)} of the live pages beside ``page``, by time of publishing.

    ``without``: ids of pages to pass over. A key is absent where there is no such page.
    """
    values = {
        "below": f"{page.path[:-4]}%",
        "depth": page.depth,
        "without": [page.pk, *without],
        "at": page.first_published_at,
        "tenant": _tenant_id(),
    }
    return {kind: (title, url_path) for kind, title, url_path in _rows(_BESIDE, values)}


def alike_rows(page: Any, words: list[str], models: tuple[str, ...], most: int) -> list[AlikeRow]:
    """Return live pages that share one of ``words`` or the subject class with ``page``, which itself is left out.

    ``models``: labels of page models; at most ``most`` pages of each, the newest.
    """
    values = {
        "page": page.pk,
        "words": [f"%{_literally(word)}%" for word in words],
        # a merged class is the one that it was merged into
        "subjects": equivalent_codes("subject", page.subject_class),
        "most": most,
        "tenant": _tenant_id(),
    }
    return [AlikeRow(*row) for row in _rows(_alike_statement(models), values)]


@cache
def _with_tables(statement: str) -> str:
    return statement.format(columns=apps.get_model("columns", "Column")._meta.db_table)


@cache
def _alike_statement(models: tuple[str, ...]) -> str:
    tables = [apps.get_model(label)._meta.db_table for label in models]
    return " UNION ALL ".join(_ALIKE.format(content=table, recalled=RECALLED) for table in tables)


def _tenant_id() -> int:
    tenant = current_tenant_or_none()
    return tenant.pk if tenant is not None else 0


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _rows(statement: str, values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
