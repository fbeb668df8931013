"""Tidying and checking while writing: work that grows with the text, whoever writes what into it."""

import random

import pytest

from sites.pages.one_line import joined
from sites.writing.tidying.difference import pieces_of
from sites.writing.tidying.proposal import propose
from sites.writing.tidying.words import tidy_lines, tidy_words
from tests.linear.work import grows_too_fast

pytestmark = pytest.mark.unit

TEXTS = ("中 ", " ", "a", "a@b.c,中", "中'", "'中", "中,", "(中", "中.", "\t", "http://a 中,", "条\u3000", "1.")


def tidied_and_told(text: str) -> None:
    pieces_of(text, tidy_words(text))


@pytest.mark.parametrize("unit", TEXTS)
def test_a_paragraph_is_tidied_in_work_that_grows_with_its_length(unit: str) -> None:
    assert not grows_too_fast(lambda size: tidied_and_told("中'" + unit * (size // len(unit)) + "x"), 32 * 1024)


def test_marks_of_a_paragraph_are_moved_in_work_that_grows_with_their_number() -> None:
    def run(size: int) -> None:
        ranges = [{"offset": number, "length": 2, "style": "BOLD"} for number in range(size)]
        block = {"type": "unstyled", "text": "中," * size, "inlineStyleRanges": ranges, "entityRanges": []}
        propose([{"type": "rich_text", "value": {"entityMap": {}, "blocks": [block]}}])

    assert not grows_too_fast(run, 16 * 1024)


@pytest.mark.parametrize("unit", [" ", "\n", "中 \n ", "a \u2028"])
def test_a_title_becomes_one_line_in_work_that_grows_with_its_length(unit: str) -> None:
    assert not grows_too_fast(lambda size: joined("中" + unit * (size // len(unit)) + "x"), 128 * 1024)


def test_the_pieces_are_the_text_before_and_after() -> None:
    chance = random.Random(14)
    letters = "中文a1, .。．（(）)'\"“：:;\t 　\u200b１Ａ@b.c一、\n"
    for _round in range(3000):
        text = "".join(chance.choice(letters) for _letter in range(chance.randrange(1, 40)))
        for tidied in (tidy_words(text), tidy_lines(text)):
            pieces = pieces_of(text, tidied)
            assert "".join(words for kind, words in pieces if kind != "+") == text
            assert "".join(words for kind, words in pieces if kind != "-") == tidied.text
            assert all(words for _kind, words in pieces)


def test_what_is_set_right_is_told_by_its_characters() -> None:
    told = pieces_of("( 4 ) 请,再...", tidy_words("( 4 ) 请,再..."))
    assert told == [["-", "( "], ["+", "（"], ["=", "4"], ["-", " ) "], ["+", "）"], ["=", "请"],
                    ["-", ","], ["+", "，"], ["=", "再"], ["-", "..."], ["+", "……"]]  # fmt: skip
