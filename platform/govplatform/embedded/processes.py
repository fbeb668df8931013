"""Which processes belong to a server: its recorded postmaster, and what a killed one left behind."""

import os
from dataclasses import dataclass
from pathlib import Path

from .folders import Layout


@dataclass(frozen=True, slots=True)
class PidFile:
    """``postmaster.pid`` as PostgreSQL writes it; the last fields come a moment after the first ones."""

    pid: int
    data: str
    port: int | None
    socket_folder: str | None
    is_ready: bool


def read_pid_file(layout: Layout) -> PidFile | None:
    """Return the recorded postmaster, or None when there is no (complete enough) record for this data directory."""
    try:
        lines = (layout.data / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    lines += [""] * (8 - len(lines))
    # A copy of a running project carries the original's record: not ours.
    if pid == 0 or lines[1] != str(layout.data):
        return None
    port = int(lines[3]) if lines[3].strip().isdigit() else None
    return PidFile(pid, lines[1], port, lines[4].strip() or None, lines[7].strip() == "ready")


def is_our_postmaster(layout: Layout, pid: int) -> bool:
    """Say whether ``pid`` is alive and serves this data directory; a number that was given anew does not."""
    command = _command(pid)
    return bool(command) and Path(command[0]).name == "postgres" and _data_argument(command) == str(layout.data)


def orphaned_backends(layout: Layout) -> list[int]:
    """Return backends of this data directory, which their titles name; meaningful once the postmaster is gone."""
    title = f"postgres: {layout.name}: "
    return [pid for pid in _all_processes() if (command := _command(pid)) and command[0].startswith(title)]


def starting_processes(layout: Layout) -> list[int]:
    """Return initdb and postmaster processes that work below ``var/pg``, whatever ``postmaster.pid`` says."""
    below = f"{layout.root}/"
    return [
        pid
        for pid in _all_processes()
        if (command := _command(pid))
        and Path(command[0]).name in {"initdb", "postgres"}
        and (_data_argument(command) or "").startswith(below)
    ]


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _command(pid: int) -> list[str]:
    # The command line is readable for everybody, cwd and exe are not (containers without CAP_SYS_PTRACE).
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(part) for part in raw.split(b"\0") if part]


def _data_argument(command: list[str]) -> str | None:
    return command[command.index("-D") + 1] if "-D" in command[:-1] else None
