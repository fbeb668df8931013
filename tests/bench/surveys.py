"""``python -m tests.bench.surveys [--answers N]``: the answers to a survey counted, beside the stock way.

Ten questions of all kinds, as the console and the public page lay their results out. The stock way is what Wagtail's
forms keep, a JSON object for each answer, read row by row and counted in Python. The table of all answers is written
as well. Counts of both ways are compared before anything is printed.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from .pushes import _environment  # noqa: E402
from .server import run_server  # noqa: E402

_ROUNDS = 7
_MATRIX = {"rows": "窗口\n电话\n网站\n移动端", "options": "好\n一般\n差"}
_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("single", {"options": "甲\n乙\n丙\n丁"}), ("single", {"options": "是\n否"}), ("single", {"options": "一\n二\n三"}),
    ("multiple", {"options": "\n".join("甲乙丙丁戊己庚辛")}),
    ("multiple", {"options": "\n".join("子丑寅卯"), "most": 2}),
    ("scale", {"points": 5}), ("scale", {"points": 10}), ("matrix", _MATRIX), ("matrix", _MATRIX),
    ("text", {"longest": 300}),
)  # fmt: skip
#: Of ten answers so many say something in words.
_SAYING = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.surveys")
    parser.add_argument("--answers", type=int, default=100_000)
    options = parser.parse_args()
    var = Path(os.environ.get("GOVPLATFORM_VAR") or ROOT / "var") / "bench-surveys"
    with run_server(var) as server:
        os.environ.update(_environment(server, var))
        import django

        django.setup()
        from django_tenants.utils import tenant_context

        from govplatform.lifecycle.actions import NewSite, initialise_platform, open_site

        initialise_platform()
        site = NewSite(
            code="b0", host="b0.localhost", console_host="b0.console.localhost", full_name="云江省人民政府",
            kind="portal", level="province", identity_code="5301000000",
        )  # fmt: skip
        opened, _seconds = open_site(site, acting_user=None)
        with tenant_context(opened):
            print(json.dumps(measure(options.answers), ensure_ascii=False, indent=1))
    return 0


def measure(answers: int) -> dict[str, Any]:
    """Write the answers, count them both ways: seconds by what was done."""
    from django.db import connection

    from sites.surveys.export import export_answers
    from sites.surveys.queries import sayings
    from sites.surveys.results import count_codes, results_of

    survey = _survey()
    _write(survey, answers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE surveys_answer; ANALYZE surveys_saidtext; ANALYZE bench_stock")
    assert count_codes(survey) == _stock()
    figures = {
        "answers": answers,
        "results": _median(lambda: results_of(survey)),
        "stock": _median(_stock),
        "texts_alike_first_page": _median(lambda: list(sayings(survey, "new")[:20])),
    }
    figures["ratio"] = round(figures["stock"] / figures["results"], 1)
    begun = time.perf_counter()
    table, rows = export_answers(survey, "csv", acting_user=None)
    figures["export_csv"] = round(time.perf_counter() - begun, 2)
    assert rows == answers and table.count(b"\n") == answers + 1
    return figures


def _survey() -> Any:
    """A page as the table has it; nobody reads it, so it goes through no review."""
    from django.utils import timezone

    from sites.home.models import HomePage
    from sites.surveys.models import Survey

    now = timezone.now()
    questions = [
        {"type": kind, "value": {"text": f"第{number}题", "required": False, **values}}
        for number, (kind, values) in enumerate(_KINDS, 1)
    ]
    survey = Survey(
        title="服务满意度调查", slug="survey", live=False, source="本站", questions=questions,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1),
    )  # fmt: skip
    return HomePage.objects.get().add_child(instance=survey)


def _write(survey: Any, answers: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from sites.surveys.intake import text_digest
    from sites.surveys.models import Answer, SaidText

    draw, today, digest = random.Random(97), timezone.localdate(), survey.questions_digest
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_stock (id bigserial PRIMARY KEY, form_data jsonb NOT NULL)")
        for start in range(0, answers, 5000):
            made, saying = [], []
            for number in range(start, min(start + 5000, answers)):
                chosen, said = _drawn(survey.asked, draw)
                made.append(
                    Answer(
                        survey=survey, token=f"{number:064d}", content="", questions=digest, answered_on=today,
                        chosen=chosen,
                    )
                )  # fmt: skip
                saying.append(said)
            Answer.objects.bulk_create(made)
            SaidText.objects.bulk_create(
                SaidText(survey=survey, answer=one, question=10, text=said, digest=text_digest(said))
                for one, said in zip(made, saying, strict=True)
                if said
            )
            cursor.executemany(
                "INSERT INTO bench_stock (form_data) VALUES (%s)",
                [(json.dumps({"chosen": one.chosen, "q10": said}),) for one, said in zip(made, saying, strict=True)],
            )


def _drawn(questions: Any, draw: random.Random) -> tuple[list[int], str]:
    chosen, said = [0], ""
    for question in questions:
        if question.kind == "text":
            if draw.randrange(10) < _SAYING:
                said = f"建议第{draw.randrange(5000)}条：多开几个窗口。"
                chosen.append(question.code())
            continue
        if question.kind in ("matrix", "multiple"):
            chosen.append(question.code())
        if question.kind == "matrix":
            chosen += [question.code(draw.randint(1, len(question.options)), row + 1) for row in range(4)]
        else:
            several = draw.randint(1, question.most or 3) if question.kind == "multiple" else 1
            options = draw.sample(range(1, len(question.options) + 1), several)
            chosen += [question.code(option) for option in sorted(options)]
    return chosen, said


def _stock() -> dict[int, int]:
    from django.db import connection

    counted: Counter[int] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT form_data FROM bench_stock")
        for (data,) in cursor:
            answer = json.loads(data) if isinstance(data, str) else data
            counted.update(answer["chosen"])
    return dict(counted)


def _median(act: Callable[[], Any]) -> float:
    taken = []
    for _round in range(_ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken), 3)


if __name__ == "__main__":
    raise SystemExit(main())
