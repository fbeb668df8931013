"""A site with as many articles as are wanted: copies of those that were published, by SQL, each with its own title."""

from typing import Any

from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.actions import enter_site
from govplatform.delivery.delivering import deliver
from govplatform.delivery.models import Change
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from sites.articles.models import Article
from sites.columns.models import Column
from tests.bench.content import article_title

_TABLES = ("wagtailcore_page", "articles_article")


def grow(tenant: Tenant, count: int) -> dict[str, Any]:
    """``count`` live articles in the column of news, public by the ledger. The guards of the tables sleep meanwhile."""
    with tenant_context(tenant):
        column = Column.objects.get(slug="news")
        pages = list(Article.objects.child_of(column).order_by("path").values_list("pk", flat=True))
        with as_owner(), connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            first = _last_number(column) + 1
            for number in range(count - len(pages)):
                _copy(cursor, pages[number % len(pages)], column, first + number)
            cursor.execute("UPDATE wagtailcore_page SET numchild = %s WHERE id = %s", [count, column.pk])
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("ANALYZE")
    return {"entered": enter_site(tenant)}


def bake(tenant: Tenant) -> dict[str, Any]:
    """The site's files, as its publisher writes them."""
    deliver(tenant, everything=True)
    return {"waiting": Change.objects.filter(tenant=tenant).count()}


def _last_number(column: Column) -> int:
    return int(Page._str2int(Page.objects.child_of(column).order_by("path").last().path[-Page.steplen :]))


def _copy(cursor: Any, page: int, column: Column, number: int) -> None:
    slug = f"item-{number}"
    own = {
        "id": "nextval(pg_get_serial_sequence('wagtailcore_page', 'id'))", "path": "%(path)s", "title": "%(title)s",
        "draft_title": "%(title)s", "slug": "%(slug)s", "url_path": "%(url)s", "translation_key": "gen_random_uuid()",
        "latest_revision_id": "NULL", "live_revision_id": "NULL",
    }  # fmt: skip
    facts = {
        "page": page, "path": Page._get_path(column.path, column.depth + 1, number), "slug": slug,
        "title": article_title(number), "url": f"{column.url_path}{slug}/",
    }  # fmt: skip
    cursor.execute(f"{_insert(Page, own)} WHERE id = %(page)s RETURNING id", facts)
    facts["new"] = cursor.fetchone()[0]
    cursor.execute(f"{_insert(Article, {'page_ptr_id': '%(new)s'})} WHERE page_ptr_id = %(page)s", facts)


def _insert(model: Any, own: dict[str, str]) -> str:
    columns = [field.column for field in model._meta.local_concrete_fields]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(own.get(column, f'"{column}"') for column in columns)
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM {model._meta.db_table}"
