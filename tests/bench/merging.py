"""``python -m tests.bench.merging [--pages N]``: a county's whole site into its portal, against ``Page.copy``.

The county grows by merges: forty published pages with a picture, an attachment and three versions each are carried
into another site twice, and so on, until there are N. Its resources and addresses are entered as if each had been
published there. Then it is merged into the portal, with the time of each step, proven, and taken back.
"""

import argparse
import cProfile
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .pushes import _environment  # noqa: E402
from .server import run_server  # noqa: E402

_FIRST = 40
_COPIED = 40
_ROLES = {"editor": "editor", "content": "content-reviewer", "secret": "confidentiality-reviewer"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.merging")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--profile", metavar="FILE", help="write where the time of the merge goes (cProfile)")
    parser.add_argument("--statements", type=int, default=0, metavar="N", help="show the N slowest statements, summed")
    options = parser.parse_args()
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-merging"
    with run_server(var) as server:
        os.environ.update(_environment(server, var))
        import django

        django.setup()
        print(json.dumps(_measure(options.pages, options.profile, options.statements), indent=1))
    return 0


def _measure(pages: int, profile: str | None, most: int) -> dict[str, Any]:
    from govplatform.lifecycle.actions import initialise_platform
    from govplatform.lifecycle.merge.carrying.running import carry, take_back
    from govplatform.lifecycle.merge.proving import find_merge_faults

    initialise_platform()
    people = _people()
    began = time.perf_counter()
    source, count = _site(people, 0), _FIRST
    _publish(source, people)
    number = 0
    while count < pages:
        number += 1
        bigger = _site(people, number)
        for _time in range(2):
            _carried(source, bigger)
        source, count = bigger, count * 2
        print("pages", count, f"{time.perf_counter() - began:.0f} s", flush=True)
    _as_published_here(source)
    _enter(source)
    portal = _site(people, number + 1, level="city")
    _publish(portal, people)
    merge = _merge(source, portal)
    steps: dict[str, float] = {}
    last = [time.perf_counter(), "plan"]

    def note(step: str, _done: int, _total: int) -> None:
        now = time.perf_counter()
        steps[last[1]] = steps.get(last[1], 0.0) + now - last[0]
        last[:] = [now, step]

    tables = _timed_tables()
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    with _summed_statements(most):
        carry(merge, progress=note)
    profiler.disable()
    if profile:
        profiler.dump_stats(profile)
    note("end", 0, 0)
    result: dict[str, Any] = {
        "counts": {name: merge.counts[name] for name in ("pages", "revisions", "files", "transferred")},
        "seconds": merge.seconds,
        "switch_seconds": merge.switch_seconds,
        "steps": {name: round(value, 2) for name, value in steps.items()},
        "tables": {name: round(value, 2) for name, value in sorted(tables.items(), key=lambda one: -one[1])[:12]},
    }
    copied = _page_copy(portal)
    result["page_copy_ms"] = round(copied * 1000, 1)
    result["ratio"] = round(copied * merge.counts["pages"] / merge.seconds, 1)
    # What follows takes longer than the merge itself.
    print(json.dumps(result), flush=True)
    began = time.perf_counter()
    checked, faults = find_merge_faults(merge)
    result["proof"] = {"seconds": round(time.perf_counter() - began, 1), "checked": checked, "faults": faults[:3]}
    began = time.perf_counter()
    take_back(merge)
    result["take_back_seconds"] = round(time.perf_counter() - began, 1)
    return result


@contextmanager
def _summed_statements(most: int) -> Iterator[None]:
    """Print the ``most`` statements that took longest within, each with its sum, its number and how it begins."""
    from django.db import connection

    sums: dict[str, list[float]] = {}

    def summed(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            one = sums.setdefault(" ".join(str(sql).split())[:150], [0.0, 0])
            one[0] += time.perf_counter() - began
            one[1] += 1

    with connection.execute_wrapper(summed):
        yield
    for statement, (seconds, count) in sorted(sums.items(), key=lambda one: -one[1][0])[:most]:
        print(f"{seconds:7.3f} s {count:6.0f} x  {statement}", flush=True)


def _timed_tables() -> dict[str, float]:
    """Have the time of each table noted: label of the model -> seconds."""
    from govplatform.lifecycle.merge.carrying import running

    seconds: dict[str, float] = {}
    plain = running.carry_rows

    def timed(line: Any, ground: Any) -> int:
        began = time.perf_counter()
        count = plain(line, ground)
        seconds[f"{line.model} {count}"] = time.perf_counter() - began
        return count

    running.carry_rows = timed
    return seconds


def _people() -> dict[str, Any]:
    from govplatform.accounts.models import User

    return {name: User.objects.create_user(f"bench_{name}", f"bench {name}", "Bench-password-2026") for name in _ROLES}


def _site(people: dict[str, Any], number: int, level: str = "county") -> Any:
    from govplatform.accounts.models import Membership
    from govplatform.lifecycle.actions import NewSite, open_site

    tenant, _seconds = open_site(
        NewSite(
            code=f"m{number}", host=f"m{number}.localhost", console_host=f"m{number}.console.localhost",
            full_name=f"云江省第{number}测试{'市' if level == 'city' else '县'}人民政府", kind="portal", level=level,
            identity_code=f"5301{number:06d}", parent_code=None,
        ),
        acting_user=None,
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(user=people[name], tenant=tenant, role=role) for name, role in _ROLES.items()
    )
    return tenant


def _publish(tenant: Any, people: dict[str, Any]) -> None:
    import io

    from django.core.files.base import ContentFile
    from django_tenants.utils import tenant_context
    from PIL import Image

    from govplatform.review.submission.actions import submit_for_review
    from govplatform.review.submission.from_the_shell import decide_from_the_shell
    from sites.articles.models import Article
    from sites.columns.models import Column
    from sites.media.models import SiteDocument, SiteImage

    with tenant_context(tenant):
        column = Column.objects.get(slug="news")
        for number in range(_FIRST):
            pixels = io.BytesIO()
            Image.new("RGB", (320, 240), (number, 99, 120)).save(pixels, "JPEG")
            picture = SiteImage.objects.create(
                title=f"图{number}", file=ContentFile(pixels.getvalue(), name=f"p{number}.jpg"), width=320, height=240
            )
            picture.get_rendition("width-160")
            body: list[dict[str, Any]] = [
                {"type": "rich_text", "value": f"<p>第{number}条信息的正文，用来测量并入。</p>" * 30},
                {"type": "image", "value": {"image": picture.pk, "alt": "图", "caption": "", "decorative": False}},
            ]
            if number % 8 == 0:
                file = SiteDocument.objects.create(title="附件", file=ContentFile(b"x" * 5_000, name="paper.txt"))
                body.append({"type": "attachment", "value": {"document": file.pk, "title": "附件"}})
            page = column.add_child(
                instance=Article(
                    title=f"第{number}条", slug=f"n{number}", source="测试县", owner=people["editor"], body=body
                )
            )
            for _version in range(3):
                page.save_revision(user=people["editor"])
            submit_for_review(page, acting_user=people["editor"])
            for name in ("content", "secret"):
                decide_from_the_shell(page, acting_user=people[name], approve=True, opinion="bench")


def _merge(source: Any, destination: Any) -> Any:
    """The record of a merge, past the application that it belongs to."""
    from django.db import connection
    from django.utils import timezone

    from govplatform.accounts.models import User
    from govplatform.lifecycle.models import Merge, SiteApplication
    from govplatform.tenancy.database_roles import as_owner

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE public.lifecycle_merge DISABLE TRIGGER USER")
        application, _made = SiteApplication.objects.get_or_create(
            tenant=source, kind="retire", state="pending",
            defaults={
                "into": destination, "reason": "bench", "filed_at": timezone.now(),
                "filed_by": User.objects.get(username="bench_editor"),
            },
        )  # fmt: skip
        return Merge.objects.create(source=source, destination=destination, application=application)


def _carried(source: Any, destination: Any) -> None:
    from django.db import connection

    from govplatform.lifecycle.merge.carrying.running import carry
    from govplatform.lifecycle.models import Merge
    from govplatform.tenancy.database_roles import as_owner
    from govplatform.tenancy.models import Tenant

    merge = _merge(source, destination)
    carry(merge, progress=lambda *_: None)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        Merge.objects.filter(pk=merge.pk).update(state=Merge.State.REVERTED)
        Tenant.objects.filter(pk=source.pk).update(moved_into=None)
    source.refresh_from_db()


def _as_published_here(tenant: Any) -> None:
    """Have the pages look as if each had been cleared on the site, and not come through merge after merge."""
    from django.db import connection
    from django_tenants.utils import tenant_context

    from govplatform.tenancy.database_roles import as_owner

    tables = ("review_decision", "review_clearance", "review_transferredclearance", "confidentiality_scan")
    with tenant_context(tenant), as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM review_transferredclearance")
        cursor.execute(
            "UPDATE review_decision d SET digest = c.digest FROM review_clearance c"
            " WHERE d.id IN (c.content_decision_id, c.confidentiality_decision_id)"
        )
        cursor.execute(
            "UPDATE confidentiality_scan s SET digest = c.digest FROM review_clearance c WHERE c.scan_id = s.id"
        )
        cursor.execute("UPDATE review_clearance SET record = jsonb_set(record, '{scan,files}', '[]')")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


def _enter(tenant: Any) -> None:
    """Resources and addresses of the site's pages, as publishing enters them."""
    from django.db import connection
    from django_tenants.utils import tenant_context

    from govplatform.addresses.actions import enter_site
    from govplatform.tenancy.database_roles import as_owner

    with tenant_context(tenant), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH model AS (SELECT * FROM public.content_library_resource ORDER BY id LIMIT 1),
            version AS (SELECT v.* FROM public.content_library_resourceversion v, model WHERE v.id = model.current_id),
            pages AS (
              SELECT p.id AS page, p.title, p.url_path, p.live_revision_id, c.id AS clearance,
               nextval('public.content_library_resource_id_seq') AS r,
               nextval('public.content_library_resourceversion_id_seq') AS v
              FROM wagtailcore_page p JOIN review_clearance c ON c.page_id = p.id AND c.status = 'valid'
              WHERE NOT EXISTS (SELECT 1 FROM public.content_library_resource x
               WHERE x.tenant_id = %(tenant)s AND x.page_id = p.id)),
            made AS (
              INSERT INTO public.content_library_resource (id, uuid, tenant_id, page_id, platform, number, status,
               status_reason, current_id, title, kind, subject_class, document_kind, audience, disclosure,
               organisation, level, repostable, url, published_at, updated_at, folded, terms)
              SELECT p.r, gen_random_uuid(), %(tenant)s, p.page, '', '', m.status, '', p.v, p.title, m.kind,
               m.subject_class, m.document_kind, m.audience, m.disclosure, m.organisation, m.level, m.repostable,
               'http://' || %(host)s || p.url_path, m.published_at, m.updated_at, p.title, m.terms
              FROM pages p, model m RETURNING id)
            INSERT INTO public.content_library_resourceversion (id, resource_id, number, title, metadata, html, text,
             digest, revision_id, clearance_id, cleared_at)
            SELECT p.v, p.r, 1, p.title, v.metadata, v.html, v.text, v.digest, p.live_revision_id, p.clearance,
             v.cleared_at FROM pages p, version v
            """,
            {"tenant": tenant.pk, "host": tenant.public_host},
        )
    with tenant_context(tenant):
        enter_site(tenant)


def _page_copy(tenant: Any) -> float:
    """Seconds for one page by ``Page.copy``, with its versions, into another column."""
    from django_tenants.utils import tenant_context

    from sites.articles.models import Article
    from sites.columns.models import Column

    with tenant_context(tenant):
        column = Column.objects.get(slug="news")
        pages = list(Article.objects.child_of(column).order_by("pk")[:_COPIED])
        target = Column.objects.exclude(slug="news").filter(depth=3).first()
        began = time.perf_counter()
        for page in pages:
            page.copy(to=target, copy_revisions=True, keep_live=False, update_attrs={"slug": f"copy-{page.pk}"})
        return (time.perf_counter() - began) / len(pages)


if __name__ == "__main__":
    raise SystemExit(main())
