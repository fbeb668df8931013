"""pywb, the most used replay software, in an environment of its own: its libraries are others than the platform's."""

import fcntl
import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.database import ROOT
from tests.ports import free_port

VERSION = "2.10.0"
_ENVIRONMENT = ROOT / "var" / "tools" / f"pywb-{VERSION}"
_PATIENCE_SECONDS = 90


def pywb_programs() -> Path:
    """The folder of its programs, installed at first use; the test is skipped, with the reason, where that fails."""
    _ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
    with _ENVIRONMENT.with_suffix(".lock").open("w") as held:
        # Another process of the same run may be at it.
        fcntl.flock(held, fcntl.LOCK_EX)
        return _installed()


def _installed() -> Path:
    programs = _ENVIRONMENT / "bin"
    if (_ENVIRONMENT / "whole").exists():
        return programs
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    for words in (
        [sys.executable, "-m", "venv", str(_ENVIRONMENT)],
        [str(programs / "python"), "-m", "pip", "install", "--quiet", f"pywb=={VERSION}"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = f"pywb {VERSION} 无法安装：{(done.stderr or done.stdout).strip().splitlines()[-1:]}"
            if os.environ.get("REQUIRE_ALL") == "1":
                pytest.fail(f"{reason}，而 REQUIRE_ALL=1 要求全部测试")
            print(reason)  # noqa: T201
            pytest.skip(reason)
    (_ENVIRONMENT / "whole").touch()
    return programs


@contextmanager
def replaying(warc: Path, folder: Path) -> Iterator[int]:
    """A server that replays ``warc`` as the collection ``kept``; gives its port."""
    programs = pywb_programs()
    for words in (["init", "kept"], ["add", "kept", str(warc)]):
        subprocess.run([str(programs / "wb-manager"), *words], cwd=folder, check=True, capture_output=True)
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(programs / "wayback"), "-p", str(port), "-b", "127.0.0.1"], cwd=folder, stdout=log, stderr=log
        )
    try:
        _wait_for(port, server, folder / "log")
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            replayed(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(errors="replace")[-2000:])


def replayed(port: int, path: str) -> tuple[int, bytes]:
    """``(status, body)`` of what the server answers, redirects not followed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
