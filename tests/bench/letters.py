"""``python -m tests.bench.letters [--cases N] [--rate N] [--seconds N]``: many letters, and many at once.

A portal and five counties with N letters of five years, put there by SQL. Lists as the inboxes ask for them, of a
clerk, of an editor and of a supervisor, with every filter and pages to the end; numbers as citizens and the verb ask
for them. Then letters by the form, so many a second, each with a token of its own, while a citizen reads a page;
every one is looked for.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .processor import database_seconds, tree_seconds  # noqa: E402
from .server import PLATFORM, Server, run_server  # noqa: E402
from .web import free_port  # noqa: E402

_COUNTIES = 5
_HOST, _WRITE, _PAGE = "b0.localhost", "/interaction/write/", "/"
#: Letters of the corpus: kinds in turns; of a hundred two are open, eight closed, three of the answered ones late.
_FILL = """
INSERT INTO cases_case (number, kind, state, came_by_id, desk_id, organisation_id, title, text, may_publish, code_hash,
  token, content, submitted_at, accept_due, accepted_at, due_at, extended, ended_at, answer, closing_reason,
  published_path, published_title, is_abuse)
SELECT to_char(at, 'YYYY') || lpad(n::text, 8, '0'), kind, state, desk, desk,
  CASE WHEN state IN ('submitted', 'accepted') THEN NULL ELSE organisation END,
  '关于第' || n || '件事的来信', repeat('小区门口的路灯坏了三天，请派人维修。', 12), may_publish,
  md5(n::text) || md5('c'), md5(n::text) || md5('t'), md5(n::text) || md5('x'), at, at + interval '2 days',
  CASE WHEN state = 'submitted' THEN NULL ELSE at + interval '1 day' END,
  CASE WHEN state = 'submitted' THEN NULL ELSE at + interval '8 days' END, false,
  CASE WHEN state IN ('replied', 'closed')
    THEN at + make_interval(days => CASE WHEN n %% 100 < 3 THEN 9 ELSE 5 END) END,
  CASE WHEN state = 'replied' THEN '已经修好。' ELSE '' END, CASE WHEN state = 'closed' THEN '重复来信' ELSE '' END,
  CASE WHEN state = 'replied' AND may_publish THEN '/letters/' || n || '/' ELSE '' END, '关于来信的答复', n %% 500 = 0
FROM (
  SELECT n, now() - make_interval(secs => (%(n)s - n) * 157680000.0 / %(n)s) AS at,
    n %% 2 = 0 AND n / 6 %% 6 <> 4 AS may_publish,
    (ARRAY['consultation', 'complaint', 'suggestion', 'help', 'report', 'consultation'])[n / 6 %% 6 + 1] AS kind,
    CASE WHEN n > %(n)s * 0.98 THEN (ARRAY['submitted', 'accepted', 'assigned', 'assigned', 'in_review'])[n %% 5 + 1]
      WHEN n %% 12 = 0 THEN 'closed' ELSE 'replied' END AS state,
    (SELECT id FROM tenancy_tenant WHERE code = 'b0') AS desk,
    (ARRAY(SELECT id FROM tenancy_tenant WHERE code LIKE 'b_' ORDER BY code))[n %% 6 + 1] AS organisation
  FROM generate_series(1, %(n)s) AS n
) AS made
"""
_JUDGED = """
INSERT INTO cases_judgement (case_id, grade, words, at)
SELECT id, (ARRAY['satisfied', 'satisfied', 'fairly', 'dissatisfied'])[id % 4 + 1], '', now()
FROM cases_case WHERE state = 'replied' AND id % 3 = 0
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.letters")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        _setup()
        name, *arguments = options.part
        print(json.dumps(_PARTS[name](*arguments), ensure_ascii=False))
        return 0
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-letters"
    print("load before:", os.getloadavg(), flush=True)
    with run_server(var) as server:
        environment = _environment(server, var)
        _part(environment, "begin")
        print("filled:", _fill(server, options.cases), flush=True)
        print("lists:", _part(environment, "lists"), flush=True)
        print("statistics:", _part(environment, "statistics"), flush=True)
        if options.rate:
            print("submissions:", _submissions(environment, server, options.rate, options.seconds), flush=True)
    print("load after:", os.getloadavg())
    return 0


def _environment(server: Server, var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVPLATFORM_")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "tests.bench.letters_settings",
        "DATABASE_URL": server.url(PLATFORM),
        "GOVPLATFORM_VAR": str(var),
    }


def _part(environment: dict[str, str], *words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.letters", "--part", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def _fill(server: Server, cases: int) -> dict[str, Any]:
    begun = time.perf_counter()
    with server.connect(PLATFORM) as connection:
        for table in ("cases_case", "cases_judgement"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(_FILL % {"n": cases})
        connection.execute(_JUDGED)
        for table in ("cases_case", "cases_judgement"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("SELECT gov_tally_anew()")
        connection.execute("VACUUM ANALYZE cases_case, cases_judgement, cases_casetally")
    return {"cases": cases, "seconds": round(time.perf_counter() - begun, 1)}


def _p95(milliseconds: list[float]) -> float:
    return round(statistics.quantiles(milliseconds, n=20)[-1], 1)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


# --- letters by the form ------------------------------------------------------------------


@contextmanager
def _web(environment: dict[str, str], port: int) -> Iterator[int]:
    """The server as long as it is needed; yields its process id."""
    command = [
        sys.executable, "-m", "gunicorn", "govplatform.serving.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "4", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _attempt in range(300):
            try:
                _get(port, _PAGE)
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _get(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": f"{_HOST}:{port}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return body


def _submissions(environment: dict[str, str], server: Server, rate: int, seconds: int) -> dict[str, Any]:
    """Letters at their moments, by as many threads as it takes; a reader beside them, and alone before."""
    total, port = rate * seconds, free_port()
    tokens = _part(environment, "tokens", total, f"{_HOST}:{port}")["tokens"]
    with _web(environment, port) as master, server.connect(PLATFORM) as connection:
        for _warm in range(20):
            _get(port, _PAGE)
        alone = _read(environment, port, 15).communicate()[0]
        before = connection.execute("SELECT count(*) FROM cases_case").fetchone()[0]  # type: ignore[index]
        taken, refused, waits = [], [], []
        lock, turns = threading.Lock(), iter(range(total))
        spent = tree_seconds(master) + database_seconds(server.logs)
        begun = time.perf_counter() + 0.5

        def send() -> None:
            while True:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    return
                time.sleep(max(0.0, begun + turn / rate - time.perf_counter()))
                token, answer = tokens[turn]
                took = time.perf_counter()
                status, text = _post(port, token, answer, turn)
                with lock:
                    waits.append((time.perf_counter() - took) * 1000)
                    numbers = re.findall(r"<dd>([0-9]{12})</dd>", text)
                    (taken if status == 200 and numbers else refused).append(numbers[0] if numbers else status)

        threads = [threading.Thread(target=send) for _thread in range(24)]
        reader = _read(environment, port, seconds - 5)
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        lasted = time.perf_counter() - begun
        meanwhile = reader.communicate()[0]
        spent = tree_seconds(master) + database_seconds(server.logs) - spent
        kept = connection.execute("SELECT count(*) FROM cases_case").fetchone()[0] - before  # type: ignore[index]
    return {
        "sent": total, "taken": len(set(taken)), "kept": kept, "refused": len(refused), "seconds": round(lasted, 1),
        "a second": round(total / lasted, 1), "ms of a letter p95": _p95(waits),
        "processor ms of a letter, with what was read": round(1000 * spent / total, 1),
        "pages alone": json.loads(alone), "pages meanwhile": json.loads(meanwhile),
    }  # fmt: skip


def _read(environment: dict[str, str], port: int, seconds: int) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-m", "tests.bench.reading", "--port", str(port), "--host", _HOST, "--path", _PAGE,
        "--seconds", str(seconds),
    ]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)


def _post(port: int, token: str, answer: str, turn: int) -> tuple[int, str]:
    fields = {
        "token": token, "sum": answer, "kind": "consultation", "title": f"第{turn}件",
        "text": "路灯坏了三天，请派人维修。" * 8, "name": "来信人", "phone": "0000-0000001", "publish": "yes",
    }  # fmt: skip
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": f"{_HOST}:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", _WRITE, urlencode(fields), headers)
    told = connection.getresponse()
    text = unescape(told.read().decode())
    connection.close()
    return told.status, text


# --- parts, each in a process of its own --------------------------------------------------


def _setup() -> None:
    import logging

    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def _begin() -> dict[str, Any]:
    from django.core.management import call_command

    from govplatform.lifecycle.actions import NewSite, initialise_platform, open_site

    initialise_platform()
    call_command("collectstatic", interactive=False, verbosity=0)
    for number in range(_COUNTIES + 1):
        open_site(
            NewSite(
                code=f"b{number}", host=f"b{number}.localhost", console_host=f"b{number}.console.localhost",
                full_name=f"云江省第{number}测试县人民政府", kind="portal", level="county" if number else "province",
                identity_code=f"5301{number:06d}", **({"parent_code": "b0"} if number else {}),
            ),
            acting_user=None,
        )  # fmt: skip
    return {}


def _tokens(total: str, host: str) -> dict[str, Any]:
    """Forms with their sums: the work of six thousand browsers would take this machine minutes."""
    from sites.interaction.form_tokens import new_token, sum_is_right

    made = [new_token(host, "letter") for _turn in range(int(total))]
    answers = [next(str(number) for number in range(4, 19) if sum_is_right(token, str(number))) for token in made]
    return {"tokens": [(token.text, answer) for token, answer in zip(made, answers, strict=True)]}


def _lists() -> dict[str, Any]:
    from itertools import product

    from govplatform.cases.models import Case
    from govplatform.cases.queries import cases_at, narrow_cases
    from govplatform.tenancy.queries import get_tenant
    from sites.interaction.views import inbox_pages

    portal, county = get_tenant("b0"), get_tenant("b3")
    readers = {
        "clerk": lambda: cases_at(portal, as_clerk=True, as_editor=False),
        "clerk and editor": lambda: cases_at(portal, as_clerk=True, as_editor=True),
        "editor": lambda: cases_at(county, as_clerk=False, as_editor=True),
        "supervisor": Case.objects.all,
    }
    taken: dict[str, list[float]] = {}
    for name, show, kind, number, page in product(
        readers, ("open", "late", "all"), ("", "complaint"), ("", "2026"), (1, 2, 10, 20)
    ):

        def read(name: str = name, show: str = show, kind: str = kind, number: str = number, page: int = page) -> None:
            cases = readers[name]().select_related("desk", "organisation", "handler")
            list(inbox_pages(narrow_cases(cases, show, kind=kind, number=number)).get_page(page))

        said = f"{name}, {show}, {kind or 'every kind'}, {number or 'any number'}"
        taken.setdefault(said, []).extend(_timed(read) for _turn in range(3))
    every = [one for some in taken.values() for one in some]
    slowest = sorted(taken.items(), key=lambda item: -max(item[1]))[:6]
    return {
        "ms p50": round(statistics.median(every), 1), "ms p95": _p95(every), "ms most": round(max(every), 1),
        "slowest": {name: round(max(some), 1) for name, some in slowest},
    }  # fmt: skip


def _statistics() -> dict[str, Any]:
    from django.test import Client
    from django.utils import timezone

    from govplatform.cases.models import Case
    from govplatform.cases.statistics import case_statistics, compare_tally, count_cases
    from govplatform.tenancy.queries import get_tenant

    portal, county, year = get_tenant("b0"), get_tenant("b3"), timezone.localdate().year
    citizen = Client(HTTP_HOST="b0.localhost")

    def page(path: str) -> None:
        answer = citizen.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")

    works: dict[str, Callable[[], object]] = {
        "verb, everything": case_statistics,
        "verb, portal": lambda: case_statistics(site=portal),
        "verb, county and year": lambda: case_statistics(site=county, year=year),
        "page of figures": lambda: page("/interaction/statistics/"),
        "page of answers": lambda: page("/interaction/letters/"),
        "page of answers, narrowed": lambda: page(f"/interaction/letters/?kind=complaint&month={year}-03"),
    }
    taken = {name: [_timed(work) for _turn in range(20)] for name, work in works.items()}
    return {
        "ms p95": {name: _p95(some) for name, some in taken.items()},
        "counted one by one, ms": round(_timed(lambda: count_cases(Case.objects.all()))),
        "kept and counted differ": compare_tally(),
    }


_PARTS: dict[str, Any] = {"begin": _begin, "tokens": _tokens, "lists": _lists, "statistics": _statistics}


if __name__ == "__main__":
    raise SystemExit(main())
