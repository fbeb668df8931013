"""``python -m tests.bench.watching [--seconds 30]``: 5,000 people watch an interview, each looks every five seconds.

The shipped configuration of nginx sends the page of the last changes, which is a file; every few seconds the file is
another, as a release puts it there, so all of them fetch it anew. One worker, looks evenly spread, many watchers on one
kept connection each (a machine has not 5,000 free descriptors for a client beside the server).
"""

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

WATCHERS, EVERY = 5_000, 5
_CONNECTIONS, _CHANGES_EVERY = 250, 12.0
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_TAG = re.compile(rb'etag: ("[^"]+")', re.IGNORECASE)


@dataclass
class Looked:
    """``statuses``: of all answers; ``took``: seconds of each; ``bytes``: of all bodies."""

    statuses: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    bytes: int = 0


def watched(seconds: int) -> dict[str, Any]:
    """Looks answered a second, how long they took, what the worker of nginx needed for them."""
    from tests.ports import free_port

    from .delivery import processor_seconds, running, write_front, write_tree

    with tempfile.TemporaryDirectory(prefix="watching-bench-") as name:
        folder = Path(name)
        place = write_tree(folder / "delivery") / "page-1"
        port = free_port()
        with running(write_front(folder, {"www.site-1.gov.cn"}, port)) as worker:
            before = processor_seconds(worker)
            looked = asyncio.run(_watch(port, place, folder / "delivery", seconds))
            used = processor_seconds(worker) - before
    answered = sum(looked.statuses.values())
    return {
        "wanted_a_second": WATCHERS // EVERY,
        "answered_a_second": round(answered / seconds),
        "statuses": dict(looked.statuses),
        "median_ms": round(1000 * statistics.median(looked.took), 1),
        "p95_ms": round(1000 * statistics.quantiles(looked.took, n=20)[-1], 1),
        "worker_share_of_a_core": round(used / seconds, 3),
        "megabits_a_second": round(8 * looked.bytes / seconds / 1e6, 1),
    }


async def _watch(port: int, place: Path, root: Path, seconds: int) -> Looked:
    looked, ends = Looked(), time.monotonic() + seconds
    watching = [_watcher(port, number, ends, looked) for number in range(_CONNECTIONS)]
    await asyncio.gather(_change(place, root, ends), *watching)
    return looked


async def _watcher(port: int, number: int, ends: float, looked: Looked) -> None:
    """``WATCHERS / _CONNECTIONS`` people on one connection, each with the tag of what they have."""
    people = WATCHERS // _CONNECTIONS
    tags, pause = [b""] * people, EVERY / people
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due = time.monotonic() + random.Random(number).random() * pause
    turn = 0
    while due < ends:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        asked = b"If-None-Match: " + tags[turn] + b"\r\n" if tags[turn] else b""
        writer.write(b"GET /page-1/ HTTP/1.1\r\nHost: www.site-1.gov.cn\r\nAccept-Encoding: gzip\r\n" + asked + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        status, length, tag = head[9:12].decode(), _LENGTH.search(head), _TAG.search(head)
        if status == "200" and length is not None:
            looked.bytes += len(await reader.readexactly(int(length[1])))
        tags[turn] = tag[1] if tag is not None else b""
        looked.statuses[status] += 1
        # From when it was due: a server that is late makes everybody behind wait too.
        looked.took.append(time.monotonic() - due)
        due, turn = due + pause, (turn + 1) % people
    writer.close()


async def _change(place: Path, root: Path, ends: float) -> None:
    """Other words every few seconds, put in place as a release puts them there."""
    from govplatform.delivery.release.store import Store, compress, copy_into

    store, number = Store(root), 0
    while (left := ends - time.monotonic()) > 0:
        await asyncio.sleep(min(_CHANGES_EVERY, left))
        number += 1
        words = "说了些话" * 20
        said = "".join(f"<li id=said-{one}><p>第{one}句，{words}</p></li>" for one in range(number, number + 30))
        content = f"<!doctype html><body data-newest={number}><ol>{said}</ol>".encode()
        for name, written in (("index.html", content), ("index.html.gz", compress(content))):
            digest = store.put(written)
            copy_into(store.path_of(digest), place / name, digest)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.watching")
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    if shutil.which("nginx") is None:
        print("nginx is needed: apt-get install nginx")
        return 1
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")
    django.setup()
    print(json.dumps(watched(options.seconds)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
