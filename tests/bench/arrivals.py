"""``python -m tests.bench.arrivals [PAGES]``: pages of an old site that are read in a second of one processor.

Two templates, one with a container that is known and one whose text the area reader has to find. What a guarded process
needs to start is in the figure, as it is in the verb's.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from govplatform.guarded import run_guarded  # noqa: E402
from sites.arrivals.reading.bounds import CrawlBounds  # noqa: E402
from tests.arrivals.old_site import HOST, WORDS, article  # noqa: E402

_READ = "sites.arrivals.reading.in_child.read_pages_in_child"
_BATCH = 200


def pages_a_second(folder: Path, count: int, holder: str) -> float:
    """Return pages read in a second of processor time, in batches as the verb makes them."""
    bounds = CrawlBounds()
    pages = []
    for number in range(count):
        file = folder / f"{number}.html"
        words = tuple(f"{number}、{text}" for text in WORDS * 3)
        file.write_bytes(article(f"岚河县第{number}号通知", words=words, holder=holder, encoding="gbk"))
        pages.append({"file": str(file), "address": f"http://{HOST}/xw/t20190302_{number}.html"})
    before = _spent()
    for start in range(0, count, _BATCH):
        args = {"pages": pages[start : start + _BATCH], "rules": [], "now": "2026-06-01T00:00:00+08:00"}
        run_guarded(
            _READ,
            {**args, "bounds": bounds.to_json(), "documents": False},
            seconds=bounds.batch_seconds,
            memory_mb=bounds.memory_mb,
            output_mb=bounds.output_mb,
        )
    return count / (_spent() - before)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for name, holder in (("known container", 'id="zoom"'), ("area reader", 'class="txt"')):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            figure = pages_a_second(Path(folder), count, holder)
        print(f"{name}: {figure:.0f} pages a second of one processor ({count} pages, {time.monotonic() - began:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
