"""Removing from the destination what a merge brought there, and what people have added to it since."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.images import get_image_model
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .ground import Ground, check_constraints, make_table, model_of, prepare_names, quoted
from .sheet import NOBODY_MISSES, SHEET, Carried, Left, carried

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
    DatabaseError. Raises Refused, which names them, when pages of the destination itself refer to what goes. Call in a
    transaction with the chains held, in the state REVERTING.
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
    _remove_what_came_since(there)
    _refuse_for_pages(there)
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
    elif "m_page" in line.rows and "m_thing" not in line.rows:
        conditions.append(f"({line.rows})")
    for condition in conditions:
        there.execute(f"DELETE FROM {{destination}}.{table} s WHERE {condition}")


def _remove_what_came_since(there: Ground) -> None:
    """Rows that the destination got since and that mean nothing without what has gone: as Django would delete them.

    Only of tables that no merge carries, and those that nobody misses: what else lost what it refers to is found by
    the foreign keys.
    """
    mine = [model_of(line.model) for line in SHEET if isinstance(line, Left) or line.model in NOBODY_MISSES]
    gone = {model_of(line.model) for line in carried()}
    again = True
    while again:
        again = False
        for model in mine:
            for field, orphaned in _orphaned(model, gone):
                table, column = quoted(model._meta.db_table), quoted(field.column)
                if field.remote_field.on_delete is models.SET_NULL:
                    there.execute(f"UPDATE {{destination}}.{table} s SET {column} = NULL WHERE {orphaned}")
                elif field.remote_field.on_delete is models.CASCADE and model._meta.label != "wagtailcore.Site":
                    if model is get_image_model().get_rendition_model():
                        _forget_files(there, table, orphaned)
                    if there.execute(f"DELETE FROM {{destination}}.{table} s WHERE {orphaned}"):
                        gone.add(model)
                        again = True


def _refuse_for_pages(there: Ground) -> None:
    """What a page shows is part of what was cleared, and nobody else takes it out."""
    gone = {model_of(line.model) for line in carried()}
    titles: dict[int, str] = {}
    for line in carried():
        model = model_of(line.model)
        if issubclass(model, Page):
            for _field, orphaned in _orphaned(model, gone):
                table, key = quoted(model._meta.db_table), quoted(model._meta.pk.column)
                titles |= dict(
                    there.rows(
                        f"SELECT p.id, p.title FROM {{destination}}.{table} s"
                        f" JOIN {{destination}}.wagtailcore_page p ON p.id = s.{key} WHERE {orphaned} ORDER BY p.id"
                    )
                )
    if titles:
        raise Refused(
            [
                _("“%(title)s”（页面 %(page)s）用着迁来的图片或页面，请先在“%(site)s”把它换掉或删去，再退回。")
                % {"title": title, "page": page, "site": there.destination.full_name}
                for page, title in sorted(titles.items())
            ]
        )


def _orphaned(model: Any, gone: set[Any]) -> Iterator[tuple[Any, str]]:
    """(key, condition on the row ``s``: what it names is not there any more) of each key to ``gone``."""
    keys: list[Any] = [one for one in model._meta.local_concrete_fields if isinstance(one, models.ForeignKey)]
    for field in keys:
        if field.related_model in gone and field.db_constraint and not field.primary_key:
            target, key = quoted(field.related_model._meta.db_table), quoted(field.target_field.column)
            named = f"s.{quoted(field.column)}"
            there = f"SELECT 1 FROM {{destination}}.{target} o WHERE o.{key} = {named}"
            yield field, f"{named} IS NOT NULL AND NOT EXISTS ({there})"


def _forget_files(there: Ground, table: str, orphaned: str) -> None:
    """The files of the sizes that go, once they have gone."""
    names = [name for (name,) in there.rows(f"SELECT s.file FROM {{destination}}.{table} s WHERE {orphaned}")]
    if names:
        transaction.on_commit(partial(_remove_sizes, there.destination, names))


def _remove_sizes(tenant: Tenant, names: list[str]) -> None:
    storage = get_image_model().get_rendition_model()._meta.get_field("file").storage
    with tenant_context(tenant):
        for name in names:
            with suppress(OSError):
                storage.delete(name)
