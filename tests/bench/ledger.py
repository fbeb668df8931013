"""``python -m tests.bench.ledger [--entries 1000000]``: the ledger of addresses with many entries.

In one run: how long a redirect takes from the application with a thousand entries and with all of them (median and
99th of 100), by how much the process grows with them, how long the export for nginx takes, and what nginx answers a
second with the exported map and without it. Nothing is compared with an earlier run.
"""

import argparse
import http.client
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

_ASKED, _ROUNDS = 1_000, 5
#: Of a site that is closed, to the page of another one: two rows have to be found for each.
_FILL = """
WITH n AS (SELECT i, '/art/2019/' || i %% 977 || '/art_' || i || '.html' AS path FROM generate_series(%s::int, %s) i)
INSERT INTO public.addresses_address (tenant_id, host, path, key, loose, kind, object_id, variant, title, state,
 ending, reason, to_tenant_id, to_kind, to_object, to_path, to_url, since, changed_at)
SELECT %s, '', path, encode(substring(sha256(convert_to(path, 'UTF8')) for 16), 'hex')::uuid,
 encode(substring(sha256(convert_to(left(path, -5), 'UTF8')) for 16), 'hex')::uuid,
 'page', i, '', 'title ' || i, 'past', 'moved', '', %s, 'page', %s, '', '', now(), now() FROM n
"""


def _percentiles(seconds: list[float]) -> dict[str, float]:
    marks = statistics.quantiles(seconds, n=100)
    return {"median_ms": round(marks[49] * 1e3, 2), "p99_ms": round(marks[98] * 1e3, 2)}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def redirects(entries: int, browser: Any) -> dict[str, float]:
    """Ask for addresses of the first ``entries``, each of which leads elsewhere."""
    chosen = random.Random(7)
    taken = []
    for number in (chosen.randint(1, entries) for _one in range(_ASKED)):
        started = time.perf_counter()
        answer = browser.get(f"/art/2019/{number % 977}/art_{number}.html")
        taken.append(time.perf_counter() - started)
        if answer.status_code != 301:
            raise RuntimeError(f"{number}: {answer.status_code}")
    return _percentiles(taken)


def a_second(front: Any) -> float:
    """Static files from nginx, one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=20)
    started = time.perf_counter()
    for _one in range(_ASKED):
        connection.request("GET", "/static/page.css", headers={"Host": "alpha.localhost"})
        connection.getresponse().read()
    return _ASKED / (time.perf_counter() - started)


def front_server(folder: Path, exported: Path | None) -> Any:
    from tests.ports import free_port
    from tests.serving.front_server import FrontServer

    static = folder / "static"
    static.mkdir(parents=True)
    (static / "page.css").write_text("body{}")
    front = FrontServer(folder / "front", free_port(), static)
    if exported is not None:
        (front.folder / "etc" / "govplatform" / "ledger.conf").write_bytes(exported.read_bytes())
    return front


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    entries = parser.parse_args().entries
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from govplatform.addresses.models import Address
    from govplatform.addresses.nginx import export_map
    from govplatform.tenancy.models import Tenant
    from tests import database

    name = database.clone_prepared("ledger-bench", "sites")
    database.use_database(name)
    try:
        alpha, beta = Tenant.objects.get(code="alpha"), Tenant.objects.get(code="beta")
        home = Address.objects.get(tenant=beta, path="/").object_id

        def fill(first: int, last: int) -> None:
            with connection.cursor() as cursor:
                cursor.execute(_FILL, [first, last, alpha.pk, beta.pk, home])
                cursor.execute("ANALYZE public.addresses_address")

        Tenant.objects.filter(pk=alpha.pk).update(status=Tenant.Status.RETIRED)
        browser = Client(HTTP_HOST="alpha.localhost")
        fill(1, 1_000)
        redirects(1_000, browser)
        figures: dict[str, Any] = {"entries": entries, "few": redirects(1_000, browser)}
        before = _megabytes()
        fill(1_001, entries)
        figures["all"] = redirects(entries, browser)
        figures["p99_ratio"] = round(figures["all"]["p99_ms"] / figures["few"]["p99_ms"], 2)
        figures["process_grew_mb"] = round(_megabytes() - before, 1)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "ledger.conf"
            started = time.perf_counter()
            report = export_map(out)
            figures["export_seconds"] = round(time.perf_counter() - started, 1)
            figures["exported"], figures["file_mb"] = report.entries, round(out.stat().st_size / 1e6, 1)
            plain = front_server(Path(folder) / "plain", None)
            mapped = front_server(Path(folder) / "mapped", out)
            with plain.running(), mapped.running():
                pairs = [(a_second(plain), a_second(mapped)) for _round in range(_ROUNDS)]
            without, with_map = (statistics.median(side) for side in zip(*pairs, strict=True))
            figures["nginx_without"], figures["nginx_with"] = round(without), round(with_map)
            figures["nginx_share"] = round(with_map / without, 2)
        print(json.dumps(figures, indent=1))
    finally:
        connection.close()
        database.drop_database(name)


if __name__ == "__main__":
    main()
