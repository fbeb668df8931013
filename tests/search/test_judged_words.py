"""Judged queries in other words and in letters, with the synonyms that come along."""

from collections.abc import Mapping

import pytest

from search.queries import search
from search.synonyms.actions import import_synonyms
from search.synonyms.written import shipped_groups

from .judged.corpus import CorpusDocument
from .judged.entered import enter_corpus
from .judged.judging import Judged, judged_queries, ndcg

_FILE = "words.toml"
_LEAST_OF_A_QUERY, _LEAST_OF_ALL = 0.5, 0.85


@pytest.fixture
def corpus(db: None) -> Mapping[int, CorpusDocument]:
    import_synonyms(shipped_groups(), acting_user=None)
    return enter_corpus()


def worth(query: Judged, corpus: Mapping[int, CorpusDocument]) -> float:
    return ndcg(query, [corpus[hit.id].key for hit in search(query.text).hits])


def test_other_words_and_letters_find_what_was_meant(corpus):
    worths = {str(query): worth(query, corpus) for query in judged_queries(_FILE)}
    assert len(worths) >= 35
    assert not {text: value for text, value in worths.items() if value < _LEAST_OF_A_QUERY}
    assert sum(worths.values()) / len(worths) >= _LEAST_OF_ALL, worths


def test_queries_in_plain_words_are_answered_as_well_with_synonyms_as_without(corpus):
    plain = [query for query in judged_queries() if query.is_judged and not query.filters]
    with_them = [worth(query, corpus) for query in plain]
    without = [ndcg(query, [corpus[hit.id].key for hit in search(query.text, synonyms={}).hits]) for query in plain]
    assert sum(with_them) / len(plain) >= sum(without) / len(plain) - 0.01
