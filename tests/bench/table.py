"""The figures as a table: on the terminal and in RESULTS.md."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_HEAD = ("work", "stock", "platform", "ratio", "target", "reached")
_PACKAGES = ("Django", "wagtail", "django-tenants", "psycopg", "gunicorn")


@dataclass(frozen=True)
class Row:
    """One figure. ``reached``: None where a line only informs."""

    work: str
    stock: str
    platform: str
    ratio: str
    target: str
    reached: bool | None

    def cells(self) -> tuple[str, ...]:
        word = {True: "yes", False: "no", None: ""}[self.reached]
        return (self.work, self.stock, self.platform, self.ratio, self.target, word)


def seconds(value: float) -> str:
    return f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def times(value: float) -> str:
    """How many times better."""
    return f"{value:.1f}x" if value < 100 else f"{value:.0f}x"


def printed(rows: list[Row]) -> str:
    lines = [_HEAD, *[row.cells() for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def machine(server_version: str) -> list[str]:
    """Where the figures were taken, one fact a line."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    load = os.getloadavg()
    return [
        f"date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"machine: {os.cpu_count()} cores ({model}), {memory / 1e6:.0f} GB, {platform.system()} {platform.release()}",
        f"versions: Python {platform.python_version()}, PostgreSQL {server_version}, {packages}",
        f"load average at the end: {load[0]:.1f} (1 min), {load[1]:.1f} (5 min)",
    ]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def write_results(path: Path, rows: list[Row], facts: list[str], notes: list[str]) -> None:
    """The last run's table as Markdown."""
    head = ["| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    body = ["| " + " | ".join(row.cells()) + " |" for row in rows]
    text = [
        "# Figures against the stock way", "",
        "Written by `make bench`: the last run, both sides in the same run on the same database server.", "",
        *[f"- {fact}" for fact in facts], "", *head, *body, "", "How each figure was taken:", "",
        *[f"- {note}" for note in notes], "",
    ]  # fmt: skip
    path.write_text("\n".join(text))
