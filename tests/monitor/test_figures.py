"""Processes count together, in as many files as there are seats, however many processes come and go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from tests.database import ROOT

pytestmark = pytest.mark.unit
_COUNT = (
    "import os; from govplatform.figures.counted import BAKED, SCAN_SECONDS\n"
    "BAKED.inc(2); SCAN_SECONDS.observe(1.5)\n"
    "print('ready', flush=True)\n"
    "input()"
)


def counting(folder: Path) -> "subprocess.Popen[str]":
    environment = {**os.environ, "METRICS_DIR": str(folder), "PYTHONPATH": str(ROOT / "platform")}
    process = subprocess.Popen(
        [sys.executable, "-c", _COUNT], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def counted(folder: Path) -> float | None:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))
    return registry.get_sample_value("govplatform_baked_files_total")


def test_a_killed_process_leaves_its_count_and_its_seat_to_the_next(tmp_path):
    first, second = counting(tmp_path), counting(tmp_path)
    assert counted(tmp_path) == 4
    seats = {path.name for path in tmp_path.glob("counter_*.db")}
    assert len(seats) == 2
    first.kill()
    first.wait()
    third = counting(tmp_path)
    assert counted(tmp_path) == 6
    assert {path.name for path in tmp_path.glob("counter_*.db")} == seats
    for process in (second, third):
        process.communicate("\n")
        assert process.returncode == 0


def test_where_nobody_can_count_together_the_work_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    process = counting(tmp_path / "file" / "metrics")
    process.communicate("\n")
    assert process.returncode == 0
