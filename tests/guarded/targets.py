"""Functions that the tests run in guarded processes; each misbehaves in one way."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target


@guarded_target
def echo(args: dict[str, Any]) -> dict[str, Any]:
    sys.stdout.write("noise on standard output\n")
    sys.stdout.flush()
    return {"args": args, "pid": os.getpid(), "session": os.getsid(0), "cwd": os.getcwd()}


@guarded_target
def show_environment(args: dict[str, Any]) -> dict[str, Any]:
    return {"environment": dict(os.environ)}


@guarded_target
def sleep(args: dict[str, Any]) -> dict[str, Any]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(args["pid_file"]).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(60)
    return {}


@guarded_target
def leave_a_child_behind(args: dict[str, Any]) -> dict[str, Any]:
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return {"child": child.pid}


@guarded_target
def burn(args: dict[str, Any]) -> dict[str, Any]:
    while True:
        pass


@guarded_target
def eat_memory(args: dict[str, Any]) -> dict[str, Any]:
    hoard = []
    while True:
        hoard.append(bytearray(16 * 1024 * 1024))


@guarded_target
def write_file(args: dict[str, Any]) -> dict[str, Any]:
    with Path(args["path"]).open("wb") as handle:
        for _ in range(args["mb"]):
            handle.write(b"x" * 1024 * 1024)
    return {"written": args["mb"]}


@guarded_target
def answer_at_length(args: dict[str, Any]) -> dict[str, Any]:
    return {"text": "x" * (args["mb"] * 1024 * 1024)}


@guarded_target
def fail(args: dict[str, Any]) -> dict[str, Any]:
    raise ValueError("内部细节")


@guarded_target
def vanish(args: dict[str, Any]) -> dict[str, Any]:
    os._exit(7)


@guarded_target
def answer_nonsense(args: dict[str, Any]) -> dict[str, Any]:
    return {"value": object()}


def unmarked(args: dict[str, Any]) -> dict[str, Any]:
    return {}
