"""Judged queries in other words and in letters, with the synonyms that come along: as good as in plain words."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from search.queries import search
from search.synonyms.shipped import load_shipped
from tests.layers import layered

from .judged.corpus import CorpusDocument
from .judged.entered import enter_corpus
from .judged.judging import Judged, judged_queries, ndcg

_FILE = "words.toml"
#: What a question in other words may lose against plain words, and what letters have to reach in the mean.
_LOST_AT_MOST, _LEAST_OF_LETTERS = 0.05, 0.85


@layered
def corpus() -> Mapping[int, CorpusDocument]:
    load_shipped(acting_user=None)
    return enter_corpus()


def worth(query: Judged, corpus: Mapping[int, CorpusDocument], text: str = "", **how) -> float:
    """What the answer to the query is worth, asked as ``text``."""
    return ndcg(query, [corpus[hit.id].key for hit in search(text or query.text, **how).hits])


def in_plain_words() -> list[str]:
    """For each query of the file, the same in the words that documents have; '' where there is nothing to find."""
    rows = tomllib.loads((Path(__file__).parent / "judged" / _FILE).read_text(encoding="utf-8"))["query"]
    return [row.get("plain", "") for row in rows for _text in row["words"]]


def test_other_words_and_letters_are_answered_as_well_as_plain_words(corpus, subtests):
    letters = []
    for query, plain in zip(judged_queries(_FILE), in_plain_words(), strict=True):
        with subtests.test(query.text):
            assert worth(query, corpus) >= (worth(query, corpus, plain) if plain else 1.0) - _LOST_AT_MOST
        if query.group in ("pinyin", "initials"):
            letters.append(worth(query, corpus))
    assert len(letters) >= 20
    assert sum(letters) / len(letters) >= _LEAST_OF_LETTERS


def test_without_synonyms_other_words_do_not_find_what_was_meant(corpus):
    synonyms = [query for query in judged_queries(_FILE) if query.group == "synonyms"]
    assert len(synonyms) >= 9
    assert all(worth(query, corpus, synonyms={}) < worth(query, corpus) for query in synonyms)


def test_plain_words_are_answered_as_well_with_synonyms_as_without(corpus):
    plain = [query for query in judged_queries() if query.is_judged and not query.filters]
    with_them = sum(worth(query, corpus) for query in plain)
    without = sum(worth(query, corpus, synonyms={}) for query in plain)
    assert with_them / len(plain) >= without / len(plain) - 0.01
