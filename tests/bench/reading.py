"""``python -m tests.bench.reading --port P --host H --path / --seconds N``: a citizen who reads beside others.

In turns the page as the application makes it, and the same page as the shipped configuration of nginx sends it, which
is what citizens get of published pages. Prints how long each took (JSON). It is a process of its
own: a reader in the one of those who send would wait for them and not for the server.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

_PAUSE_SECONDS = 0.05
_DELIVERED = "/page-1/"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--path", default="/")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")
    django.setup()
    from govplatform.delivery.release.store import compress
    from tests.ports import free_port

    from .delivery import HOST, running, write_front, write_tree

    content = _get(options.port, f"{options.host}:{options.port}", options.path)
    with tempfile.TemporaryDirectory(prefix="reading-bench-") as made:
        folder, port = Path(made), free_port()
        place = write_tree(folder / "delivery") / _DELIVERED.strip("/")
        (place / "index.html").write_bytes(content)
        (place / "index.html.gz").write_bytes(compress(content))
        sides = {
            "application": (options.port, f"{options.host}:{options.port}", options.path),
            "delivered": (port, HOST, _DELIVERED),
        }
        took: dict[str, list[float]] = {name: [] for name in sides}
        with running(write_front(folder, {HOST}, port)):
            _wait_for(port)
            ends = time.monotonic() + options.seconds
            while time.monotonic() < ends:
                for name, asked in sides.items():
                    begun = time.perf_counter()
                    _get(*asked)
                    took[name].append((time.perf_counter() - begun) * 1000)
                    time.sleep(_PAUSE_SECONDS)
    print(
        json.dumps(
            {
                name: {
                    "pages": len(some),
                    "ms p50": round(statistics.median(some), 2),
                    "ms p95": round(statistics.quantiles(some, n=20)[-1], 2),
                }
                for name, some in took.items()
            }
        )
    )
    return 0


def _wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).connect()
            return
        except OSError:
            time.sleep(0.05)


def _get(port: int, host: str, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


if __name__ == "__main__":
    raise SystemExit(main())
