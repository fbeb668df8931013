"""``python -m tests.bench.search [--documents N]``: searching N documents in PostgreSQL, and writing them.

Documents are written as publishing writes them: lexemes in Python, rows in PostgreSQL. Every question is asked as the
page asks it, with total, three facets, ten hits, their snippets and the look at what is public; the engine's part of it
is told beside it. Texts are made of words whose frequencies fall as in Chinese text, seven hundred characters on
average, so that a word may stand in nearly every document or in one.
"""

import argparse
import itertools
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .pushes import _environment  # noqa: E402
from .server import run_server  # noqa: E402

SITES = 40
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_AT_ONCE = 500
_SUBJECTS = (
    "优化营商环境", "农村饮水安全", "老旧小区改造", "义务教育招生", "医疗保障待遇", "高标准农田建设", "安全生产检查",
    "一网通办", "政务服务事项", "生态环境保护", "就业创业补贴", "住房公积金提取", "森林防火", "防汛抗旱",
    "食品安全抽检", "养老服务体系",
)  # fmt: skip
_FORMS = ("实施方案", "管理办法", "工作通知", "指导意见", "公告", "批复", "工作要点", "若干措施")
_KINDS = ("article", "article", "article", "policy", "policy", "interpretation")


class Texts:
    """Makes documents, the same ones in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(20261101)
        characters = [chr(code) for code in range(0x4E00, 0x4E00 + 3_500)]
        pick = self.chance.choice
        lengths = (2, 2, 2, 2, 3, 4)
        made = {"".join(pick(characters) for _ in range(self.chance.choice(lengths))) for _ in range(12_000)}
        self.words = [*_SUBJECTS, "通知", "工作", "服务", "管理", "政府", *sorted(made)]
        weights = [1 / (rank + 8) for rank in range(len(self.words))]
        self._heap = list(itertools.accumulate(weights))

    def sentence(self) -> str:
        return "".join(self.chance.choices(self.words, cum_weights=self._heap, k=self.chance.randint(5, 12))) + "。"

    def body(self) -> str:
        wanted, parts, length = int(self.chance.expovariate(1 / 600)) + 100, list[str](), 0
        while length < wanted:
            parts.append(self.sentence())
            length += len(parts[-1])
        return "".join(parts)

    def title(self) -> str:
        return f"关于{self.chance.choice(_SUBJECTS)}{self.sentence()[:6]}的{self.chance.choice(_FORMS)}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("--documents", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=60, help="questions of each kind")
    parser.add_argument("--json", type=Path, help="file that the figures are also written to")
    options = parser.parse_args()
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-search"
    with run_server(var) as server:
        os.environ.update(_environment(server, var))
        import django

        django.setup()
        figures = measure(options.documents, options.rounds)
    written = json.dumps(figures, ensure_ascii=False, indent=1)
    print(written)
    if options.json:
        options.json.write_text(written + "\n")
    return 0


def measure(documents: int, rounds: int) -> dict[str, Any]:
    """Write the documents and ask all kinds of questions: the figures by their names."""
    from govplatform.lifecycle.actions import initialise_platform

    initialise_platform()
    sites = _sites()
    figures: dict[str, Any] = {"documents": documents, "written": _write(documents, sites)}
    figures["questions"] = {
        name: _asked(questions(rounds), sites) for name, questions in _mixes(documents, sites).items()
    }
    both = [time for asked in figures["questions"].values() for time in asked.pop("times")]
    figures["all"] = _spread(both)
    figures["recall"] = _recall(rounds)
    figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def _sites() -> list[Any]:
    from govplatform.tenancy.models import Tenant

    for number in range(SITES):
        Tenant.objects.get_or_create(
            code=f"bench-{number}",
            defaults={
                "schema_name": f"site_bench_{number}", "full_name": f"第{number}站", "kind": "portal", "level": "county"
            },
        )  # fmt: skip
    return list(Tenant.objects.filter(code__startswith="bench-").order_by("pk"))


def _write(documents: int, sites: list[Any]) -> dict[str, Any]:
    """Write the rows, then their index as ``rebuild_search`` does it: what each takes."""
    from django.db import connection, transaction

    from search.engines.choosing import own_engine
    from search.models import PostgresEntry, SearchDocument, SearchText
    from search.rebuilding import give_all
    from search.text.folding import fold

    texts, made, present = Texts(), 0, SearchDocument.objects.count()
    rows_seconds = 0.0
    while made < documents:
        parts, bodies = [], []
        for number in range(made, min(documents, made + _AT_ONCE)):
            site = texts.chance.choice(sites)
            published = _NOW - timedelta(minutes=texts.chance.randrange(5_000_000))
            parts.append(
                SearchDocument(
                    key=f"bench:{number}", tenant=site, sites=[site.pk], shown=True, kind=texts.chance.choice(_KINDS),
                    places=[{"site": site.pk, "page": number, "path": f"/news/{number}/", "column": "/news/"}],
                    document_number=f"澄政发〔{published.year}〕{number % 900 + 1}号" if number % 3 == 0 else "",
                    published_at=published, updated_at=published, title=texts.title(), version=1, indexed=1,
                )
            )  # fmt: skip
            bodies.append(texts.body())
        made += len(parts)
        if made <= present:
            continue
        began = time.perf_counter()
        with transaction.atomic():
            rows = SearchDocument.objects.bulk_create(parts)
            SearchText.objects.bulk_create(
                SearchText(
                    document=row, text=body, folded=f"{fold(row.title)}\n{fold(row.document_number)}\n{fold(body)}"
                )
                for row, body in zip(rows, bodies, strict=True)
            )
        rows_seconds += time.perf_counter() - began
    new, engine = documents - PostgresEntry.objects.count(), own_engine()
    began = time.perf_counter()
    name = engine.begin_rebuild()
    give_all(engine, SearchDocument.objects.filter(pk__gt=max((pk for pk, _v in _last(engine)), default=0)))
    engine.finish_rebuild(name)
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) public.search_postgresentry")
        cursor.execute("ANALYZE public.search_searchdocument")
        cursor.execute("SELECT pg_relation_size('public.search_lexemes'), pg_table_size('public.search_postgresentry')")
        index, table = cursor.fetchone()
    return {
        "rows_a_second": round((documents - present) / rows_seconds) if rows_seconds else None,
        "indexed_a_second": round(new / seconds) if new > 0 else None,
        "index_mb": index >> 20,
        "table_mb": table >> 20,
    }


def _last(engine: Any) -> list[tuple[int, int]]:
    from search.models import PostgresEntry

    last = PostgresEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return engine.versions(after=last - 1, limit=1) if last else []


Questions = Callable[[int], Iterator[dict[str, Any]]]


def _mixes(documents: int, sites: list[Any]) -> dict[str, Questions]:
    """Kinds of questions by name; each gives as many as are asked for."""
    chance, texts = random.Random(5), Texts()
    common, middle, rare = texts.words[:40], texts.words[40:1_500], texts.words[1_500:]

    def word() -> str:
        return chance.choice((chance.choice(common), chance.choice(middle), chance.choice(middle), chance.choice(rare)))

    def words(number: int) -> Questions:
        return lambda rounds: ({"text": " ".join(word() for _ in range(number))} for _ in range(rounds))

    def filtered(rounds: int) -> Iterator[dict[str, Any]]:
        from search.narrowing import Filters

        for _ in range(rounds):
            chosen = chance.choice(
                (Filters(year=str(chance.randint(2018, 2026))), Filters(kind="policy"), Filters(validity=""))
            )
            yield {"text": word(), "site": chance.choice(sites), "scope": "site", "filters": chosen}

    def numbers(rounds: int) -> Iterator[dict[str, Any]]:
        for _ in range(rounds):
            year, serial = chance.randint(2018, 2026), chance.randint(1, 900)
            yield {
                "text": chance.choice((f"〔{year}〕{serial}号", f"澄政发[{year}]{serial}", f"澄政发 ({year}) {serial}"))
            }

    return {
        "one common word": lambda rounds: ({"text": chance.choice(common)} for _ in range(rounds)),
        "one word": words(1),
        "two words": words(2),
        "three words": words(3),
        "four words": words(4),
        "filtered": filtered,
        "document numbers": numbers,
    }


def _asked(questions: Iterator[dict[str, Any]], sites: list[Any]) -> dict[str, Any]:
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
        for question in questions:
            began = time.perf_counter()
            found = queries.search(**question)
            times.append((time.perf_counter() - began) * 1000)
            hits.append(found.total)
            capped += found.capped
    finally:
        queries.ask = asked_engine
    return {
        **_spread(times),
        "engine": _spread(engine_times),
        "hits": round(statistics.median(hits)),
        "capped": capped,
        "times": times,
    }


def _recall(rounds: int) -> dict[str, float]:
    """Strings cut out of documents at random: the share that finds its document among the hits of its site and day."""
    from search.models import SearchText
    from search.queries import search

    chance, found = random.Random(9), dict[str, float]()
    total = SearchText.objects.count()
    for length in (2, 4, 6):
        met = 0
        for _ in range(rounds):
            row = SearchText.objects.select_related("document__tenant").order_by("pk")[chance.randrange(total)]
            start = chance.randrange(len(row.text) - length)
            text = row.text[start : start + length]
            met += _is_found(search, f'"{text}"', row.document)
        found[str(length)] = met / rounds
    return found


def _is_found(search: Any, text: str, document: Any) -> bool:
    from django.utils import timezone

    from search.narrowing import Filters

    year = str(timezone.localtime(document.published_at).year)
    for page in range(1, 101):
        results = search(
            text, site=document.tenant, scope="site", filters=Filters(year=year), order="newest", page=page
        )
        if any(hit.id == document.pk for hit in results.hits):
            return True
        if page >= results.pages:
            return False
    return False


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else 0.0

    return {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99)}


if __name__ == "__main__":
    raise SystemExit(main())
