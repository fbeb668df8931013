"""``python -m tests.bench.platform_side ACTION ARGUMENT...``: prints one JSON object."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django


def initialise() -> dict[str, Any]:
    from django.core.management import call_command

    from govplatform.accounts.models import User
    from govplatform.lifecycle.actions import initialise_platform

    started = time.perf_counter()
    initialise_platform()
    seconds = time.perf_counter() - started
    for name in ("editor", "content", "secret"):
        User.objects.create_user(f"bench_{name}", f"bench {name}", "Bench-password-2026")
    call_command("collectstatic", interactive=False, verbosity=0)
    return {"seconds": seconds}


def open_sites(first: str, last: str) -> dict[str, Any]:
    """Sites number ``first`` to ``last``, each as an operator opens it. ``seconds``: one number each."""
    from govplatform.accounts.models import Membership, User
    from govplatform.lifecycle.actions import NewSite, open_site

    people = {role: User.objects.get(username=f"bench_{name}") for role, name in _ROLES.items()}
    seconds = []
    for number in range(int(first), int(last) + 1):
        tenant, took = open_site(
            NewSite(
                code=f"b{number}", host=f"b{number}.localhost", console_host=f"b{number}.console.localhost",
                full_name=f"云江省第{number}测试县人民政府", kind="portal", level="county",
                identity_code=f"5301{number:06d}",
            ),
            acting_user=None,
        )  # fmt: skip
        seconds.append(took)
        for role, user in people.items():
            Membership.objects.create(user=user, tenant=tenant, role=role)
    return {"seconds": seconds}


_ROLES = {"editor": "editor", "content-reviewer": "content", "confidentiality-reviewer": "secret"}


def publish(first: str, last: str, count: str) -> dict[str, Any]:
    """``count`` live articles on each of the sites, through both reviews. ``paths``: the last one's, by site."""
    from django_tenants.utils import tenant_context

    from govplatform.tenancy.queries import get_tenant

    paths = {}
    for number in range(int(first), int(last) + 1):
        tenant = get_tenant(f"b{number}")
        with tenant_context(tenant):
            for _article in range(int(count)):
                page = _draft_article()
                _review(page)
            paths[tenant.code] = f"/news/{page.slug}/"
    return {"paths": paths}


def _draft_article() -> Any:
    from govplatform.accounts.models import User
    from sites.articles.models import Article
    from sites.columns.models import Column
    from tests.bench.content import ARTICLE_FACTS, article_body, article_title

    editor = User.objects.get(username="bench_editor")
    column = Column.objects.get(slug="news")
    number = column.numchild + 1
    page = column.add_child(
        instance=Article(
            title=article_title(number), slug=f"item-{number}", owner=editor, body=article_body(), **ARTICLE_FACTS
        )
    )
    page.save_revision(user=editor)
    return page


def _review(page: Any) -> None:
    from govplatform.accounts.models import User
    from govplatform.review.submission.actions import submit_for_review
    from govplatform.review.submission.from_the_shell import decide_from_the_shell

    people = {name: User.objects.get(username=f"bench_{name}") for name in _ROLES.values()}
    submit_for_review(page, acting_user=people["editor"])
    for name in ("content", "secret"):
        decide_from_the_shell(page, acting_user=people[name], approve=True, opinion="同意。")


def check(rounds: str) -> dict[str, Any]:
    from govplatform.tenancy.fleet import check_fleet

    seconds = []
    for _round in range(int(rounds)):
        started = time.perf_counter()
        report = check_fleet()
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds, "sites": report.sites, "current": report.current}


def migrate() -> dict[str, Any]:
    from govplatform.tenancy.fleet import migrate_fleet

    started = time.perf_counter()
    report = migrate_fleet()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "migrated": report.migrated, "failed": report.failed, "sites": report.sites}


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


def chain(site: str, count: str) -> dict[str, Any]:
    """Word files imported, twice approved, live: ``count`` on one site, begun when a line comes in."""
    from django_tenants.utils import tenant_context

    from govplatform.tenancy.queries import get_tenant
    from tests.bench.content import write_document

    with tenant_context(get_tenant(site)), tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.docx" for number in range(int(count) + 1)]
        for path in paths:
            write_document(path)
        _import_and_review(paths.pop())
        print("ready", flush=True)
        sys.stdin.readline()
        started = time.time()
        for path in paths:
            _import_and_review(path)
        return {"started": started, "ended": time.time(), "documents": len(paths)}


def _import_and_review(path: Path) -> None:
    from wagtail.models import Page

    from govplatform.accounts.models import User
    from sites.columns.models import Column
    from sites.documents_in.actions import import_document

    editor = User.objects.get(username="bench_editor")
    imported = import_document(
        path, filename=path.name, column=Column.objects.get(slug="news"), acting_user=editor, submit=False
    )
    _review(imported.page)
    if not Page.objects.get(pk=imported.page.pk).live:
        raise RuntimeError(f"page {imported.page.pk} did not go live")


def publishing(site: str, rounds: str) -> dict[str, Any]:
    """What the library adds to a publication, for pages of text and pages with files."""
    from django_tenants.utils import tenant_context

    from govplatform.tenancy.queries import get_tenant

    from .publishing import compare

    with tenant_context(get_tenant(site)):
        return compare(int(rounds), _review)


def archive(site: str, out: str, count: str) -> dict[str, Any]:
    """An archive of ``count`` addresses of one site."""
    from govplatform.tenancy.queries import get_tenant

    from .archiving import make

    return make(get_tenant(site), Path(out), int(count))


def grow(site: str, count: str) -> dict[str, Any]:
    """``count`` articles on one site."""
    from govplatform.tenancy.queries import get_tenant

    from .growing import grow

    return grow(get_tenant(site), int(count))


def bake(site: str) -> dict[str, Any]:
    """The files of one site."""
    from govplatform.tenancy.queries import get_tenant

    from .growing import bake

    return bake(get_tenant(site))


def front(folder: str, site: str, port: str) -> dict[str, Any]:
    """The configuration of nginx with the site's files, as it is shipped; everything lies below ``folder``."""
    from govplatform.tenancy.queries import get_tenant
    from tests.bench.delivery import write_front

    return {"conf": str(write_front(Path(folder), {get_tenant(site).public_host}, int(port)))}


_ACTIONS = (
    initialise, open_sites, publish, check, migrate, statements, chain, publishing, archive, grow, bake, front,
)  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.platform_side.settings")
    django.setup()
    action = {function.__name__: function for function in _ACTIONS}[sys.argv[1]]
    print(json.dumps(action(*sys.argv[2:])))  # type: ignore[operator]


if __name__ == "__main__":
    main()
