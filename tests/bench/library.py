"""``python -m tests.bench.library [--rows N]``: lists of the common library with three filters, at a million rows.

Rows come in by COPY with the lexemes that publishing writes; every list is asked as a console asks it,
with its total, its page of twenty and the titles of their sites.
"""
# ruff: noqa: E501

import argparse
import json
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .server import PLATFORM, Server, run_server  # noqa: E402

SITES = 1_000
_PLACES = ["云江省", "澄州市", "白石县", "青岭区", "临江镇", "东山乡", "南浦街道", "西溪县", "北湖区"]
_SUBJECTS = [
    "优化营商环境", "农村饮水安全", "城镇老旧小区改造", "义务教育招生", "医疗保障待遇", "高标准农田建设", "安全生产检查",
    "政务服务事项", "生态环境保护", "就业创业补贴", "住房公积金提取", "森林防火", "防汛抗旱", "食品安全抽检", "养老服务体系",
    "数字政府建设", "招商引资项目", "乡村振兴", "公共文化服务", "交通运输执法", "财政预算执行", "残疾人救助", "土地征收补偿",
]  # fmt: skip
_FORMS = [
    "实施方案",
    "管理办法",
    "工作通知",
    "指导意见",
    "公告",
    "批复",
    "工作要点",
    "若干措施",
    "政策解读",
    "情况通报",
]
_KINDS = ["article", "article", "article", "policy", "policy", "interpretation", "topic"]
_DOCUMENT_KINDS = ["notice", "measures", "opinions", "announcement", "plan", "reply"]
_STATUS = ["in_force"] * 90 + ["corrected"] * 5 + ["repealed"] * 2 + ["lapsed"] * 2 + ["withdrawn"]
_LEVELS = ["province", "city", "county"]
_CLASSES = [f"{number:02d}" for number in range(1, 23)]
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.library")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60, help="lists of each mix")
    parser.add_argument("--json", type=Path, help="file that the figures are also written to")
    options = parser.parse_args()
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-library"
    with run_server(var) as server:
        os.environ["DATABASE_URL"] = server.url(PLATFORM)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.demo")
        os.environ["GOVPLATFORM_VAR"] = str(var)
        import django

        django.setup()
        from govplatform.lifecycle.actions import initialise_platform

        initialise_platform()
        begun = time.perf_counter()
        fill(server, options.rows)
        print(f"{options.rows} rows in {time.perf_counter() - begun:.0f} s", flush=True)
        figures = measure(options.rounds)
        if options.json is not None:
            options.json.write_text(json.dumps(figures))
    return 0


def title_of(number: int) -> str:
    chance = random.Random(number)
    place, subject, form = chance.choice(_PLACES), chance.choice(_SUBJECTS), chance.choice(_FORMS)
    return f"{place}人民政府办公室关于{subject}{chance.choice(_SUBJECTS)[:4]}的{form}（第{number}号）"


def _rows(rows: int, tenants: list[int]) -> Iterator[tuple[Any, ...]]:
    from content_library.resources.lexemes import filter_lexemes, folded_title, pairs

    for number in range(1, rows + 1):
        chance = random.Random(number)
        tenant = tenants[number % len(tenants)]
        title, index = title_of(number), f"53{number % SITES:08d}/2026-{number:07d}"
        kind, status = chance.choice(_KINDS), chance.choice(_STATUS)
        document_kind = chance.choice(_DOCUMENT_KINDS) if kind == "policy" else ""
        subject = chance.choice(_CLASSES)
        level = _LEVELS[2 if tenant % 20 else (tenant // 20) % 2]
        at = _NOW - timedelta(seconds=chance.randrange(5 * 365 * 86_400))
        repostable = number % 50 != 0
        folded = folded_title(title, index)
        lexemes = pairs(folded) | filter_lexemes(
            tenant_id=tenant,
            subject_class=subject,
            kind=kind,
            document_kind=document_kind,
            level=level,
            status=status,
            published_at=at,
            open_to_all=repostable and status != "withdrawn",
        )
        terms = " ".join(f"'{lexeme}'" for lexeme in sorted(lexemes))
        yield (
            number, str(uuid.UUID(int=chance.getrandbits(128), version=4)), tenant, number, "", index, status, "", number,
            title, kind, subject, document_kind, "", "proactive", "人民政府", level, repostable,
            f"https://example.invalid/{number}/", at, at, folded, terms,
        )  # fmt: skip


def fill(server: Server, rows: int) -> None:
    with server.connect(PLATFORM, user="postgres" if server.logs else None) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("SET maintenance_work_mem = '512MB'")
        database.execute(
            "INSERT INTO tenancy_tenant (schema_name, code, full_name, short_name, kind, level, organiser, undertaker,"
            " responsible_person, contact, icp_number, police_record_number, status, theme, rule_pack, created_at)"
            " SELECT 'site_bench' || n, 'bench' || n, '站点' || n, '', 'portal', 'county', '', '', '', '', '', '', 'live',"
            " 'base', 'national', now() FROM generate_series(1, %s) n",
            [SITES],
        )
        tenants = [
            row[0] for row in database.execute("SELECT id FROM tenancy_tenant WHERE code LIKE 'bench%' ORDER BY id")
        ]
        indexes = database.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'content_library_resource'"
            " AND indexname LIKE 'resource\\_%' AND indexname <> 'resource_per_page'"
        ).fetchall()
        for name, _definition in indexes:
            database.execute(f'DROP INDEX "{name}"')  # type: ignore[arg-type]
        with database.cursor().copy(
            "COPY content_library_resourceversion (id, resource_id, number, title, metadata, html, text, digest,"
            " cleared_at) FROM STDIN"
        ) as copy:
            for number in range(1, rows + 1):
                copy.write_row((number, number, 1, title_of(number), "{}", "", "", "0" * 64, _NOW))
        with database.cursor().copy(
            "COPY content_library_resource (id, uuid, tenant_id, page_id, platform, number, status, status_reason,"
            " current_id, title, kind, subject_class, document_kind, audience, disclosure, organisation, level,"
            " repostable, url, published_at, updated_at, folded, terms) FROM STDIN"
        ) as copy:
            for row in _rows(rows, tenants):
                copy.write_row(row)
        for _name, definition in indexes:
            database.execute(definition)
        database.execute("VACUUM ANALYZE content_library_resource")
        database.execute("VACUUM ANALYZE content_library_resourceversion")


def measure(rounds: int) -> dict[str, Any]:
    """p50, p95, p99 and the longest of every mix, in milliseconds."""
    from content_library.resources.queries import ListFilter, list_resources
    from govplatform.tenancy.models import Tenant

    tenants = list(Tenant.objects.filter(code__startswith="bench"))
    chance = random.Random(7)
    one = chance.choice

    def site() -> Any:
        return {"site": one(tenants)}

    def word() -> Any:
        subject = one(_SUBJECTS)
        return {"query": one([subject, subject[:2], subject[-2:], f"{one(_PLACES)} {one(_FORMS)}", "政府"])}

    def month() -> Any:
        return {"month": f"{one([2022, 2023, 2024, 2025, 2026])}-{one(range(1, 10)):02d}"}

    parts = {
        "site": site, "query": word, "month": month,
        "class": lambda: {"subject_class": one(_CLASSES)},
        "status": lambda: {"status": one(["in_force", "in_force", "corrected", "repealed", "lapsed"])},
        "kind": lambda: {"kind": one(["article", "policy", "interpretation"])},
        "document kind": lambda: {"document_kind": one(_DOCUMENT_KINDS), "kind": "policy"},
        "level": lambda: {"level": one(_LEVELS)},
        "viewer": lambda: {"viewer": one(tenants), "withdrawn": False},
    }  # fmt: skip
    mixes = [
        ("site", "class", "status"), ("class", "status", "query"), ("site", "kind", "query"), ("class", "kind", "month"),
        ("level", "class", "query"), ("status", "month", "document kind"), ("level", "kind", "status"),
        ("viewer", "class", "query"), ("viewer", "kind", "level"), ("viewer",), ("query",),
    ]  # fmt: skip
    figures: dict[str, Any] = {}
    everything: list[float] = []
    for mix in mixes:
        times = []
        for turn in range(-5, rounds):
            # the first of each mix bring the pages of its indexes into memory
            asked = ListFilter(**{key: value for name in mix for key, value in parts[name]().items()})
            begun = time.perf_counter()
            page = list_resources(asked)
            if turn < 0:
                continue
            times.append((time.perf_counter() - begun) * 1000)
            if turn % 3 == 0 and page.next:
                begun = time.perf_counter()
                list_resources(asked, after=page.next)
                times.append((time.perf_counter() - begun) * 1000)
        figures[" + ".join(mix)] = quantiles(times)
        if len(mix) == 3:
            everything += times
    figures["three filters, all"] = quantiles(everything)
    for name, row in figures.items():
        print(f"{name:32} {json.dumps(row)}", flush=True)
    return figures


def quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {
        "p50": round(cuts[49], 1),
        "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1),
        "max": round(max(times), 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
