"""One function per figure of the table."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from .archive import archive
from .load import Visitor
from .scanning.corpus import plain_text, running_text
from .scanning.figures import megabytes_a_second, quality, share_of_a_bare_pass
from .scanning.files import file_figures
from .searched import searching
from .server import PLATFORM, STOCK
from .setting import LAST_RUNS, STOCK_RUNS, Setting
from .sides import ROOT, answer, ask, environment, start
from .table import Row, seconds, times
from .web import free_port, gunicorn, resident_megabytes, running, worker_pids

_PAGE = "/news/item-10/"
_ROUNDS, _ROUND_SECONDS, _THREADS = 5, "3", "6"
_DOCUMENTS = 20
_SCANNED = 5000
_PUBLICATIONS = 25
#: Rule -> least recall, precision of what blocks, and both in words.
_SCAN_TARGETS = {
    "id-card": (1.0, 0.99, "100 %, > 99 %"),
    "bank-card": (0.0, 0.99, "> 99 % precision"),
    "secrecy-mark": (1.0, 0.0, "100 % recall"),
    "mobile": (0.0, 0.0, ""),
}


def new_site(setting: Setting) -> list[Row]:
    """Opening a site: five runs and the last of all."""
    stock = statistics.median(setting.stock_sites())
    ours = setting.platform_sites(setting.sites)
    rows = []
    last = f"new sites {len(ours) - LAST_RUNS + 1} to {len(ours)}, median"
    for work, taken in (("new site, median of 5 runs", ours[:5]), (last, ours[-LAST_RUNS:])):
        took = statistics.median(taken)
        reached = took <= stock / 15 and took < 0.6
        rows.append(Row(work, seconds(stock), seconds(took), times(stock / took), ">= 15x, < 0.6 s", reached))
    return rows


def fleet_check(setting: Setting) -> list[Row]:
    """Who is behind? In this process' own time, and as the verb with the start of Python."""
    setting.stock_among_many()
    sites = len(setting.platform_sites(setting.sites))
    ask(setting.server, "stock", "migrate")
    noop = ask(setting.server, "stock", "migrate")
    stock = noop["seconds"] / noop["sites"] * sites
    inside = ask(setting.server, "platform", "check", 3)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", "migrate_fleet", "--check", "--json"],
        cwd=ROOT, env=environment(setting.server, "platform"), check=True, capture_output=True,
    )  # fmt: skip
    verb = time.perf_counter() - started
    rows = []
    for work, took in (
        (f"migrate_fleet --check, {sites} sites", verb),
        ("the same, inside a process", inside["seconds"][0]),
    ):
        rows.append(Row(work, seconds(stock), seconds(took), times(stock / took), "< 2 s", took < 2))
    return rows


def add_field(setting: Setting) -> list[Row]:
    """One more column on the articles of every site."""
    setting.stock_among_many()
    sites = len(setting.platform_sites(setting.sites)) + 1
    theirs = ask(setting.server, "stock", "migrate", BENCH_ADD_FIELD="1")
    stock = theirs["seconds"] / theirs["sites"] * sites
    ours = ask(setting.server, "platform", "migrate", BENCH_ADD_FIELD="1")
    if ours["failed"] or ours["migrated"] != sites:
        raise RuntimeError(f"the fleet migration did not reach every site: {ours}")
    ratio = stock / ours["seconds"]
    return [
        Row(f"AddField, {sites} sites", seconds(stock), seconds(ours["seconds"]), times(ratio), ">= 30x", ratio >= 30)
    ]


def statements(setting: Setting) -> list[Row]:
    """SQL of a warm article page, as Django counts and as the database's own log does."""
    setting.articles_to_read()
    theirs = ask(setting.server, "stock", "statements", "stock1", _PAGE)["statements"]
    ours = ask(setting.server, "platform", "statements", "b1", _PAGE)["statements"]
    rows = [_count_row("SQL statements of an article page, by Django", len(theirs), len(ours))]
    if setting.server.logs is not None:
        logged = [_logged_statements(setting, side) for side in ("stock", "platform")]
        rows.append(_count_row("the same, by the database's log", *logged))
    return rows


def _count_row(work: str, stock: int, ours: int) -> Row:
    return Row(work, str(stock), str(ours), times(stock / ours), "<= 8", ours <= 8)


def _logged_statements(setting: Setting, side: str) -> int:
    database, host = (STOCK, "stock1") if side == "stock" else (PLATFORM, "b1")
    port = free_port()
    logs = setting.server.logs
    assert logs is not None
    with setting.server.connect("postgres", "postgres") as admin:
        admin.execute(f"ALTER DATABASE {database} SET log_statement = 'all'")  # type: ignore[call-overload]
        try:
            with running(setting.server, side, gunicorn(side, port, 1), port):
                for _warm in range(4):
                    Visitor(port).get(f"{host}.localhost", _PAGE)
                time.sleep(0.3)
                before = _logged_lines(logs)
                for _request in range(10):
                    Visitor(port).get(f"{host}.localhost", _PAGE)
                time.sleep(0.3)
                return round((_logged_lines(logs) - before) / 10)
        finally:
            admin.execute(f"ALTER DATABASE {database} RESET log_statement")  # type: ignore[call-overload]


def _logged_lines(folder: Path) -> int:
    count = 0
    for path in sorted(folder.rglob("*.log")):
        text = path.read_text(errors="replace")
        count += text.count("LOG:  statement: ") + text.count("LOG:  execute ")
    return count


def page_speed(setting: Setting) -> list[Row]:
    """Requests a second for one warm article page, the sides in turns."""
    setting.articles_to_read()
    commands: dict[str, tuple[str, Callable[[int], list[str]], dict[str, str]]] = {
        "stock": ("stock", partial(_two_workers, "stock"), {}),
        "platform": ("platform", partial(_two_workers, "platform"), {}),
        "tuned": ("stock", partial(_two_workers, "stock"), {"BENCH_STOCK_TUNED": "1"}),
        "default": ("platform", _default_command, {}),
    }
    speeds: dict[str, list[float]] = {name: [] for name in commands}
    with ExitStack() as servers:
        ports = {}
        for name, (side, command, extra) in commands.items():
            ports[name] = free_port()
            servers.enter_context(running(setting.server, side, command(ports[name]), ports[name], **extra))
        for round_number in range(_ROUNDS + 1):
            for name, (side, _command, _extra) in commands.items():
                speed = _speed(ports[name], "stock1" if side == "stock" else "b1")
                # the first round only warms
                if round_number:
                    speeds[name].append(speed)
    middle = {name: statistics.median(values) for name, values in speeds.items()}
    rows = []
    for work, stock, ours, wanted in (
        ("article page, 2 sync workers", "stock", "platform", True),
        ("article page, platform as `serve` runs it", "stock", "default", True),
        ("stock with CONN_MAX_AGE and TENANT_LIMIT_SET_CALLS", "tuned", "platform", False),
    ):
        ratio = middle[ours] / middle[stock]
        rows.append(
            Row(
                work, f"{middle[stock]:.0f} req/s", f"{middle[ours]:.0f} req/s", times(ratio),
                ">= 3x" if wanted else "informs", ratio >= 3 if wanted else None,
            )
        )  # fmt: skip
    return rows


def _default_command(port: int) -> list[str]:
    script = (
        "import json, sys; from govplatform.serving.processes import platform_children;"
        f" print(json.dumps(platform_children({port}, 2)[0].argv))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT / "platform"), "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"},
    )  # fmt: skip
    command: list[str] = json.loads(done.stdout)
    return command


def _two_workers(side: str, port: int) -> list[str]:
    return gunicorn(side, port, 2)


def _speed(port: int, site: str) -> float:
    # a process of its own, so that its threads have an interpreter to themselves
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", str(port), f"{site}.localhost", _PAGE, _ROUND_SECONDS, _THREADS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout)["per_second"])


def watching(setting: Setting) -> list[Row]:
    """5,000 watchers of an interview: by files, and where the application answers each look (a warm page of either)."""
    found = answer_of("tests.bench.watching", "--seconds", "30")
    setting.articles_to_read()
    port = free_port()
    with running(setting.server, "stock", gunicorn("stock", port, 2), port):
        looks = [_speed(port, "stock1") for _round in range(3)]
    stock, ours = statistics.median(looks), found["answered_a_second"]
    all_answered = ours >= 0.98 * found["wanted_a_second"] and set(found["statuses"]) <= {"200", "304"}
    return [
        Row(
            "watchers of an interview, each looks every 5 s: looks answered a second, p95, share of a core",
            f"{stock:.0f} looks/s ({stock * 5:.0f} watchers)",
            f"{ours} looks/s (5000 watchers), {found['p95_ms']} ms, {found['worker_share_of_a_core']}",
            times(ours / stock), "5000 watchers, p95 < 200 ms",
            all_answered and found["p95_ms"] < 200,
        )
    ]  # fmt: skip


def answer_of(module: str, *arguments: str) -> dict[str, Any]:
    """What a measure of its own prints as JSON, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def memory(setting: Setting) -> list[Row]:
    """Resident memory of one worker that has served every site."""
    setting.articles_to_read()
    paths = setting.article_everywhere()
    port = free_port()
    with running(setting.server, "platform", gunicorn("platform", port, 1), port) as master:
        visitor = Visitor(port)
        for code, path in paths.items():
            visitor.get(f"{code}.localhost", "/")
            visitor.get(f"{code}.localhost", path)
        ours = max(map(resident_megabytes, worker_pids(master)))
    port = free_port()
    with running(setting.server, "stock", gunicorn("stock", port, 1), port) as master:
        for _request in range(10):
            Visitor(port).get("stock1.localhost", _PAGE)
        theirs = max(map(resident_megabytes, worker_pids(master)))
    work = f"memory of a worker after {len(paths)} sites"
    return [Row(work, f"{theirs:.0f} MB (1 site)", f"{ours:.0f} MB", "", "<= 250 MB", ours <= 250)]


def chain(setting: Setting) -> list[Row]:
    """Documents from import to live: two processes on two sites against one on one."""
    setting.platform_sites(2)
    ratios, alone_speeds, pair_speeds = [], [], []
    for _round in range(2):
        alone = _chain_speed(setting, ["b1"])
        pair = _chain_speed(setting, ["b1", "b2"])
        ratios.append(pair / alone)
        alone_speeds.append(alone)
        pair_speeds.append(pair)
    ratio = statistics.median(ratios)
    return [
        Row(
            "documents import to live: 2 processes on 2 sites against 1 on 1",
            f"{statistics.median(alone_speeds):.1f} a second (1 process)",
            f"{statistics.median(pair_speeds):.1f} a second", times(ratio), ">= 1.6x", ratio >= 1.6,
        )
    ]  # fmt: skip


def publishing_with_library(setting: Setting) -> list[Row]:
    """Draft to live with the library's receiver of publications and without it, in turns in one process."""
    setting.platform_sites(1)
    figures = ask(setting.server, "platform", "publishing", "b1", _PUBLICATIONS)
    rows = []
    for kind, work in (("text", "text alone"), ("files", "a Word file of 300 KB and a picture")):
        with_it, without, added = (figures[kind][name] for name in ("with", "without", "added"))
        rows.append(
            Row(
                f"draft to live, {work}: without the library, with it", seconds(without), seconds(with_it),
                f"{added:+.1%}", "<= +15 %", added <= 0.15,
            )
        )  # fmt: skip
    return rows


def library_lists(_setting: Setting) -> list[Row]:
    """Lists of the common library at a million resources, in a database of their own."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as kept:
        command = [sys.executable, "-m", "tests.bench.library", "--json", kept.name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        figures = json.load(kept)
    found = figures["three filters, all"]
    shown = f"{found['p50']:.0f} ms, {found['p95']:.0f} ms, {found['max']:.0f} ms"
    work = "lists of the library at 1,000,000 resources, three filters: p50, p95, longest"
    return [Row(work, "", shown, "", "p95 < 50 ms", found["p95"] < 50)]


def _chain_speed(setting: Setting, sites: list[str]) -> float:
    processes = [start(setting.server, "platform", "chain", site, _DOCUMENTS) for site in sites]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [answer(process) for process in processes]
    took = max(a["ended"] for a in answers) - min(a["started"] for a in answers)
    return sum(a["documents"] for a in answers) / float(took)


def scanner(_setting: Setting) -> list[Row]:
    """What the confidentiality scanner finds in generated documents, and megabytes a second."""
    figures, _faults = quality(_SCANNED)
    rows = []
    for rule, found in figures.items():
        recall, precision, target = _SCAN_TARGETS[rule]
        reached = found.recall >= recall and found.precision_of_blocks > precision if target else None
        shown = f"{found.recall:.2%} / {found.precision_of_blocks:.2%} / {found.precision:.2%}"
        work = f"{rule}: recall / precision of blocks / with warnings, {_SCANNED} documents, {found.planted} planted"
        rows.append(Row(work, "", shown, "", target or "informs", reached))
    for work, speed in zip(
        ("one long text", "documents of 4,000 characters"), megabytes_a_second(10, 20_000), strict=True
    ):
        rows.append(Row(f"scan of {work}, 20,000 words", "", f"{speed:.1f} MB/s", "", ">= 20 MB/s", speed >= 20))
    for kind, text in (("running text", running_text(3)), ("text dense with numbers", plain_text(3))):
        share = share_of_a_bare_pass(text, 20_000)
        work = f"speed of the scan against one bare pass of the dictionary, {kind}"
        rows.append(Row(work, "", f"{share:.2f}", "", ">= 0.5", share >= 0.5))
    for file in file_figures():
        reached = file.found and file.seconds < 10 and file.megabytes < 512
        shown = f"{file.seconds:.1f} s, {file.megabytes:.0f} MB"
        rows.append(Row(f"scan of a {file.work}, peak memory", "", shown, "", "< 10 s, < 512 MB", reached))
    return rows


#: In this order: the added field comes last, since it leaves the databases ahead of the code.
MEASURES = {
    "scanner": scanner,
    "new-site": new_site,
    "statements": statements,
    "page-speed": page_speed,
    "watching": watching,
    "chain": chain,
    "publishing-with-library": publishing_with_library,
    "library-lists": library_lists,
    "search": searching,
    "memory": memory,
    "archive": archive,
    "fleet-check": fleet_check,
    "add-field": add_field,
}

NOTES = [
    f"stock: a plain Wagtail on django-tenants with the same page types and the same articles (tests/bench/stock);"
    f" {STOCK_RUNS} sites are made the stock way",
    "new site: `TenantMixin.save()` with migrations, median of the stock runs, also against the last sites;"
    " the platform's `open_site` with first pages and columns, the last sites in a process of their own",
    "fleet check and AddField: stock is `migrate_schemas` inside a running process, measured on its sites in a"
    " database that holds as many schemas, and multiplied; the platform is measured on all sites, the verb with the"
    " start of Python",
    "article page: median of rounds in turns, own load generator (threads over raw sockets, 6 connections)"
    " on the same machine as the servers and the database",
    "watchers: looks evenly spread over 250 kept connections, the file is another one every 12 s, one worker of nginx"
    " with the shipped configuration; stock is a warm article page by 2 sync workers, as fast as it goes",
    "SQL by the log: every statement of ten requests as PostgreSQL logged it, `SET` and health checks included",
    "archive: from the ledger's addresses to the signed and closed bag; wget asks our own server (2 sync workers) for"
    " the same list of addresses, and writes no index, descriptions, second digest, replay or WACZ",
    "memory: resident size of the one worker, shared pages included, after the home page and an article of each site",
    "scanner: documents generated from a seed (tests/bench/scanning) with planted values written in many ways and"
    " twenty kinds of look-alikes; numbers of cases with a label that happen to be valid identity numbers are warned"
    " of, not blocked;"
    " speed in processor time of one core, UTF-8 bytes, on the text of the corpus, a look-alike in every few lines",
    "documents: a Word file with a table, read in its guarded process, submitted, approved twice, live; median of two"
    " rounds",
    "draft to live with the library: median over publications on one site, with its receiver connected and not, in"
    " turns in one process; the share is the median of the pairs'; wall-clock time",
    "search: rows by COPY, the index as `rebuild_search` makes it; every question as the page asks it, in one process,"
    " a mix of one to four words, filters and document numbers; Wagtail's table is asked with the statements of its"
    " backend and counts no facets, pg_trgm in Debian's PostgreSQL where that is installed",
    "lists of the library: rows by COPY, each list with its total, its page of twenty and the titles of their sites,"
    " as a console asks for it",
]
