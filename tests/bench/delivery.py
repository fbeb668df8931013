"""``python -m tests.bench.delivery [--only nginx|hosts|outage]... [--seconds 60]``: the front server with files.

``nginx``: a page from the shipped configuration and the same file from a bare nginx, in turns; by processor time of the
worker, for the machine may be busy with other things. ``hosts``: what ``nginx -t`` takes with 10,000 names. ``outage``:
50 times the normal load (40 requests a second) with nothing behind nginx; whatever is not 200 is an error. No database.
"""

import argparse
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

HOST, _PAGES = "www.site-1.gov.cn", 200
_ROUNDS, _ASKED, _AT_ONCE = 9, 20_000, 50
_NORMAL, _TIMES, _THREADS = 40, 50, 4
_BARE = """
worker_processes 1; pid {folder}/bare.pid; error_log {folder}/bare.log; {user}
events {{ worker_connections 1024; }}
http {{
    include {folder}/etc/mime.types; sendfile on; tcp_nopush on; gzip_static on; access_log {folder}/bare-access.log;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {tree}; }}
}}
"""


def write_tree(root: Path) -> Path:
    """A site of some hundred pages of 13 KB, as a release leaves them."""
    from govplatform.delivery.release.store import compress

    chosen = random.Random(7)
    tree = root / HOST / "trees" / "1"
    for number in range(_PAGES):
        words = "".join(chr(chosen.randint(0x4E00, 0x9000)) for _one in range(2_000))
        content = f"<!doctype html><title>{number}</title><p>{words}</p>{'<li>' * 1_700}".encode()
        page = tree / f"page-{number}" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_bytes(content)
        page.with_name("index.html.gz").write_bytes(compress(content))
    (root / HOST / "current").symlink_to(Path("trees", "1"))
    return tree


def write_front(folder: Path, names: set[str], port: int) -> Path:
    from govplatform.delivery.front.configuration import Installation, write_configuration
    from govplatform.delivery.front.hosts import sorted_hosts
    from tests.ports import free_port

    place = Installation(folder / "etc", folder / "delivery", folder / "static", port, f"127.0.0.1:{free_port()}")
    write_configuration(place, sorted_hosts({"public": names}))
    conf = folder / "etc" / "nginx.conf"
    user = "user root;\n" if os.getuid() == 0 else ""
    text = re.sub(r"worker_(?:rlimit_nofile|connections) \d+;", "", conf.read_text())
    conf.write_text(user + text.replace("worker_processes auto;", "worker_processes 1;"))
    return conf


@contextmanager
def running(conf: Path) -> Iterator[int]:
    """nginx with ``conf``; yields the worker's process id."""
    from tests.serving.front_server import nginx_path

    process = subprocess.Popen([str(nginx_path()), "-c", str(conf), "-e", "stderr", "-g", "daemon off;"])
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (workers := children.read_text().split()):
            if process.poll() is not None:
                raise RuntimeError(f"nginx ended with status {process.returncode}")
            time.sleep(0.05)
        yield int(workers[0])
    finally:
        process.terminate()
        process.wait()


def ask_many(port: int, count: int, size: int) -> None:
    """``count`` requests for one page over one connection, some at once; the answers are ``size`` bytes in all each."""
    request = f"GET /page-1/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() * _AT_ONCE
    left = count
    while left > 0:
        with socket.create_connection(("127.0.0.1", port)) as client:
            for _round in range(min(left, 900) // _AT_ONCE):
                client.sendall(request)
                wanted = size * _AT_ONCE
                while wanted > 0:
                    wanted -= len(client.recv(1 << 18))
                left -= _AT_ONCE


def size_of_answer(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET /page-1/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        read = b""
        while b"\r\n\r\n" not in read:
            read += client.recv(1 << 18)
    head = read.partition(b"\r\n\r\n")[0]
    length = re.search(rb"Content-Length: (\d+)", head)
    assert head.startswith(b"HTTP/1.1 200") and length is not None, head
    return len(head) + 4 + int(length[1])


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page(folder: Path) -> dict[str, Any]:
    """Requests per processor second of the shipped configuration and of a bare one, in turns."""
    from tests.ports import free_port

    tree = write_tree(folder / "delivery")
    ours, bare = free_port(), free_port()
    conf = write_front(folder, {HOST}, ours)
    plain = folder / "bare.conf"
    plain.write_text(_BARE.format(folder=folder, port=bare, tree=tree, user="user root;" if os.getuid() == 0 else ""))
    figures: dict[str, list[float]] = {"ours": [], "bare": []}
    with running(conf) as our_worker, running(plain) as bare_worker:
        sides = {"ours": (ours, our_worker), "bare": (bare, bare_worker)}
        sizes = {name: size_of_answer(port) for name, (port, _pid) in sides.items()}
        for _round in range(_ROUNDS):
            for name, (port, pid) in sides.items():
                before = processor_seconds(pid)
                ask_many(port, _ASKED, sizes[name])
                figures[name].append(_ASKED / max(processor_seconds(pid) - before, 0.01))
    medians = {name: statistics.median(each) for name, each in figures.items()}
    shares = [one / other for one, other in zip(figures["ours"], figures["bare"], strict=True)]
    return {
        "ours_a_processor_second": round(medians["ours"]),
        "bare_a_processor_second": round(medians["bare"]),
        "share": round(statistics.median(shares), 2),
    }


def hosts(folder: Path) -> dict[str, Any]:
    """Seconds of ``nginx -t``, and megabytes of a worker, with one name and with 10,000."""
    from tests.serving.front_server import nginx_path

    figures: dict[str, Any] = {}
    for count in (1, 10_000):
        shutil.rmtree(folder / "etc", ignore_errors=True)
        conf = write_front(folder, {f"www.site-{number}.gov.cn" for number in range(count)}, 8999)
        started = time.perf_counter()
        subprocess.run([str(nginx_path()), "-t", "-q", "-c", str(conf), "-e", "stderr"], check=True)
        took = time.perf_counter() - started
        with running(conf) as worker:
            peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())
        assert peak is not None
        figures[f"{count}_hosts"] = {"seconds": round(took, 2), "worker_megabytes": round(int(peak[1]) / 1024, 1)}
    return figures


def outage(folder: Path, seconds: int) -> dict[str, Any]:
    """50 times the normal load for ``seconds``, with nothing behind; pages plain, compressed, with queries."""
    from tests.ports import free_port

    write_tree(folder / "delivery")
    port = free_port()
    statuses: Counter[str] = Counter()
    with running(write_front(folder, {HOST}, port)):
        ends = time.monotonic() + seconds
        threads = [threading.Thread(target=_visit, args=(port, number, ends, statuses)) for number in range(_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    total = sum(statuses.values())
    return {
        "requests": total,
        "a_second": round(total / seconds),
        "wanted_a_second": _NORMAL * _TIMES,
        "errors": total - statuses["200"],
        "statuses": dict(statuses),
    }


def _visit(port: int, number: int, ends: float, statuses: Counter[str]) -> None:
    import http.client

    chosen, pause = random.Random(number), _THREADS / (_NORMAL * _TIMES)
    client, due = http.client.HTTPConnection("127.0.0.1", port, timeout=30), time.monotonic()
    while (now := time.monotonic()) < ends:
        due += pause
        if due > now:
            time.sleep(due - now)
        # One in a hundred comes from a link with a query: nginx asks for the application first, which is not there.
        query = "?from=wechat" if chosen.random() < 0.01 else ""
        packed = {"Accept-Encoding": "gzip"} if chosen.random() < 0.8 else {}
        try:
            client.request("GET", f"/page-{chosen.randrange(_PAGES)}/{query}", headers={"Host": HOST, **packed})
            response = client.getresponse()
            response.read()
            statuses[str(response.status)] += 1
        except http.client.HTTPException as error:
            statuses[type(error).__name__] += 1
            client.close()
        except OSError as error:
            statuses[type(error).__name__] += 1
            client.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.delivery")
    parser.add_argument("--only", action="append", choices=["nginx", "hosts", "outage"])
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    import django

    django.setup()
    measures = {"nginx": page, "hosts": hosts, "outage": lambda folder: outage(folder, options.seconds)}
    for name, measure in measures.items():
        if options.only and name not in options.only:
            continue
        with tempfile.TemporaryDirectory(prefix="delivery-bench-") as folder:
            print(name, measure(Path(folder)), flush=True)
    print(f"peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
