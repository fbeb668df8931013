"""Whom the rows of a site name: accounts lie in ``public`` and are not in its dump, so they have to be the same."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from .catalogue import Table

#: So many are named in a refusal.
_NAMED = 5


def accounts_named(schema: str, tables: list[Table]) -> dict[int, str]:
    """Id -> user name of every account that a row of ``schema`` refers to."""
    columns = {table.name: table.columns for table in tables}
    one = sql.SQL("SELECT {c} AS id FROM {t} WHERE {c} IS NOT NULL")
    asked = [
        one.format(c=sql.Identifier(column), t=sql.Identifier(schema, table))
        for table, column in sorted(_referring())
        if column in columns.get(table, ())
    ]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT u.id, u.username FROM public.accounts_user u WHERE u.id IN ({}) ORDER BY u.id").format(
                sql.SQL(" UNION ").join(asked)
            )
        )
        return dict(cursor.fetchall())


def reasons_against_accounts(named: dict[int, str]) -> list[str]:
    """Why rows that name these accounts may not be put into this platform: they would name other people."""
    user = get_user_model()
    here = dict(user._default_manager.filter(pk__in=named).values_list("pk", "username"))
    other = [f"{pk} {name}" for pk, name in sorted(named.items()) if here.get(pk) != name]
    if not other:
        return []
    shown = "、".join(other[:_NAMED]) + ("……" if len(other) > _NAMED else "")
    return [
        _("备份里的 %(count)d 个账号在这个平台上不是同一个人：%(shown)s。备份只能恢复到它所在的平台。")
        % {"count": len(other), "shown": shown}
    ]


def _referring() -> set[tuple[str, str]]:
    """(table, column) of everything in a site that refers to an account."""
    user = get_user_model()
    return {
        (model._meta.db_table, str(field.column))
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.related_model is user
    }
