"""``serve`` as a whole: real processes on an embedded server of their own, killed without mercy."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def _until(condition: Callable[[], object], seconds: float = 60) -> object:
    """Wait for ``condition``; what it says last is the assertion's message."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.2)
    raise AssertionError("the state that was waited for did not come")


class Platform:
    """A var folder with its server, and a ``serve`` that can be started and killed."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port, self.monitor = free_port(), free_port()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "GOVPLATFORM_"))},
            "GOVPLATFORM_VAR": str(var),
            "DJANGO_SETTINGS_MODULE": "govplatform.settings.demo",
            "GOVPLATFORM_PG_FSYNC": "off",
            "MONITOR_PORT": str(self.monitor),
            "LOG_FORMAT": "json",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def verb(self, *words: str) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port), "--workers", "1"],
            env=self.environment,
            stdout=(self.var / "serve.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        # Not just any answer: a killed run's web server may still be on its way out.
        _until(lambda: self._supervisor() == self.process.pid and self.get("/") == 200)  # type: ignore[union-attr]

    def ensure_started(self) -> None:
        """Go on with the run of the test before, if it left one."""
        if self.process is None or self.process.poll() is not None:
            self.start()

    def _supervisor(self) -> int:
        try:
            return int(json.loads((self.var / "run" / "serve.json").read_text())["pid"])
        except (OSError, ValueError):
            return 0

    def get(self, path: str, host: str = "kill.localhost") -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (urllib.error.URLError, OSError):
            return 0

    def monitored(self, path: str) -> str:
        """What the monitor says, '' as long as it does not answer or says that something is not ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor}{path}", timeout=20) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""

    def lines_of(self, logger: str) -> list[dict[str, Any]]:
        """The lines of that logger among what the processes of ``serve`` have written."""
        lines = (self.var / "serve.log").read_text().splitlines()
        found = [json.loads(line.partition(" | ")[2]) for line in lines if ' | {"time"' in line]
        return [line for line in found if line["logger"] == logger]

    def children(self, word: str) -> list[psutil.Process]:
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            # one that was killed a moment ago has no command line any more
            with contextlib.suppress(psutil.Error):
                if word in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def postmaster(self) -> int:
        (pid_file,) = self.var.rglob("postmaster.pid")
        return int(pid_file.read_text().splitlines()[0])


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    var = tmp_path_factory.mktemp("serve")
    # pytest's own folders are closed to others; the server's account must reach its data
    found = Platform(var)
    assert found.verb("init_platform")["version"]
    site = found.verb(
        "create_site", "kill", "--host", "kill.localhost", "--console-host", "kill.console.localhost",
        "--name", "耐久县人民政府", "--kind", "portal", "--level", "county",
    )  # fmt: skip
    assert site["schema"] == "site_kill"
    yield found
    if found.process is not None and found.process.poll() is None:
        found.stop()
    from govplatform import embedded

    embedded.stop(var)


def test_it_serves_and_refuses_a_second_serve(platform: Platform):
    platform.ensure_started()
    assert platform.get("/news/") == 200
    assert platform.get("/admin/login/", host="kill.console.localhost") == 200
    assert platform.get("/", host="nobody.localhost") == 400
    second = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(platform.port)],
        env=platform.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "已经在运行" in second.stderr


def test_the_monitor_tells_that_it_is_ready_and_what_was_asked(platform: Platform):
    platform.ensure_started()
    assert platform.get("/news/?q=13800000000") == 200
    assert platform.get("/search/%0aforged?q=13800000000") == 404
    ready = json.loads(str(_until(lambda: platform.monitored("/-/ready"))))
    assert ready["parts"] == dict.fromkeys(("database", "migrations", "storage", "key", "web"), "ok")
    counted = 'govplatform_requests_total{host="public",kind="page",status="2xx"}'
    figures = str(_until(lambda: counted in platform.monitored("/metrics") and platform.monitored("/metrics")))
    assert "govplatform_baked_files_total" in figures
    assert "13800000000" not in figures
    accesses = [line for line in platform.lines_of("govplatform.access") if line["site"] == "site_kill"]
    assert {"GET /news/", "GET /search/\nforged"} <= {line["message"] for line in accesses}
    assert {len(line["request"]) for line in accesses} == {32}
    assert "13800000000" not in (platform.var / "serve.log").read_text()


def test_only_what_nobody_waits_for_gives_way(platform: Platform):
    platform.ensure_started()
    assert {child.nice() > 0 for child in platform.children("scans")} == {True}
    for word in ("gunicorn", "urgent", "owner", "run_publisher"):
        assert {child.nice() for child in platform.children(word)} == {0}


def test_web_worker_and_database_come_back_after_kill_nine(platform: Platform):
    platform.ensure_started()
    for word in ("gunicorn", "run_workers"):
        victims = platform.children(word)
        assert victims
        for victim in victims:
            victim.kill()
        _until(lambda word=word: platform.children(word))
        _until(lambda: platform.get("/news/") == 200)
    os.kill(platform.postmaster(), signal.SIGKILL)
    _until(lambda: platform.get("/news/") == 200)


def test_the_next_start_is_clean_after_the_supervisor_was_killed(platform: Platform):
    platform.ensure_started()
    assert platform.process is not None
    orphans = platform.children("")
    platform.process.kill()
    platform.process.wait(timeout=30)
    platform.start()
    assert platform.get("/news/") == 200
    _until(lambda: not [process for process in orphans if process.is_running()])


def test_it_stops_cleanly_on_sigterm_and_leaves_everything_whole(platform: Platform):
    platform.ensure_started()
    assert platform.stop() == 0
    assert platform.get("/") == 0
    assert platform.verb("verify_audit")["ok"] is True
    assert platform.verb("check_isolation")["ok"] is True
