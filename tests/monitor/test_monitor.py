"""The internal port: figures, whether the platform lives, which part of it is not ready."""

import json
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import override_settings
from django.utils import timezone
from prometheus_client import REGISTRY

from govplatform.archive.keys import ensure_key
from govplatform.delivery.keys import publishers_key
from govplatform.delivery.models import Change
from govplatform.delivery.verifying.faults import Done, Fault, Kind
from govplatform.delivery.verifying.state import VerifierState
from govplatform.figures import counted
from govplatform.monitor import answering, collecting
from govplatform.monitor.answering import MonitorServer
from govplatform.monitor.collecting import Read, everything
from govplatform.monitor.readiness import parts_ready
from govplatform.serving import observed
from govplatform.tenancy.jobs import enqueue
from govplatform.tenancy.queries import get_tenant
from govplatform.tenancy.queues import QUEUES
from tests.database import ROOT

MONITORING = ROOT / "deploy" / "monitoring"


def figures() -> dict[str, float]:
    lines = (line.rpartition(" ") for line in everything().decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in lines}


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LIBRARY_ROOT = tmp_path / "library"
    settings.DELIVERY_ROOT = tmp_path / "delivery"
    settings.ARCHIVE_KEY_FILE = tmp_path / "archive_key.pem"
    settings.DELIVERY_KEY_FILE = tmp_path / "delivery_key.pem"
    settings.DELIVERY_PUBLIC_KEY_FILE = tmp_path / "delivery_key.pub"
    settings.DELIVERY_VERIFIER_DIR = tmp_path / "verifier"


@pytest.mark.usefixtures("db")
def test_queues_and_deliveries_show_what_waits_and_since_when():
    before = figures()
    enqueue("govplatform.review.tasks.scan_page", in_schema="public", queue="bulk", scan_id=0)
    site = get_tenant("alpha")
    Change.objects.create(tenant=site, made_at=timezone.now() - timedelta(hours=2))
    now = figures()
    bulk = '{queue="bulk",urgency="5"}'
    assert now[f"govplatform_queue_waiting{bulk}"] == before[f"govplatform_queue_waiting{bulk}"] + 1
    assert now["govplatform_delivery_oldest_seconds"] >= 7200
    assert now['govplatform_delivery_site_behind_seconds{site="alpha"}'] >= 7200
    assert now["govplatform_database_up"] == 1
    assert sum(value for name, value in now.items() if name.startswith("govplatform_sites{")) >= 2


@pytest.mark.usefixtures("db")
def test_sites_that_wait_are_named_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(collecting, "SITES_NAMED", 1)
    now = timezone.now()
    for code, seconds in (("alpha", 5), ("beta", 500)):
        Change.objects.create(tenant=get_tenant(code), made_at=now - timedelta(seconds=seconds))
    named = [name for name in figures() if name.startswith("govplatform_delivery_site_behind_seconds{")]
    assert named == ['govplatform_delivery_site_behind_seconds{site="beta"}']


@pytest.mark.usefixtures("db", "folders")
def test_the_verifier_is_seen_by_what_it_writes(settings, monkeypatch):
    # a machine without one says nothing of it, so that the one next to it is not believed in its place
    assert not [
        name for name in figures() if name.startswith(("govplatform_verifier_up", "govplatform_verifier_swept"))
    ]
    state = VerifierState(Path(settings.DELIVERY_VERIFIER_DIR) / "state.json")
    state.add(Fault("a.example", "alpha", "index.html", Kind.CHANGED, Done.RESTORED))
    state.add(Fault("a.example", "alpha", "x.html", Kind.FOREIGN, Done.FAILED))
    state.note_sweep()
    state.write()
    now = figures()
    assert now["govplatform_verifier_up"] == 1
    assert now['govplatform_verifier_faults_total{fault="changed"}'] == 1
    assert now["govplatform_verifier_unrepaired"] == 1
    assert now["govplatform_verifier_swept_at"] == pytest.approx(state.swept_at)
    monkeypatch.setattr(collecting.time, "time", lambda: state.swept_at + 3600)
    assert figures()["govplatform_verifier_up"] == 0


@pytest.mark.usefixtures("db", "folders")
def test_what_is_not_ready_is_named(settings, tmp_path):
    ensure_key()
    publishers_key()
    assert set(parts_ready().values()) == {"ok"}
    Path(settings.DELIVERY_PUBLIC_KEY_FILE).write_text("no key")
    assert parts_ready()["key"] == "public key of releases missing"
    publishers_key()
    with override_settings(MEDIA_ROOT=tmp_path / "delivery_key.pem"):
        assert parts_ready()["storage"] == "not writable"
    with override_settings(LARGEST_REQUEST=1 << 62):
        assert parts_ready()["storage"] == "full"
    with override_settings(MONITOR_WEB="http://127.0.0.1:1"):
        assert parts_ready()["web"] == "does not answer"
    with override_settings(TEMPLATE_SCHEMA="no_such_schema"):
        assert parts_ready()["migrations"] == "not at this version"


@pytest.fixture
def monitor() -> Iterator[MonitorServer]:
    server = MonitorServer("127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(server: MonitorServer, path: str, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{server.server_port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_port_answers_without_the_database(monitor):
    monitor.parts = answering.Kept(lambda: {"database": "unreachable", "key": "ok"})
    monitor.figures = answering.Kept(lambda: b"govplatform_database_up 0.0\n")
    assert ask(monitor, "/-/live") == (200, b'{"live": true}')
    status, body = ask(monitor, "/-/ready")
    assert (status, json.loads(body)) == (503, {"ready": False, "parts": {"database": "unreachable", "key": "ok"}})
    assert ask(monitor, "/metrics") == (200, b"govplatform_database_up 0.0\n")
    assert ask(monitor, "/admin/")[0] == 404
    for path in ("/metrics", "/-/ready"):
        assert ask(monitor, path, **{"X-Forwarded-For": "192.0.2.1"}) == (404, b"")


def test_only_who_means_this_machine_is_answered(monitor: MonitorServer, settings: Any):
    """A page elsewhere has its own name lead here, and reads in the browser of somebody inside."""
    settings.MONITOR_NAMES = ["app-1.gov.internal"]
    monitor.figures = answering.Kept(lambda: b"figures")
    for host in ("127.0.0.1:9108", "[::1]:9108", "10.0.1.11", "localhost:9108", "monitor:9108", "App-1.gov.internal:9"):
        assert ask(monitor, "/metrics", Host=host) == (200, b"figures"), host
    for host in ("evil.example:9108", "evil.example", "127.0.0.1.evil.example:9108", "app-1.gov.internal.evil.example"):
        for path in ("/metrics", "/-/ready", "/-/live"):
            assert ask(monitor, path, Host=host) == (421, b""), host


# --- what stands under deploy/monitoring -----------------------------------------------------


def _expressions() -> list[str]:
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text())
    board = json.loads((MONITORING / "dashboard.json").read_text())
    found = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return [*found, *(target["expr"] for panel in board["panels"] for target in panel["targets"])]


@pytest.mark.usefixtures("db")
def test_rules_and_dashboard_ask_for_figures_and_labels_that_there_are():
    families = [*REGISTRY.collect(), *_read()]
    known = {family.name: family for family in families}
    for expression in _expressions():
        for name, labels in re.findall(r"(govplatform_[a-z_]+)(?:\{([^}]*)\})?", expression):
            family = known.get(re.sub(r"_(bucket|count|sum|total)$", "", name))
            assert family is not None, name
            given = set(re.findall(r"(\w+)\s*[!=]", labels))
            assert given <= _labels_of(family.name), (name, labels)


@pytest.mark.unit
def test_rules_and_dashboard_ask_for_values_that_labels_have():
    """A rule for a queue of another name would never say anything."""
    words = {
        "queue": {queue.name for queue in QUEUES},
        "fault": {kind.value for kind in Kind},
        "kind": {"change", "whole", "down", "page", "form", *observed._FIRST.values()},
        "status": {f"{hundred}xx" for hundred in range(2, 6)},
        "end": {"done", "failed"},
        "job": {"govplatform"},
    }
    asked = {pair for one in _expressions() for pair in re.findall(r'(\w+)\s*[!=]~?\s*"([^"]*)"', one)}
    assert {label for label, _value in asked} == words.keys()
    for label, value in asked:
        assert set(value.split("|")) <= words[label], (label, value)


@pytest.mark.usefixtures("db")
def test_every_figure_is_shown_or_alarmed_about():
    asked = {name for one in _expressions() for name in re.findall(r"govplatform_[a-z_]+", one)}
    asked = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in asked}
    there = {family.name for family in [*REGISTRY.collect(), *_read()] if family.name.startswith("govplatform_")}
    assert there == asked


def _read() -> list[Any]:
    return list(Read().collect())


def _labels_of(name: str) -> set[str]:
    for figure in vars(counted).values():
        if getattr(figure, "_name", "") == name:
            return set(figure._labelnames)
    return {label for family in _read() if family.name == name for sample in family.samples for label in sample.labels}


@pytest.mark.skipif(not shutil.which("promtool"), reason="without promtool")
def test_prometheus_takes_rules_configuration_and_what_the_dashboard_asks(tmp_path: Path):
    asked = [{"record": f"asked:{number}", "expr": one} for number, one in enumerate(_expressions())]
    questions = tmp_path / "questions.yml"
    questions.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": asked}]}))
    for kind, name in (("rules", "alerts.yml"), ("config", "prometheus.yml"), ("rules", str(questions))):
        done = subprocess.run(["promtool", "check", kind, name], cwd=MONITORING, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("promtool"), reason="without promtool")
@pytest.mark.parametrize(
    ("said", "alarms"),
    [
        ({"a:1": "1x9", "b:1": "1x9"}, []),
        ({"a:1": "1x9", "b:1": "0x9"}, ["b:1"]),
        ({}, [None]),
    ],
)
def test_the_verifier_of_each_machine_is_missed(tmp_path: Path, said: dict[str, str], alarms: list[str | None]):
    """Whatever the one next to it does; and the last one, where there is none at all."""
    [rule] = [
        one for one in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"][0]["rules"]
        if one["alert"] == "VerifierGone"
    ]  # fmt: skip
    words = rule["annotations"]["summary"]
    expected = [
        {
            "exp_labels": {"severity": "page"} | ({"instance": one} if one else {}),
            "exp_annotations": {"summary": words.replace("{{ $labels.instance }}", one or "")},
        }
        for one in alarms
    ]
    asked = {
        "rule_files": [str(MONITORING / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": f'govplatform_verifier_up{{instance="{one}"}}', "values": values}
                    for one, values in said.items()
                ],
                "alert_rule_test": [{"eval_time": "5m", "alertname": "VerifierGone", "exp_alerts": expected}],
            }
        ],
    }
    told = tmp_path / "asked.yml"
    told.write_text(yaml.safe_dump(asked, allow_unicode=True))
    done = subprocess.run(["promtool", "test", "rules", str(told)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
