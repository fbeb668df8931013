"""Removing from the destination what a merge brought there, and what people have added to it since."""

from wagtail.models import Page

from .ground import Ground, check_constraints, make_table, model_of, own_key, prepare_names, quoted
from .sheet import Carried, carried

#: Pages of the merge, and whatever was made below them.
_PAGES = """
SELECT DISTINCT c.id FROM {destination}.wagtailcore_page p JOIN {destination}.wagtailcore_page c
 ON c.path LIKE p.path || '%%' AND c.depth >= p.depth WHERE p.id BETWEEN %s AND %s
"""
#: Rows that are chosen by no foreign key: by the kind and number of what they are about.
_BY_NUMBER = {"wagtailcore.ReferenceIndex": "base_content_type_id", "wagtailsearch.IndexEntry": "content_type_id"}
_OF_PAGES = """
DELETE FROM {{destination}}.{table} r USING {{destination}}.wagtailcore_page p, {{destination}}.django_content_type k
WHERE p.id IN (SELECT old FROM pg_temp.m_page) AND r.object_id = p.id::text AND k.id = r.{kind}
 AND (k.id = p.content_type_id OR (k.app_label, k.model) = ('wagtailcore', 'page'))
"""
#: Rows of the destination's own that name a page or a column of the merge: model, and the column that names it.
_ARRANGED = (
    ("columns.Pin", "column_id"),
    ("columns.Listing", "column_id"),
    ("columns.WritingRight", "column_id"),
    ("home.Recommended", "page_id"),
)


def remove_rows(ground: Ground) -> None:
    """Delete the rows of the merge in all tables, and those of later days that belong to its pages.

    The gate lets rows go with the merge that brought them, and no others: what people have decided on since raises
    DatabaseError. Call in a transaction with the chains held, in the state REVERTING.
    """
    # The conditions of the sheet choose rows by the pages that they belong to: here, by those of the destination.
    there = Ground(ground.merge, ground.destination, ground.destination, dict(ground.offsets))
    make_table(there, "m_page", "old int PRIMARY KEY, is_row boolean NOT NULL DEFAULT true, new int")
    first, last, _offset = ground.merge.ranges[Page._meta.db_table]
    there.execute(f"INSERT INTO pg_temp.m_page (old) {_PAGES}", [first, last])
    prepare_names(there, make=False)
    _remove_arranged(there)
    for line in reversed(carried()):
        if line.model in _BY_NUMBER:
            table = model_of(line.model)._meta.db_table
            there.execute(_OF_PAGES.format(table=table, kind=_BY_NUMBER[line.model]))
        _remove(there, line)
    check_constraints()


def _remove_arranged(there: Ground) -> None:
    """What the destination has arranged with carried pages and columns since goes with them."""
    for label, key in _ARRANGED:
        table = quoted(model_of(label)._meta.db_table)
        there.execute(f"DELETE FROM {{destination}}.{table} s WHERE s.{key} IN (SELECT old FROM pg_temp.m_page)")


def _remove(there: Ground, line: Carried) -> None:
    model = model_of(line.model)
    table, key = quoted(model._meta.db_table), model._meta.pk.column
    first, last, _offset = there.merge.ranges[model._meta.db_table]
    conditions = [f"s.{key} BETWEEN {first} AND {last}"]
    if issubclass(model, Page):
        conditions.append(f"s.{key} IN (SELECT old FROM pg_temp.m_page)")
    elif own_key(model) and "m_page" in line.rows and "m_thing" not in line.rows:
        conditions.append(f"({line.rows})")
    for condition in conditions:
        there.execute(f"DELETE FROM {{destination}}.{table} s WHERE {condition}")
