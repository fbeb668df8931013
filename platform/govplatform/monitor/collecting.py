"""Figures that are read when they are asked for: queues and deliveries from the database, the verifier from its file.

Cardinality: queues, states and kinds are short lists of the code. A site is a label in one figure alone, of the
``SITES_NAMED`` sites that wait longest, so an installation of 1,000 sites shows that many rows at a time and not 1,000.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count
from django_tenants.utils import schema_context
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from govplatform.delivery.queries import Behind, sites_behind
from govplatform.delivery.verifying.faults import Kind
from govplatform.delivery.verifying.state import EVERY, MISSED_TURNS, read_state
from govplatform.figures import kept
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queue_status import queue_rows
from govplatform.tenancy.queues import QUEUES

SITES_NAMED = 10
_STATEMENT_MILLISECONDS = 5_000


def everything() -> bytes:
    """All figures in Prometheus's text format."""
    registry = CollectorRegistry()
    if (folder := kept.folder()) is not None and folder.is_dir():
        MultiProcessCollector(registry, path=str(folder))
    registry.register(Read())
    return generate_latest(registry)


class Read:
    """A collector: ``collect`` asks the database four questions and reads one file."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        found: list[Metric] = []
        began = time.monotonic()
        try:
            with schema_context("public"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL statement_timeout = {_STATEMENT_MILLISECONDS}")
                found = [*_queues(), *_deliveries(), *_sites()]
        except Error:
            found = []
        yield _one("govplatform_database_up", "Whether the database answered these questions", bool(found))
        yield _one("govplatform_monitor_seconds", "Time that these questions took", time.monotonic() - began)
        yield from found
        yield from _verifier(read_state(Path(settings.DELIVERY_VERIFIER_DIR) / "state.json"))


def _queues() -> Iterator[Metric]:
    rows, now = queue_rows(), time.time()
    waiting = GaugeMetricFamily("govplatform_queue_waiting", "Jobs that could run", labels=["queue", "urgency"])
    later = GaugeMetricFamily("govplatform_queue_later", "Jobs that wait for their time", labels=["queue", "urgency"])
    running = GaugeMetricFamily("govplatform_queue_running", "Jobs that run", labels=["queue", "urgency"])
    oldest = GaugeMetricFamily(
        "govplatform_queue_oldest_seconds", "Age of the job that waits longest", labels=["queue", "urgency"]
    )
    for urgency, queue in enumerate(QUEUES, start=1):
        own, labels = [row for row in rows if row.queue is queue], [queue.name, str(urgency)]
        waiting.add_metric(labels, sum(row.waiting for row in own))
        later.add_metric(labels, sum(row.later for row in own))
        running.add_metric(labels, sum(row.running for row in own))
        since = [row.since.timestamp() for row in own if row.since is not None and row.waiting]
        oldest.add_metric(labels, max(now - min(since), 0) if since else 0)
    yield from (waiting, later, running, oldest)


def _deliveries() -> Iterator[Metric]:
    rows = sites_behind()
    yield _one("govplatform_delivery_pending", "Changes that are in no release yet", sum(row.pending for row in rows))
    yield _one(
        "govplatform_delivery_oldest_seconds",
        "Age of the oldest of them",
        max((row.oldest_seconds for row in rows), default=0),
    )
    yield _one("govplatform_delivery_failing_sites", "Sites whose last delivery failed", sum(map(_fails, rows)))
    yield _one("govplatform_delivery_whole_sites", "Sites to be rendered as a whole", sum(row.is_whole for row in rows))
    behind = GaugeMetricFamily(
        "govplatform_delivery_site_behind_seconds", "The same of the sites that wait longest", labels=["site"]
    )
    for row in [row for row in rows if row.pending][:SITES_NAMED]:
        behind.add_metric([row.tenant.code], row.oldest_seconds)
    yield behind


def _fails(row: Behind) -> bool:
    return row.state is not None and bool(row.state.error)


def _sites() -> Iterator[Metric]:
    counted = dict(Tenant.objects.values_list("status").annotate(Count("pk")).order_by("status"))
    family = GaugeMetricFamily("govplatform_sites", "Sites by state", labels=["status"])
    for status in Tenant.Status.values:
        family.add_metric([status], counted.get(status, 0))
    yield family


def _verifier(state: dict[str, Any]) -> Iterator[Metric]:
    """Of the verifier of this machine; no values where none has run: rules ask each machine that has one."""
    at, swept = float(state.get("at", 0)), float(state.get("swept_at", 0))
    watches = 0 <= time.time() - at < MISSED_TURNS * EVERY
    for name, words, value in (
        ("govplatform_verifier_up", "Whether the verifier watches", float(watches)),
        ("govplatform_verifier_swept_at", "When its last full sweep ended, seconds since 1970", swept),
        (
            "govplatform_verifier_unrepaired",
            "Faults since its start that it could not put right",
            float(state.get("unrepaired", 0)),
        ),
    ):
        yield GaugeMetricFamily(name, words, value=value if state else None)
    faults = CounterMetricFamily("govplatform_verifier_faults", "Faults since its start", labels=["fault"])
    for kind in Kind:
        faults.add_metric([kind.value], state.get("faults", {}).get(kind.value, 0))
    yield faults


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=float(value))
