"""The verb that opens many sites: in processes of its own, killed, started again, refused as a whole."""

import json
import os
import signal
from pathlib import Path

import pytest

from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.lifecycle.batches import running
from govplatform.lifecycle.models import SiteBatch, SiteBatchRow
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Tenant
from tests.tenancy.conftest import start_verb, until

from .tables import csv_file, row


def opened():
    return set(Tenant.objects.filter(code__startswith="test").values_list("code", flat=True))


def answer(process):
    out, errors = process.communicate(timeout=300)
    return process.returncode, json.loads(out) if out else errors


def many(count):
    """Counties below a city that stands last in the table."""
    return [
        *(row(number, parent_code="test0") for number in range(1, count)),
        row(0, level="市级", parent_code="alpha"),
    ]


def test_a_table_becomes_sites_by_several_processes(own_database, tmp_path):
    path = csv_file(tmp_path / "sites.csv", *many(14))
    status, result = answer(start_verb(own_database, "create_sites", str(path), "--workers", "2", "--as", "operator"))
    assert (status, result["opened"], result["refused"]) == (0, 14, 0)
    assert opened() == {f"test{number}" for number in range(14)}
    assert {tenant.parent.code for tenant in Tenant.objects.filter(level="county", code__startswith="test")} == {
        "test0"
    }
    records = Entry.objects.filter(act="site.open", detail__code__startswith="test")
    assert {entry.actor_name for entry in records} == {"平台运维（operator）"}
    assert records.count() == 14
    assert Entry.objects.filter(act="site.open_batch").count() == 1
    assert find_isolation_faults()[1] == []
    assert find_chain_faults()[1] == []


@pytest.mark.soak
def test_a_killed_run_leaves_whole_sites_and_the_next_opens_the_rest(own_database, tmp_path):
    path = csv_file(tmp_path / "sites.csv", *many(16))
    process = start_verb(own_database, "create_sites", str(path), "--workers", "2")
    until(lambda: len(opened()) >= 3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    batch = SiteBatch.objects.get()
    until(lambda: not running_processes(batch.pk))
    there = opened()
    assert there < {f"test{number}" for number in range(16)}
    assert find_isolation_faults()[1] == []
    status, result = answer(start_verb(own_database, "create_sites", str(path)))
    assert (status, result["opened"], set(result["same"])) == (0, 16 - len(there), there)
    assert len(opened()) == 16
    assert find_isolation_faults()[1] == []


def running_processes(batch):
    """Processes that the verb has started for the batch and that are still there."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"--work-on" in words and str(batch).encode() in words:
                found.append(name)
    return found


def test_one_faulty_row_and_nothing_is_opened(own_database, verb, tmp_path):
    path = csv_file(tmp_path / "sites.csv", row(1), row(2, identity_code="12"), row(3, parent_code="nobody"))
    done = verb("create_sites", str(path), "--json", "--faulty", str(tmp_path / "faulty.csv"))
    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(fault["row"], fault["column"]) for fault in result["faults"]] == [(3, "网站标识码"), (4, "上级站点")]
    assert opened() == set()
    assert not Entry.objects.filter(act="site.open_batch").exists()
    assert "12" in (tmp_path / "faulty.csv").read_text(encoding="utf-8-sig")
    said = verb("create_sites", str(path))
    assert said.returncode == 1
    assert "没有开设任何站点" in said.stdout
    assert ["3", "网站标识码"] in [line.split()[:2] for line in said.stdout.splitlines()]


def test_a_dry_run_keeps_nothing(own_database, verb, tmp_path):
    path = csv_file(tmp_path / "sites.csv", row(1))
    done = verb("create_sites", str(path), "--dry-run", "--json")
    assert (done.returncode, json.loads(done.stdout)["to_open"]) == (0, 1)
    assert (opened(), SiteBatch.objects.count()) == (set(), 0)


def test_only_operators_open_sites(own_database, verb, tmp_path):
    path = csv_file(tmp_path / "sites.csv", row(1))
    done = verb("create_sites", str(path), "--as", "supervisor", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (3, {"refused": ["只有平台运维人员可以开设站点。"]})
    assert verb("create_sites", "--json").returncode == 2
    assert verb("create_sites", str(tmp_path / "missing.csv"), "--json").returncode == 3


def test_a_site_that_fails_does_not_stop_the_others(own_database, tmp_path, monkeypatch):
    from govplatform.lifecycle.batches import actions

    real = actions.open_site

    def fail_for_one(new, **more):
        if new.code == "test2":
            from django.db import connection

            connection.cursor().execute("SELECT 1 / 0")
        return real(new, **more)

    monkeypatch.setattr(actions, "open_site", fail_for_one)
    table = actions.read_sites(
        csv_file(tmp_path / "sites.csv", row(1), row(2), row(3, parent_code="test2")), "sites.csv"
    )
    batch, _checked = actions.keep_batch(table, "sites.csv", acting_user=None)
    actions.start_batch(batch, acting_user=None)
    progress = running.run_batch(batch, workers=1)
    assert (progress.done, progress.refused, progress.waiting) == (1, 2, 0)
    assert opened() == {"test1"}
    reasons = {one.line: one.faults[0]["reason"] for one in batch.rows.filter(state=SiteBatchRow.State.REFUSED)}
    assert "数据库没有接受这个站点" in reasons[3]
    assert "test2" in reasons[4]
    monkeypatch.undo()
    actions.start_batch(batch, acting_user=None)
    assert running.run_batch(batch, workers=1).done == 3
    assert find_isolation_faults()[1] == []
