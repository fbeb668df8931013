"""Questions to many sites at once: one statement over their schemas, without those that cannot answer."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from .current import forget_search_path
from .each_site import present_schemas

logger = logging.getLogger("govplatform.tenancy")

#: A schema's own SELECT; the columns are the same for all.
Question = Callable[[str], sql.Composable]


def ask_sites(
    question: Question,
    schemas: Iterable[str],
    *,
    tail: sql.SQL | None = None,
    params: Sequence[Any] | None = None,
    settings: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return the rows of ``question`` over all ``schemas``, asked in one statement; none for no schemas.

    ``question``: makes the SELECT for one schema; the columns are the same for all. ``tail``: a statement around the
    union of them (``{} ORDER BY 2 LIMIT %s``), with its ``params``. ``settings``: statements sent before it that hold
    for it alone (``SET LOCAL ...``). A site whose schema or one of whose tables is missing has no rows, and the log
    names it. Raises ProgrammingError when the question itself is wrong.
    """
    asked = sorted(set(schemas))
    try:
        return _ask(question, asked, tail, params, settings)
    except ProgrammingError:
        answering = sites_that_answer(question, asked)
        if not answering or len(answering) == len(asked):
            raise
        logger.warning("no answer from %s", ", ".join(sorted(set(asked) - set(answering))))
        return _ask(question, answering, tail, params, settings)


def sites_that_answer(question: Question, schemas: Sequence[str]) -> list[str]:
    """Return those of ``schemas`` in which ``question`` can be asked; sends a statement for each that exists."""
    forget_search_path()
    present = present_schemas(schemas)
    return [schema for schema in schemas if schema in present and _answers(question(schema))]


def _answers(statement: sql.Composable) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT 1 FROM ({}) AS asked LIMIT 0").format(statement))
    except ProgrammingError:
        return False
    return True


def _ask(
    question: Question,
    schemas: Sequence[str],
    tail: sql.SQL | None,
    params: Sequence[Any] | None,
    settings: Sequence[str],
) -> list[tuple[Any, ...]]:
    if not schemas:
        return []
    statement: sql.Composable = sql.SQL(" UNION ALL ").join(question(schema) for schema in schemas)
    if tail is not None:
        statement = tail.format(statement)
    if not settings and not connection.in_atomic_block:
        return _run(statement, params)
    # A savepoint in somebody's transaction, as every request is one: it must outlive a site that cannot answer.
    with transaction.atomic():
        for setting in settings:
            with connection.cursor() as cursor:
                cursor.execute(setting)
        return _run(statement, params)


def _run(statement: sql.Composable, params: Sequence[Any] | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
