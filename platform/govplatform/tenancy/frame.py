"""The rights of the groups (roles) in a site's schema, which are the same everywhere as in the template.

Roles are part of the code, not of a migration. When their definition changes, the template is filled anew and the sites
follow here: compared in one statement over all of them and changed only where they differ, by natural keys (trap T1).
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from .over_sites import ask_sites

_RIGHTS = """
SELECT g.name || ':' || c.app_label || '.' || p.codename AS held FROM {s}.auth_group_permissions x
  JOIN {s}.auth_group g ON g.id = x.group_id JOIN {s}.auth_permission p ON p.id = x.permission_id
  JOIN {s}.django_content_type c ON c.id = p.content_type_id
UNION ALL SELECT g.name || ':page:' || p.codename FROM {s}.wagtailcore_grouppagepermission x
  JOIN {s}.auth_group g ON g.id = x.group_id JOIN {s}.auth_permission p ON p.id = x.permission_id
UNION ALL SELECT g.name || ':collection:' || c.app_label || '.' || p.codename
  FROM {s}.wagtailcore_groupcollectionpermission x
  JOIN {s}.auth_group g ON g.id = x.group_id JOIN {s}.auth_permission p ON p.id = x.permission_id
  JOIN {s}.django_content_type c ON c.id = p.content_type_id
UNION ALL SELECT g.name FROM {s}.auth_group g
"""
#: The template's rights, translated into the site's own ids.
_TRANSLATED = """
 FROM {t}.{table} x JOIN {t}.auth_group g ON g.id = x.group_id JOIN {s}.auth_group h ON h.name = g.name
 JOIN {t}.auth_permission p ON p.id = x.permission_id JOIN {t}.django_content_type d ON d.id = p.content_type_id
 JOIN {s}.django_content_type c ON c.app_label = d.app_label AND c.model = d.model
 JOIN {s}.auth_permission q ON q.content_type_id = c.id AND q.codename = p.codename
"""

#: Thousands of tiny tables in one statement: weighing plans costs three times what running one does.
_PLAIN_PLANS = (
    "SET LOCAL join_collapse_limit = 1",
    "SET LOCAL enable_mergejoin = off",
    "SET LOCAL enable_memoize = off",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
)


def frames(schemas: list[str]) -> dict[str, str]:
    """Return schema -> MD5 digest of its groups and their rights, by natural keys; one statement.

    A schema that cannot be read is left out.
    """
    one = sql.SQL(f"SELECT {{label}}, md5(string_agg(held, ',' ORDER BY held)) FROM ({_RIGHTS}) AS rights")
    found = ask_sites(
        lambda schema: one.format(label=sql.Literal(schema), s=sql.Identifier(schema)), schemas, settings=_PLAIN_PLANS
    )
    return dict(found)


def schemas_with_other_rights(schemas: list[str]) -> list[str]:
    """Return those of ``schemas`` whose groups have other rights than the template's.

    One that cannot be read is left out.
    """
    found = frames([*schemas, settings.TEMPLATE_SCHEMA])
    wanted = found[settings.TEMPLATE_SCHEMA]
    return [schema for schema in schemas if found.get(schema, wanted) != wanted]


def bring_rights_in_line(schema: str) -> None:
    """Give the groups of ``schema`` exactly the template's rights. Call as owner."""
    names: dict[str, Any] = {"t": sql.Identifier(settings.TEMPLATE_SCHEMA), "s": sql.Identifier(schema)}
    with transaction.atomic(), connection.cursor() as cursor:

        def run(text: str, table: str = "") -> None:
            cursor.execute(sql.SQL(text).format(**names, table=sql.Identifier(table)))

        run("INSERT INTO {s}.auth_group (name) SELECT name FROM {t}.auth_group ON CONFLICT DO NOTHING")
        for table, root, column in (
            ("auth_group_permissions", "", ""),
            ("wagtailcore_grouppagepermission", "(SELECT id FROM {s}.wagtailcore_page WHERE depth = 1)", "page_id"),
            (
                "wagtailcore_groupcollectionpermission",
                "(SELECT id FROM {s}.wagtailcore_collection WHERE depth = 1)",
                "collection_id",
            ),
        ):
            run("DELETE FROM {s}.{table}", table)
            columns, values = (f", {column}", f", {root}") if column else ("", "")
            run(
                "INSERT INTO {s}.{table} (group_id, permission_id"
                + columns
                + ") SELECT DISTINCT h.id, q.id"
                + values
                + _TRANSLATED,
                table,
            )
        run("DELETE FROM {s}.auth_group WHERE name NOT IN (SELECT name FROM {t}.auth_group)")
