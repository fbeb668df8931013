"""The two sides as processes: each has settings of its own and answers with one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .server import PLATFORM, STOCK, Server

ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = {"platform": "tests.bench.platform_side.settings", "stock": "tests.bench.stock.settings"}
_MODULES = {"platform": "tests.bench.platform_side", "stock": "tests.bench.stock"}


class SideFailedError(RuntimeError):
    """A side's process ended badly; the message holds its last lines."""


def environment(server: Server, side: str, **extra: str) -> dict[str, str]:
    """The environment of every process of ``side`` ("platform" or "stock")."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOVPLATFORM_", "BENCH_"))}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": _SETTINGS[side],
        "DATABASE_URL": server.url(PLATFORM),
        "BENCH_STOCK_DATABASE_URL": server.url(STOCK),
        "BENCH_MEDIA_ROOT": str(server.var / "media" / "stock"),
        "GOVPLATFORM_VAR": str(server.var),
        **extra,
    }


def start(server: Server, side: str, action: str, *arguments: object, **extra: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", _MODULES[side], action, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(server, side, **extra), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What the process printed last. Raises SideFailedError."""
    out, errors = process.communicate(timeout=1800)
    if process.returncode != 0:
        raise SideFailedError(f"{' '.join(map(str, process.args[2:]))}\n{errors[-3000:]}")  # type: ignore[index]
    result: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return result


def ask(server: Server, side: str, action: str, *arguments: object, **extra: str) -> dict[str, Any]:
    """Run ``action`` of ``side`` to its end and return its answer."""
    return answer(start(server, side, action, *arguments, **extra))
