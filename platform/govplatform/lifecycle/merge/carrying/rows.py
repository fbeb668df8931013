"""The statements that carry a table: one INSERT for all its rows, with the numbers that they get there."""

from typing import Any

from django.db import models
from wagtail.models import Page

from .ground import Ground, make_table, model_of, own_key, quoted
from .sheet import Carried, carried, found

_PAGE_THERE = "(SELECT m.new FROM pg_temp.m_page m WHERE m.old = s.{column})"
_BY_NAME = "(SELECT n.new FROM pg_temp.m_{table} n WHERE n.old = s.{column})"
_KIND_THERE = "(SELECT k.new FROM pg_temp.m_kind k WHERE k.old = s.{column})"

_THINGS = """
SELECT k.old AS kind, p.old::text AS old, p.new::text AS new, p.is_row
FROM pg_temp.m_page p JOIN {source}.wagtailcore_page s ON s.id = p.old
JOIN pg_temp.m_kind k ON k.is_page OR k.old = s.content_type_id
UNION ALL
SELECT k.old, s.id::text, (s.id + {offset:media.SiteImage})::text, true
FROM {source}.media_siteimage s JOIN pg_temp.m_kind k ON k.kind = 'media.siteimage'
UNION ALL
SELECT k.old, s.id::text, (s.id + {offset:media.SiteDocument})::text, true
FROM {source}.media_sitedocument s JOIN pg_temp.m_kind k ON k.kind = 'media.sitedocument'
"""


def insert_statement(line: Carried, ground: Ground, *, extra: dict[str, str] | None = None) -> str:
    """The statement that carries the rows of ``line``. ``extra``: further columns and their values, before all else."""
    model = model_of(line.model)
    values = {**line.columns, **(extra or {})}
    columns, expressions = [], []
    for field in model._meta.local_concrete_fields:
        columns.append(quoted(field.column))
        expressions.append(values.get(field.column) or value_of(field, ground))
    table = quoted(model._meta.db_table)
    return (
        f"INSERT INTO {{destination}}.{table} ({', '.join(columns)})"
        f" SELECT {', '.join(expressions)} FROM {{source}}.{table} s WHERE {line.rows}"
    )


def carry_rows(line: Carried, ground: Ground, *, extra: dict[str, str] | None = None) -> int:
    """Carry the rows of one table; return how many."""
    return ground.execute(insert_statement(line, ground, extra=extra))


def prepare_things(ground: Ground) -> None:
    """Make the temporary table ``m_thing``: pages and files as the index of references names them."""
    make_table(ground, "m_thing", f"AS {_THINGS}")
    ground.execute("CREATE INDEX ON m_thing (kind, old)")
    ground.execute("ANALYZE m_thing")


def line_of(label: str) -> Carried:
    """The line of the sheet of a model."""
    return next(line for line in carried() if line.model == label)


def value_of(field: Any, ground: Ground) -> str:
    """The value that a column gets there, as SQL over the row ``s``."""
    column = quoted(field.column)
    if field.primary_key and own_key(field.model):
        return f"s.{column} + {ground.offset(field.model)}"
    if not isinstance(field, models.ForeignKey):
        return f"s.{column}"
    target = field.related_model
    label = target._meta.label
    if issubclass(target, Page):
        return _PAGE_THERE.format(column=column)
    if label == "contenttypes.ContentType":
        return _KIND_THERE.format(column=column)
    if any(one.model == label for one in found()):
        return _BY_NAME.format(table=target._meta.db_table, column=column)
    if label in ground.offsets:
        return f"s.{column} + {ground.offsets[label]}"
    # What lies in public has one number everywhere.
    return f"s.{column}"
