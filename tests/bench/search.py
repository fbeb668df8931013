"""``python -m tests.bench.search [--documents N]``: searching N documents in PostgreSQL, and writing them.

Rows are written as publishing leaves them behind, their index as ``rebuild_search`` makes it. Every question is asked
as the page asks it, with total, three facets, ten hits, their snippets and the look at what is public; the engine's
part of it is told beside it. ``--rivals N`` asks the same of Wagtail's own backend and of pg_trgm, over the first N
documents; ``--publications N`` has N documents published at fifty a second and waits until they are found. ``--keep``
leaves the documents for the next run with it, which then asks at once (``rows_a_second`` says nothing then).
"""

import argparse
import itertools
import json
import multiprocessing
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .pushes import _environment  # noqa: E402
from .server import PLATFORM, Server, run_server  # noqa: E402

#: Questions before the first one that counts: they bring the index into memory.
_WARMING = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60, help="questions of each kind")
    parser.add_argument("--publications", type=int, default=500)
    parser.add_argument("--rivals", type=int, default=0, help="documents that the others are asked about")
    parser.add_argument("--keep", action="store_true", help="use the documents of a run before, and leave them there")
    parser.add_argument("--json", type=Path, help="file that the figures are also written to")
    options = parser.parse_args()
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-search"
    with run_server(var, kept=options.keep) as server:
        os.environ.update(_environment(server, var))
        import django

        django.setup()
        figures = measure(server, options.documents, options.rounds, options.publications)
        if options.rivals:
            from .search_rivals import ask_rivals

            figures["rivals"] = ask_rivals(server, min(options.rivals, options.documents), options.rounds)
    written = json.dumps(figures, ensure_ascii=False, indent=1)
    print(written)
    if options.json:
        options.json.write_text(written + "\n")
    return 0


def measure(server: Server, documents: int, rounds: int, publications: int) -> dict[str, Any]:
    """Write the documents and ask all kinds of questions: the figures by their names."""
    from django.db import connection

    from govplatform.lifecycle.actions import initialise_platform

    from .search_filling import index_rows, make_sites, tell, write_rows
    from .search_publishing import publish

    initialise_platform()
    sites = make_sites()
    connection.close()
    every_right = {**server.parameters, "dbname": PLATFORM, **({"user": "postgres"} if server.logs else {})}
    rows = write_rows(every_right, documents, [site.pk for site in sites])
    figures: dict[str, Any] = {"documents": documents, "rows_a_second": round(documents / rows)}
    # In a process of its own, as the verb is: a process that asks has no tables for writing lexemes in memory.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _set_up) as process:
        figures["written"] = process.submit(index_rows, documents).result()
    tell("asking")
    memory: dict[str, Any] = {"before": resident(), "each_round": []}
    times = dict[str, dict[str, list[float]]]()
    figures["questions"] = {}
    for name, questions in mixes(documents, sites).items():
        figures["questions"][name], times[name] = asked(itertools.islice(questions(), rounds + _WARMING))
        memory["each_round"].append(resident())
    figures["all"] = spread([one for kind in times.values() for one in kind["all"]])
    figures["all_engine"] = spread([one for kind in times.values() for one in kind["engine"]])
    figures["suggestions"] = _suggested(rounds)
    figures["recall"] = recall(rounds)
    memory["after"] = resident()
    figures["memory_mb"] = memory
    tell("publishing")
    if publications:
        figures["published_to_found"] = publish(documents, publications, server.logs)
    return figures


def _set_up() -> None:
    import django

    django.setup()


def resident() -> int:
    """Megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


Questions = Callable[[], Iterator[dict[str, Any]]]


def mixes(documents: int, sites: list[Any]) -> dict[str, Questions]:
    """Kinds of questions by name, each without end."""
    from search.narrowing import Filters

    from .search_texts import words as all_words

    chance, known = random.Random(5), all_words()
    common, middle, rare = known[:40], known[40:1_500], known[1_500:]

    def word() -> str:
        return chance.choice((chance.choice(common), chance.choice(middle), chance.choice(middle), chance.choice(rare)))

    def words(number: int) -> Questions:
        return lambda: ({"text": " ".join(word() for _ in range(number))} for _ in itertools.count())

    def filtered() -> Iterator[dict[str, Any]]:
        while True:
            chosen = chance.choice((Filters(year=str(chance.randint(2018, 2026))), Filters(kind="policy"), Filters()))
            yield {"text": word(), "site": chance.choice(sites), "scope": "site", "filters": chosen}

    def numbers() -> Iterator[dict[str, Any]]:
        while True:
            year, serial = chance.randint(2018, 2026), chance.randint(1, 900)
            text = chance.choice((f"〔{year}〕{serial}号", f"澄政发[{year}]{serial}", f"澄政发 ({year}) {serial}"))
            yield {"text": text}

    return {
        "one common word": lambda: ({"text": chance.choice(common)} for _ in itertools.count()),
        "one word": words(1),
        "two words": words(2),
        "three words": words(3),
        "four words": words(4),
        "filtered": filtered,
        "document numbers": numbers,
    }


def asked(questions: Iterator[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Ask; return the figures, and the milliseconds of each question: all of it, and what the engine took."""
    from search import queries

    times, engine_times, hits, capped = list[float](), list[float](), list[int](), 0
    asked_engine = queries.ask

    def timed(query: Any) -> Any:
        began = time.perf_counter()
        answer = asked_engine(query)
        engine_times.append((time.perf_counter() - began) * 1000)
        return answer

    queries.ask = timed
    try:
        for number, question in enumerate(questions):
            if number == _WARMING:
                engine_times.clear()
            began = time.perf_counter()
            found = queries.search(**question)
            if number >= _WARMING:
                times.append((time.perf_counter() - began) * 1000)
                hits.append(found.total)
                capped += found.capped
    finally:
        queries.ask = asked_engine
    figures = {
        **spread(times), "engine": spread(engine_times), "hits": round(statistics.median(hits)), "capped": capped
    }  # fmt: skip
    return figures, {"all": times, "engine": engine_times}


def _suggested(rounds: int) -> dict[str, float]:
    """Suggestions for one to eight characters of a title, for letters of its sound among them."""
    from search.models import SearchDocument
    from search.offering import suggest

    titles = list(SearchDocument.objects.filter(pk__lte=1_000).order_by("pk").values_list("title", flat=True))
    chance, times = random.Random(11), list[float]()
    for number in range(rounds * 4 + _WARMING):
        title = chance.choice(titles)
        start = chance.choice((0, 2))
        typed = chance.choice((title[start : start + chance.randint(1, 8)], "guanyu", "zhengce", "gy"))
        began = time.perf_counter()
        suggest(typed)
        if number >= _WARMING:
            times.append((time.perf_counter() - began) * 1000)
    return spread(times)


def recall(rounds: int) -> dict[str, float]:
    """Strings cut out of documents at random: the share that finds its document among the hits of its site and year.

    A string with more hits there than can be paged through is none to ask with; how many there were is told as well.
    """
    from search.models import SearchText
    from search.queries import search

    chance, found = random.Random(9), dict[str, float]()
    total = SearchText.objects.count()
    for length in (2, 4, 6):
        met = asked = beyond = 0
        while asked < rounds and beyond < rounds * 4:
            row = SearchText.objects.select_related("document").get(pk=chance.randrange(total) + 1)
            start = chance.randrange(len(row.text) - length)
            text = row.text[start : start + length]
            is_found = _is_found(search, f'"{text}"', row.document)
            beyond += is_found is None
            asked += is_found is not None
            met += bool(is_found)
        found[str(length)] = met / asked if asked else 0.0
        found[f"{length}, beyond the last page"] = beyond
    return found


def _is_found(search: Any, text: str, document: Any) -> bool | None:
    """Whether it is on one of the pages; None where there are more hits than pages."""
    from django.utils import timezone

    from govplatform.tenancy.models import Tenant
    from search.narrowing import Filters

    filters = Filters(year=str(timezone.localtime(document.published_at).year))
    site = Tenant.objects.get(pk=document.sites[0])
    for page in range(1, 101):
        results = search(text, site=site, scope="site", filters=filters, order="newest", page=page)
        if results.capped or results.total > 1_000:
            return None
        if any(hit.id == document.pk for hit in results.hits):
            return True
        if page >= results.pages:
            return False
    return False


def spread(times: list[float]) -> dict[str, float]:
    """p50, p95, p99, in milliseconds."""
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else 0.0

    return {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99)}


if __name__ == "__main__":
    raise SystemExit(main())
