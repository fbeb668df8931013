"""``python -m tests.bench.search_cluster [--documents N]``: N documents on one real OpenSearch node with 1 GB of heap.

The documents are those of ``tests.bench.search``, with their lexemes as Python makes them. Every question wants its
exact total, three facets and a hundred hits. The node lives for the run and needs a JDK and Maven (tests/engines).
"""

import argparse
import json
import os
import random
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

from .search import spread  # noqa: E402
from .search_texts import SITES, words, written  # noqa: E402

_AT_ONCE, _AHEAD = 1_000, 3
_HEAP_MB = 1024


def made(first: int, number: int) -> list[Any]:
    """Documents ``first`` to ``first + number``, the same ones in every run."""
    from search.engine import Document
    from search.text.filters import filter_lexeme
    from search.text.folding import fold
    from search.text.lexemes import document_lexemes

    documents = []
    for key in range(first, first + number):
        one = written(key)
        site, year = one.site + 1, one.published.year
        filters = [filter_lexeme("s", site), filter_lexeme("k", one.kind), filter_lexeme("y", year)]
        lexemes = document_lexemes(title=one.title, number=one.number, texts=[one.body], filters=filters)
        documents.append(Document(key + 1, 1, lexemes, (site,), one.kind, year, one.published, fold(one.title)))
    return documents


def questions(rounds: int) -> dict[str, list[Any]]:
    """Kinds of questions by name."""
    from search.asking.building import Narrowing, build
    from search.asking.parsing import parse
    from search.engine import Order
    from search.text.filters import filter_lexeme

    chance, known = random.Random(5), words()
    common, middle, rare = known[:40], known[40:1_500], known[1_500:]

    def word() -> str:
        return chance.choice((chance.choice(common), chance.choice(middle), chance.choice(middle), chance.choice(rare)))

    def of(text: str, *filters: str) -> Any:
        return build(parse(text), Narrowing(tuple((one,) for one in filters))).query

    def number() -> str:
        return f"澄政发〔{chance.randint(2018, 2026)}〕{chance.randint(1, 900)}号"

    turns = range(rounds)
    return {
        "one common word": [of(chance.choice(common)) for _ in turns],
        "one word": [of(word()) for _ in turns],
        "two words": [of(f"{word()} {word()}") for _ in turns],
        "three words": [of(" ".join(word() for _ in range(3))) for _ in turns],
        "four words": [of(" ".join(word() for _ in range(4))) for _ in turns],
        "one word of a site": [of(word(), filter_lexeme("s", chance.randint(1, SITES))) for _ in turns],
        "one word of a year": [of(word(), filter_lexeme("y", chance.randint(2018, 2026))) for _ in turns],
        "newest first": [replace(of(word()), order=Order.NEWEST) for _ in turns],
        "document numbers": [of(number()) for _ in turns],
    }


def _made_beside(documents: int) -> Iterator[list[Any]]:
    """Yield the documents part by part; another process makes the next ones meanwhile, a few parts ahead."""
    waiting: deque[Future[list[Any]]] = deque()
    with ProcessPoolExecutor(max_workers=1) as maker:
        for first in range(0, documents, _AT_ONCE):
            waiting.append(maker.submit(made, first, min(_AT_ONCE, documents - first)))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search_cluster")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60, help="questions of each kind")
    options = parser.parse_args()
    import django

    django.setup()
    from tests.engines.opensearch import running_node

    with running_node(heap=_HEAP_MB) as node:
        print(json.dumps(_measure(node, options.documents, options.rounds), ensure_ascii=False, indent=1))
    return 0


def _measure(node: Any, documents: int, rounds: int) -> dict[str, Any]:
    from django.test import override_settings

    from search.engines.elasticsearch import ElasticsearchEngine

    with override_settings(SEARCH_URL=node.url, SEARCH_REPLICAS=0):
        engine = ElasticsearchEngine()
        rebuild, sending = engine.begin_rebuild(), 0.0
        began = time.perf_counter()
        for number, part in enumerate(_made_beside(documents), 1):
            sent = time.perf_counter()
            engine.index(part, rebuild=rebuild)
            sending += time.perf_counter() - sent
            if number % 20 == 0:
                rate = number * _AT_ONCE / (time.perf_counter() - began)
                print(f"{number * _AT_ONCE} documents, {rate:.0f} a second", file=sys.stderr, flush=True)
        engine.finish_rebuild(rebuild)
        seconds = time.perf_counter() - began
        assert engine.count() == documents
        (size,) = (int(row["store.size"]) for row in node.ask("GET", "/_cat/indices?format=json&bytes=mb"))
        asked = {name: _asked(engine, queries) for name, queries in questions(rounds).items()}
        every = [times for one in asked.values() for times in one.pop("times")]
        return {
            "documents": documents,
            "a_second": round(documents / seconds),
            "a_second_without_making_them": round(documents / sending),
            "index_mb": size,
            "questions": asked,
            "all": spread(every),
            "indexed_to_found": _found_after(engine, documents),
        }


def _asked(engine: Any, queries: list[Any]) -> dict[str, Any]:
    times, hits = [], []
    for query in queries:
        began = time.perf_counter()
        answer = engine.query(query)
        times.append((time.perf_counter() - began) * 1000)
        hits.append(answer.total)
    return {**spread(times), "hits": sorted(hits)[len(hits) // 2], "times": times}


def _found_after(engine: Any, documents: int) -> dict[str, float]:
    """Milliseconds until a single new document is found."""
    times = []
    for document in made(documents, 40):
        began = time.perf_counter()
        engine.index([document])
        times.append((time.perf_counter() - began) * 1000)
    return spread(times)


if __name__ == "__main__":
    raise SystemExit(main())
