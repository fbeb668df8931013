"""``python -m tests.bench.stock ACTION ARGUMENT...``: prints one JSON object."""

import json
import os
import sys
import time
from typing import Any

import django


def initialise() -> dict[str, Any]:
    from django.core.management import call_command

    started = time.perf_counter()
    call_command("migrate_schemas", shared=True, verbosity=0, interactive=False)
    return {"seconds": time.perf_counter() - started}


def open_sites(first: str, last: str) -> dict[str, Any]:
    """Sites as django-tenants makes them: ``save()`` runs every migration. ``seconds``: one number each."""
    from django_tenants.utils import tenant_context

    from tests.bench.stock.registry.models import Client, Domain

    seconds = []
    for number in range(int(first), int(last) + 1):
        started = time.perf_counter()
        tenant = Client(schema_name=f"stock_{number}", name=f"云江省第{number}测试县人民政府")
        tenant.save(verbosity=0)
        Domain.objects.create(tenant=tenant, domain=f"stock{number}.localhost", is_primary=True)
        with tenant_context(tenant):
            _plant(tenant.name, f"stock{number}.localhost")
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds}


def _plant(name: str, host: str) -> None:
    from wagtail.models import Page, Site

    from tests.bench.stock.content.models import Column, HomePage

    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()
    Page.fix_tree()
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title=name, slug="home"))
    Site.objects.create(hostname=host, port=80, site_name=name, root_page=home, is_default_site=True)
    columns = {"news": "政务动态", "notices": "通知公告", "policies": "政策文件", "interpretations": "政策解读"}
    for slug, title in columns.items():
        home.add_child(instance=Column(title=title, slug=slug, column_type="news", show_in_menus=True))


def publish(first: str, last: str, count: str) -> dict[str, Any]:
    """``count`` live articles on each of the sites. ``paths``: the last one's, by site."""
    from django_tenants.utils import tenant_context

    from tests.bench.content import ARTICLE_FACTS, article_body, article_title
    from tests.bench.stock.content.models import Article, Column
    from tests.bench.stock.registry.models import Client

    paths = {}
    for number in range(int(first), int(last) + 1):
        tenant = Client.objects.get(schema_name=f"stock_{number}")
        with tenant_context(tenant):
            column = Column.objects.get(slug="news")
            for item in range(1, int(count) + 1):
                page = column.add_child(
                    instance=Article(
                        title=article_title(item), slug=f"item-{item}", body=article_body(), **ARTICLE_FACTS
                    )
                )
                page.save_revision().publish()
                column.refresh_from_db()
            paths[tenant.schema_name] = f"/news/{page.slug}/"
    return {"paths": paths}


def migrate() -> dict[str, Any]:
    """``migrate_schemas`` over all sites in this process, without the start of Python."""
    from django.core.management import call_command
    from django_tenants.utils import schema_context

    from tests.bench.stock.registry.models import Client

    with schema_context("public"):
        sites = Client.objects.count()
    started = time.perf_counter()
    call_command("migrate_schemas", tenant=True, verbosity=0, interactive=False)
    return {"seconds": time.perf_counter() - started, "sites": sites}


def statements(site: str, path: str) -> dict[str, Any]:
    """SQL that Django sends for one warm request."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST=f"{site}.localhost")
    for _warm in range(3):
        assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    return {"statements": [q["sql"] for q in captured.captured_queries], "bytes": len(response.content)}


_ACTIONS = (initialise, open_sites, publish, migrate, statements)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.stock.settings")
    django.setup()
    action = {function.__name__: function for function in _ACTIONS}[sys.argv[1]]
    print(json.dumps(action(*sys.argv[2:])))


if __name__ == "__main__":
    main()
