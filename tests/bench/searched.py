"""The rows of the search, as ``tests.bench.search`` measures it in a process and a database of its own."""

import json
import subprocess
import sys
import tempfile

from .setting import Setting
from .sides import ROOT
from .table import Row

_RIVALS = 50_000


def searching(_setting: Setting) -> list[Row]:
    """The search of 200,000 documents in PostgreSQL, in a database of its own, and what else PostgreSQL has for it."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as kept:
        command = [sys.executable, "-m", "tests.bench.search", "--rivals", str(_RIVALS), "--json", kept.name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        figures = json.load(kept)
    found, offered, rivals = figures["all"], figures["suggestions"], figures["rivals"]
    published, recall = figures["published_to_found"], figures["recall"]
    indexed = figures["written"]["indexed_a_second"]
    many = f"{figures['documents']:,} documents"
    rows = [
        _within(f"search of {many}, count and three facets: p50, p95", found, 60),
        Row(f"search of {many}: indexed", "", f"{indexed} a second", "", ">= 1,000 a second", indexed >= 1_000),
        _within("suggestions while somebody types: p50, p95", offered, 20),
        _within(f"published, {published['a_second']} a second, to found: p50, p95", published, 1_000),
    ]
    for name, rival in (("Wagtail's backend", rivals["wagtail"]), ("pg_trgm", rivals["pg_trgm"])):
        if rival is not None:
            theirs, ours = rival["one common word"], figures["questions"]["one common word"]
            rows.append(
                Row(
                    f"one common word: {name} over {rivals['documents']:,}, the platform over {many}: p50, p95",
                    f"{theirs['p50']:.0f} ms, {theirs['p95']:.0f} ms", f"{ours['p50']:.0f} ms, {ours['p95']:.0f} ms",
                    "", "informs", None,
                )
            )  # fmt: skip
        shown = "" if rival is None else _shares(rival["recall"])
        work = f"strings of 2, 4, 6 characters that find their document: {name} and the platform"
        rows.append(Row(work, shown, _shares(recall), "", "100 %", min(recall.values()) == 1))
    return rows


def _within(work: str, found: dict[str, float], most: int) -> Row:
    shown = f"{found['p50']:.0f} ms, {found['p95']:.0f} ms"
    return Row(work, "", shown, "", f"p95 < {most:,} ms", found["p95"] < most)


def _shares(recall: dict[str, float]) -> str:
    return " / ".join(f"{share:.0%}" for share in recall.values())
