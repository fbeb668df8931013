"""The two schemas of a merge and the numbers that rows get in the second one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql
from wagtail.models import Page

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ...models import Merge
from .sheet import carried, found

#: So many numbers may be drawn by others between two calls on a sequence; they are left free.
_GAP = 1_000
#: Room for pages that the source does not have: the channel.
NEW_PAGES = 20
_MOST_INTEGER = 2**31 - 1

_KINDS = """
SELECT s.id AS old, d.id AS new, s.app_label || '.' || s.model AS kind,
 s.app_label = 'wagtailcore' AND s.model = 'page' AS is_page
FROM {source}.django_content_type s JOIN {destination}.django_content_type d USING (app_label, model)
"""


@dataclass
class Ground:
    """Where a merge takes place. ``offsets``: label of a carried model -> what is added to its keys."""

    merge: Merge
    source: Tenant
    destination: Tenant
    offsets: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, merge: Merge) -> "Ground":
        """The ground of a merge whose numbers have been reserved already, or not yet."""
        ground = cls(merge, merge.source, merge.destination)
        for line in carried():
            reserved = merge.ranges.get(model_of(line.model)._meta.db_table)
            if reserved is not None:
                ground.offsets[line.model] = reserved[2]
        return ground

    def offset(self, model: type[models.Model]) -> int:
        return self.offsets[model._meta.label]

    def statement(self, text: str) -> str:
        """``text`` with ``{source}``, ``{destination}`` and ``{offset:Label}`` filled in."""
        for label, offset in self.offsets.items():
            text = text.replace(f"{{offset:{label}}}", str(offset))
        return text.replace("{source}", quoted(self.source.schema_name)).replace(
            "{destination}", quoted(self.destination.schema_name)
        )

    def execute(self, text: str, values: Any = None) -> int:
        """Send ``statement(text)``; return the number of rows."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement(text), values)
            return int(cursor.rowcount)

    def rows(self, text: str, values: Any = None) -> list[tuple[Any, ...]]:
        """Send ``statement(text)``; return all rows."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement(text), values)
            return list(cursor.fetchall())

    def streamed(self, text: str, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
        """Send ``statement(text)``; give its rows, so many at once, and hold no more of them. In a transaction."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(self.statement(text))
            while rows := cursor.fetchmany(at_once):
                yield list(rows)


def quoted(name: str) -> str:
    """``name`` as an identifier in SQL."""
    return str(sql.Identifier(name).as_string(None))


def model_of(label: str) -> Any:
    return apps.get_model(label)


def own_key(model: type[models.Model]) -> bool:
    """Whether rows of ``model`` have a key of their own, and not that of a page."""
    return model._meta.pk is not None and model._meta.pk.remote_field is None


def copy_rows(table: str, columns: tuple[str, ...], rows: Any) -> None:
    """Write ``rows`` into a temporary table with COPY."""
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY pg_temp.{table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def make_table(ground: Ground, name: str, definition: str) -> None:
    """Make a temporary table for this transaction: ``definition`` is its columns, or ``AS`` and a query."""
    definition = f"ON COMMIT DROP {definition}" if definition.startswith("AS ") else f"({definition}) ON COMMIT DROP"
    # Inside the transaction of a test there may be one from before.
    ground.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    ground.execute(f"CREATE TEMP TABLE {name} {definition}")


def check_constraints() -> None:
    """Have the foreign keys of this transaction checked now and not at its commit, when others would wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def reserve_numbers(ground: Ground) -> dict[str, list[int]]:
    """Draw a range of keys in the destination for each carried table; return ``Merge.ranges``.

    Sequences are not rolled back, so what is drawn stays drawn. Raises Refused when a table has no numbers left.
    """
    ranges: dict[str, list[int]] = {}
    for line in carried():
        model = model_of(line.model)
        table = model._meta.db_table
        if not own_key(model):
            continue
        column = model._meta.pk.column
        low, high = ground.rows(f"SELECT min({column}), max({column}) FROM {{source}}.{quoted(table)}")[0]
        if low is None:
            low, high = 1, 0
        span = high - low + 1 + _room(ground, line.model)
        ((last,),) = ground.rows(
            "SELECT setval(q.name, nextval(q.name) + %s) FROM pg_get_serial_sequence(%s, %s) AS q(name)",
            [_GAP + span, ground.statement(f"{{destination}}.{quoted(table)}"), column],
        )
        if last > _MOST_INTEGER and not isinstance(model._meta.pk, models.BigAutoField):
            raise Refused(_("并入站点的表“%(table)s”编号不足，不能并入。") % {"table": table})
        first = last - span + 1
        ranges[table] = [first, last, first - low]
    for line in carried():
        model = model_of(line.model)
        if not own_key(model):
            ranges[model._meta.db_table] = ranges[Page._meta.db_table]
    return ranges


def new_numbers(ground: Ground, model: type[models.Model], count: int) -> list[int]:
    """The last ``count`` keys of the range of ``model``, for rows that the source does not have."""
    _first, last, _offset = ground.merge.ranges[model._meta.db_table]
    return list(range(last - count + 1, last + 1))


def prepare_names(ground: Ground, *, make: bool = True) -> None:
    """Make the temporary tables by which rows of both sites with the same name are found (trap T1).

    ``m_kind`` for content types, ``m_<table>`` for the others; missing tags are made
    (``make``). Raises Refused when the sites are
    not of one age: a kind of page or a task that the destination does not have.
    """
    make_table(ground, "m_kind", f"AS {_KINDS}")
    for line in found():
        model = model_of(line.model)
        if line.model == "contenttypes.ContentType":
            continue
        table = model._meta.db_table
        if make and line.model == "taggit.Tag":
            ground.execute(
                "INSERT INTO {destination}.taggit_tag (name, slug)"
                " SELECT s.name, CASE WHEN EXISTS (SELECT 1 FROM {destination}.taggit_tag d WHERE d.slug = s.slug)"
                " THEN left(s.slug, 60) || '-' || %s ELSE s.slug END FROM {source}.taggit_tag s"
                " WHERE NOT EXISTS (SELECT 1 FROM {destination}.taggit_tag d WHERE d.name = s.name)",
                [f"m{ground.merge.pk}"],
            )
        names = ", ".join(line.by)
        same = " AND ".join(f"d.{name} = s.{name}" for name in line.by)
        make_table(
            ground,
            f"m_{table}",
            f"AS SELECT DISTINCT ON (s.id) s.id AS old, d.id AS new FROM {{source}}.{table} s"
            f" JOIN {{destination}}.{table} d ON {same} ORDER BY s.id, d.id",
        )
        missing = ground.rows(
            f"SELECT {names} FROM {{source}}.{table} s WHERE NOT EXISTS (SELECT 1 FROM pg_temp.m_{table} m"
            " WHERE m.old = s.id)"
        )
        if missing:
            raise Refused(
                _("并入站点没有“%(name)s”（%(kind)s），请先将两个站点升级到同一版本。")
                % {"name": "、".join(str(row[0]) for row in missing), "kind": model._meta.verbose_name}
            )


def _room(ground: Ground, label: str) -> int:
    """So many rows of a table are made by the merge itself."""
    if label == "wagtailcore.Page":
        return NEW_PAGES
    if label == "review.TransferredClearance":
        return int(ground.rows("SELECT count(*) FROM {source}.review_clearance WHERE status = 'valid'")[0][0])
    if label == "review.FrameClearance":
        # Of each column that goes along, and of what the merge opens: under numbers of the merge, or the gate would
        # keep them when it is taken back.
        ((columns,),) = ground.rows("SELECT count(*) FROM {source}.columns_column")
        return int(columns) + NEW_PAGES
    return 0
