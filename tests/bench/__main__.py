"""``python -m tests.bench [--only NAME]... [--sites N]``: measure, print, keep in RESULTS.md."""

import argparse
import os
import sys
import time
from pathlib import Path

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .measures import MEASURES, NOTES  # noqa: E402
from .server import run_server  # noqa: E402
from .setting import Setting  # noqa: E402
from .table import Row, machine, printed, write_results  # noqa: E402

_RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--only", action="append", choices=list(MEASURES), help="again and again; leaves RESULTS.md alone"
    )
    parser.add_argument("--sites", type=int, default=300)
    options = parser.parse_args()
    wanted = [name for name in MEASURES if not options.only or name in options.only]
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench"
    started = time.perf_counter()
    rows: list[Row] = []
    with run_server(var) as server:
        setting = Setting(server, options.sites)
        for name in wanted:
            begun = time.perf_counter()
            rows += MEASURES[name](setting)
            print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
        facts = machine(server.version())
        facts.append(f"the run took {time.perf_counter() - started:.0f} s, {options.sites} sites")
        print("\n".join(facts) + "\n\n" + printed(rows))
        if not options.only:
            write_results(_RESULTS, rows, facts, NOTES)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
