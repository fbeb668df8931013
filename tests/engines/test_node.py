"""The search engine of the tests itself."""

import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from tests.database import ROOT

from .opensearch import Node

pytestmark = pytest.mark.opensearch


def test_it_is_opensearch(opensearch: Node):
    assert opensearch.ask("GET", "/")["version"]["distribution"] == "opensearch"


def test_it_ends_with_the_process_that_started_it():
    program = (
        "from tests.engines.opensearch import running_node\n"
        "with running_node() as node:\n"
        "    print(node.pid, node.folder, flush=True)\n"
        "    input()\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
             "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"},
    )  # fmt: skip
    assert starter.stdout is not None
    pid, folder = starter.stdout.readline().split(maxsplit=1)
    node = psutil.Process(int(pid))
    assert node.name() == "java"
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    until = time.monotonic() + 60
    while psutil.pid_exists(node.pid) and node.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until, "the node outlives whoever started it"
        time.sleep(0.1)
    shutil.rmtree(folder.strip())
