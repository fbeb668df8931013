"""Seconds that processes have spent on a processor, as the kernel counts them."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree_seconds(pid: int) -> float:
    """Of ``pid``, of what it started, and of what ended below it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0.0
    # user, system, and both of the children that were waited for
    own = sum(map(int, fields[11:15])) / _TICKS
    return own + sum(tree_seconds(int(child)) for child in children)


def database_seconds(logs: Path | None) -> float:
    """Of the database server whose data lie in ``logs``; 0 where that is not ours."""
    if logs is None:
        return 0.0
    files = [path for path in (logs / "postmaster.pid", *logs.rglob("postmaster.pid")) if path.exists()]
    return tree_seconds(int(files[0].read_text().split()[0])) if files else 0.0
