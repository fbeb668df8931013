"""Whatever is typed is text: on the page, for machines, in suggestions and verbs, and whichever engine answers."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import caches

from content_library.models import Resource
from search.asking.parsing import LONGEST
from search.indexing.actions import index_resources
from search.queries import search
from search.suggesting import offer_titles
from search.synonyms.actions import add_synonyms

NEVER = "绝无仅有"
#: Operators of PostgreSQL, of query strings, of SQL and of templates around a word that nothing has: each would find
#: something if it were one.
OPERATORS = (
    f"{NEVER}' | '正文", f"{NEVER} | 正文", f"{NEVER} OR 正文", f"{NEVER} || 正文", f"{NEVER}) | (正文",
    f"!{NEVER}", f"!!{NEVER}", f"NOT {NEVER}", f"{NEVER}:* | 正文:*", f"{NEVER} <-> 正文",
    f"{NEVER}'::tsquery || '正文", f"{NEVER}*", f"{NEVER[:3]}?", f"{NEVER}~9", f"{NEVER}^0 正文^9",
    f"(*:* -{NEVER}) {NEVER}", f"_exists_:title {NEVER}",
    f'{{"match_all":{{}}}} {NEVER}', f"{NEVER}' OR '1'='1", f"{NEVER}'; SELECT 1 --", f"{NEVER}%' OR title LIKE '%",
    f"[{NEVER} TO *]", f"/{NEVER}|.*/", f"({NEVER}|.+)+$", f"{{{{ {NEVER} }}}} {NEVER}", f"=k:article {NEVER}",
    f"^正文 {NEVER}", f"~~zw {NEVER}", f"#2026:1 {NEVER}",
)  # fmt: skip
#: Nothing to be found in these, or no text at all.
ODD = (
    "", " ", "%", "_", "*", "?", "'", '"', "\\", "()", "&", "|", "!", ":*", "<->", "*:*", "\u202e", "\u200f\u200e",
    "\u200b", "\ufeff", "\U0001f600", "\U0001f469\u200d\U0001f467", "\U0001f1e8\U0001f1f3", "\x01", "\t\n\r",
    "。，、", "“”", "《》", "-", "--", '-""', "〔〕",
)  # fmt: skip
#: So long, or so often, that somebody who reads it carelessly does not come to an end.
LONG = (
    "字" * 10_000, "a" * 10_000, "“" * 10_000, "《" * 10_000, "-「a" * 3_000, "〔" * 10_000, "2026" * 2_500,
    "〔2026〕" * 1_500, "第" * 9_999 + "号", " ".join(["甲乙"] * 3_000), "zheng" * 2_000, "zz" * 5_000, "１" * 10_000,
    "a1" * 5_000, "\u0301" * 10_000, "(" * 5_000 + "a" * 5_000, "a" * 5_000 + "!", "(a+)+$", "(x+x+)+y",
)  # fmt: skip
#: Bytes of an address that are no text.
BYTES = ("%00", "%ED%A0%80", "%FF%FE", "%C0%AF", "%F8%88%80%80%80", "%", "%zz", "%u4e00")


@pytest.fixture(params=[pytest.param("postgres"), pytest.param("elasticsearch", marks=pytest.mark.opensearch)])
def engine(request: pytest.FixtureRequest, live: Any, db: None) -> Iterator[str]:
    """The engine that answers, with what is live."""
    if request.param == "elasticsearch":
        request.getfixturevalue("cluster")
    index_resources(Resource.objects.values_list("pk", flat=True))
    yield request.param


def test_no_operator_finds_what_its_words_do_not(engine: str, subtests: Any):
    assert search("正文").total > 1
    for typed in OPERATORS:
        with subtests.test(typed):
            results = search(typed)
            assert (results.engine, results.total, results.notice) == (engine, 0, "")
            assert offer_titles(typed) == []


def test_odd_signs_and_endless_texts_have_an_answer_of_the_engine_itself(engine: str, subtests: Any):
    for typed in (*ODD, *LONG):
        with subtests.test(ascii(typed[:20])):
            results = search(typed)
            assert (results.engine, results.notice) == (engine, "")
            assert len(results.text) <= LONGEST
            assert typed in LONG or (results.total, offer_titles(typed)) == (0, [])
            assert search(f"正文 {typed}").engine == engine


def test_page_machines_and_suggestions_answer_whatever_the_address_has(
    engine: str, citizen: Callable[[str], Any], settings: Any, subtests: Any
):
    caches["outward"].clear()
    settings.OUTWARD_LIMITS = dict.fromkeys(settings.OUTWARD_LIMITS, 10_000)
    client = citizen("alpha")
    for written in (*map(quote, (*OPERATORS, *ODD)), *(quote(typed)[:6_000] for typed in LONG), *BYTES):
        with subtests.test(written[:40]):
            page = client.get(f"/search/?q={written}&scope=all")
            # What is no text at all is refused before any view.
            assert page.status_code == 200 or (page.status_code == 400 and written in BYTES)
            assert "<script>alert" not in page.content.decode()
            for path in ("/api/search/", "/api/search/suggest"):
                told = client.get(f"{path}?q={written}")
                assert told.status_code in (200, 400)
                assert told.json() if told.status_code == 200 else told.json()["error"]["message"]


def test_filters_take_nothing_that_is_none(live: Any, db: None, citizen: Callable[[str], Any], settings: Any):
    """They are read before any engine is asked: PostgreSQL's stands for both."""
    caches["outward"].clear()
    settings.OUTWARD_LIMITS = dict.fromkeys(settings.OUTWARD_LIMITS, 10_000)
    index_resources(Resource.objects.values_list("pk", flat=True))
    client = citizen("alpha")
    names = ("scope", "order", "page", "kind", "topic", "organisation", "year", "validity", "column", "site")
    for name in names:
        for written in (*map(quote, ("' | 'x", "*", "\u202e", "-1", "9" * 400, "/../../", "=s:1")), *BYTES[:3]):
            page = client.get(f"/search/?q={quote('正文')}&{name}={written}")
            assert page.status_code == 200 or (page.status_code == 400 and written in BYTES)
            assert client.get(f"/api/search/?q={quote('正文')}&{name}={written}").status_code in (200, 400)


def test_the_largest_question_that_can_be_asked_is_answered(engine: str, subtests: Any):
    """300 different characters, 20 words, each with as many synonyms as it may have: clauses have a limit there."""
    letters = [chr(0x4E00 + number) for number in range(900)]
    words = ["".join(letters[start : start + 14]) for start in range(0, 280, 14)]
    for place, word in enumerate(words):
        others = ["".join(letters[300 + place * 30 + turn : 320 + place * 30 + turn * 2]) for turn in range(9)]
        add_synonyms([word, *others], acting_user=None)
    for typed in (
        "".join(letters[:300]), " ".join(words), " -".join(words), " ".join("zhengce" for _ in range(20)),
        " ".join(f"{a}{b}zhengcefagui" for a, b in zip(letters[:20], letters[20:40], strict=True)),
        " ".join(chr(0x6000 + number) for number in range(20)),
    ):  # fmt: skip
        with subtests.test(typed[:20]):
            # The cluster may refuse one (PostgreSQL answers it then), and is asked by everybody else all the same.
            results = search(typed)
            assert results.engine in (engine, "postgres")
            # It is well, so nobody is told that it recovers.
            assert results.notice == ""
            assert (search("正文").engine, search("正文").notice) == (engine, "")


def test_the_verb_answers_too(verb: Any, live: Any, subtests: Any):
    index_resources(Resource.objects.values_list("pk", flat=True))
    for typed in (*OPERATORS[:6], "\u202e", "😀", "\udcff", "字" * 10_000):
        with subtests.test(ascii(typed[:20])):
            done = verb("search", typed, "--json")
            assert done.returncode == 0, done.stderr
            assert '"total": 0' in done.stdout
