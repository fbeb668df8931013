"""The SQL statements behind a public page, written out because composing them anew took half of the page's time.

All statements read the current site's schema at the moment of the request and no result is kept, so a
page that another process withdrew is gone with the next request. Where a whole site is rendered in one state of the
database (``govplatform.rendering``), what pages share is read once in it.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page

from content_library.distribution.listing import RECALLED, recalled_values
from content_library.vocabularies.queries import equivalent_codes
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.rendering.state import shared
from govplatform.ways_of_writing import literally

#: A repost or copy counts as absent from the moment in which its source is recalled.
_FIND = f"""
SELECT p.id, p.content_type_id FROM wagtailcore_page p
WHERE p.url_path = %(address)s AND p.live AND p.depth > 1 AND NOT {RECALLED}
"""
#: Under this name the pages that were read ahead in a state are kept, by url_path.
PAGES_AHEAD = "pages ahead"
#: Stands for the primary key in a statement that was composed ahead; no page has this one.
_ANY = -1
_COLUMNS = """
SELECT p.id, p.path, p.title, p.slug, p.url_path, c.column_type, c.description, c.keywords, p.show_in_menus
FROM {columns} c JOIN wagtailcore_page p ON p.id = c.page_ptr_id WHERE p.live ORDER BY p.path
"""
#: The pages around another one are found without asking what was recalled, and what was found is asked about once, in
#: ``_AROUND``: planned into each of the parts, that question took more time than all the rest of the page's statements.
_BESIDE = """
(SELECT 'previous' AS kind, p.id, p.title, p.url_path, p.first_published_at, '' AS keywords FROM wagtailcore_page p
 WHERE p.path LIKE %(below)s AND p.depth = %(depth)s AND p.live AND p.id <> ALL(%(without)s)
 AND p.first_published_at <= %(at)s{asked}
 ORDER BY p.first_published_at DESC, p.id DESC LIMIT 1)
UNION ALL
(SELECT 'next', p.id, p.title, p.url_path, p.first_published_at, '' FROM wagtailcore_page p
 WHERE p.path LIKE %(below)s AND p.depth = %(depth)s AND p.live AND p.id <> ALL(%(without)s)
 AND p.first_published_at > %(at)s{asked}
 ORDER BY p.first_published_at, p.id LIMIT 1)
"""
_ALIKE = """
(SELECT 'alike' AS kind, p.id, p.title, p.url_path, p.first_published_at, c.keywords
 FROM {content} c JOIN wagtailcore_page p ON p.id = c.page_ptr_id
 WHERE p.live AND p.id <> %(page)s
 AND (c.keywords LIKE ANY(%(words)s) OR c.subject_class = ANY(%(subjects)s)){asked}
 ORDER BY p.first_published_at DESC, p.id DESC LIMIT %(most)s)
"""
_AROUND = f"""
SELECT p.kind, p.id, p.title, p.url_path, p.first_published_at, p.keywords, {RECALLED} FROM ({{parts}}) p
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
    # of a site that is rendered in whole, the next pages are there already (in_one_state.read_ahead)
    page: Page | None = shared(PAGES_AHEAD, dict[str, Page]).get(url_path) or _find(url_path)
    if page is not None:
        note_read(ReadOf.PAGE, page.pk)
    return page


def _find(url_path: str) -> Page | None:
    rows = run(_FIND, {"address": url_path, **recalled_values()})
    if not rows:
        return None
    pk, content_type_id = rows[0]
    model: Any = ContentType.objects.get_for_id(content_type_id).model_class() or Page
    return _loaded(model, pk)


class _Loading(NamedTuple):
    """How pages of one class are loaded: a statement by primary key, converters of its values, their names."""

    sql: str
    params: tuple[Any, ...]
    converters: list[tuple[int, tuple[list[Any], Any]]]
    names: list[str]


@cache
def _loading(model: Any) -> _Loading:
    """What Django composes for ``model.objects.filter(pk=..., live=True)``, composed once."""
    compiler = model._default_manager.filter(pk=_ANY, live=True).query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    converters = list(compiler.get_converters(columns).items())
    return _Loading(sql, params, converters, [column.target.attname for column in columns])


def _loaded(model: Any, pk: int) -> Page | None:
    loading = _loading(model)
    rows = run(loading.sql, [pk if value == _ANY else value for value in loading.params])
    if not rows:
        return None
    values = list(rows[0])
    for place, (convert, expression) in loading.converters:
        for step in convert:
            values[place] = step(values[place], expression, connection)
    found: Page = model.from_db(connection.alias, loading.names, values)
    return found


def column_rows() -> list[ColumnRow]:
    """Return all live columns of the current site in the order of the tree."""
    note_read(ReadOf.COLUMNS)
    return shared("columns", _read_columns)


def _read_columns() -> list[ColumnRow]:
    return [ColumnRow(*row) for row in run(_with_tables(_COLUMNS), [])]


class Around(NamedTuple):
    """What stands around a page: ``previous`` and ``following`` in its column, by time of publishing, as (title,
    url_path), None where there is no such page; ``alike``: pages on the same subject.
    """

    previous: tuple[str, str] | None
    following: tuple[str, str] | None
    alike: list[AlikeRow]


class Subject(NamedTuple):
    """What pages have in common: one of ``words`` in their keywords, or ``subject_class`` (a code, or '').

    ``models``: labels of page models; at most ``most`` pages of each are wanted, the newest.
    """

    words: tuple[str, ...]
    subject_class: str
    models: tuple[str, ...]
    most: int


def rows_around(page: Any, without: list[int], subject: Subject | None, *, beside: bool = True) -> Around:
    """Return what stands around ``page``, with one statement (with a second one where a page in it was recalled).

    ``without``: ids of pages that are no neighbours. ``subject``: None when nothing alike is wanted;
    ``beside``: whether neighbours are.
    """
    values: dict[str, Any] = {"page": page.pk, **recalled_values()}
    if beside:
        values |= {
            "below": f"{page.path[:-4]}%",
            "depth": page.depth,
            "without": [page.pk, *without],
            "at": page.first_published_at,
        }
    if subject is not None:
        values |= values_of(subject)
    models = subject.models if subject is not None else ()
    rows = run(_around_statement(beside, models, False), values)
    if any(row[-1] for row in rows):
        rows = run(_around_statement(beside, models, True), values)
    ends = {row[0]: (row[2], row[3]) for row in rows if row[0] != "alike"}
    alike = [AlikeRow(*row[2:6]) for row in rows if row[0] == "alike"]
    return Around(ends.get("previous"), ends.get("next"), alike)


def values_of(subject: Subject) -> dict[str, Any]:
    """The parameters of a statement for pages alike."""
    return {
        "words": [f"%{literally(word)}%" for word in subject.words],
        # a merged class is the one that it was merged into
        "subjects": equivalent_codes("subject", subject.subject_class),
        "most": subject.most,
    }


@cache
def _around_statement(beside: bool, models: tuple[str, ...], asked: bool) -> str:
    """``asked``: whether each part passes over what was recalled, so that the next ones take its place."""
    tables = [apps.get_model(label)._meta.db_table for label in models]
    condition = f" AND NOT {RECALLED}" if asked else ""
    parts = [_BESIDE.format(asked=condition)] if beside else []
    parts += [_ALIKE.format(content=table, asked=condition) for table in tables]
    return _AROUND.format(parts=" UNION ALL ".join(parts))


@cache
def _with_tables(statement: str) -> str:
    return statement.format(columns=apps.get_model("columns", "Column")._meta.db_table)


def run(statement: str, values: Any) -> list[Any]:
    """The rows that ``statement`` gives in the current site's schema."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
