"""Reads of ``/proc``: each answers "nothing" where the kernel keeps it to itself."""

import errno
import socket
from pathlib import Path

_LISTEN = "0A"
_ZOMBIE = "Z"


def all_processes() -> list[int]:
    """Return the numbers of all visible processes."""
    try:
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return []


def boot_id() -> str:
    """Return the kernel's name for this boot; start times compare only within one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def start_time(pid: int) -> int | None:
    """Return when ``pid`` started, in clock ticks since boot; None when it is gone or only waits to be collected."""
    try:
        # The name in parentheses may hold anything, spaces and parentheses too: count from the last one.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == _ZOMBIE else int(fields[19])


def environment(pid: int) -> list[bytes]:
    """Return the environment ``pid`` was started with, as ``NAME=value``; empty for other people's processes."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def port_holder(port: int) -> str | None:
    """Return who listens on TCP ``port`` of this machine, in Chinese; None if it is free."""
    if not _is_taken(port):
        return None
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for pid in all_processes():
        try:
            links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        if sockets.intersection(links):
            return f"进程 {name}（进程号 {pid}）"
    return "另一个进程"


def _is_taken(port: int) -> bool:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                # Connections of an ended run linger for a minute; servers bind over them, so the probe does too.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
    return False


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in map(str.split, lines):
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes
