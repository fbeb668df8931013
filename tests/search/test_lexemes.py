"""A document that holds a word has every lexeme that the word needs; document numbers have one form."""

import random

import pytest

from search.engine import Need
from search.text.document_numbers import compatible, find_numbers, own_number_forms
from search.text.folding import fold
from search.text.lexemes import document_lexemes, needs_of_run, needs_of_text, text_lexemes

pytestmark = pytest.mark.unit


def meets(lexemes, needs) -> bool:
    return all(
        any(lexeme.startswith(need.lexeme) if need.begins else lexeme == need.lexeme for lexeme in lexemes)
        for need in needs
    )


def test_any_string_cut_out_of_a_text_is_met_by_its_lexemes():
    chance = random.Random(7)
    text = "2023年，全省GDP增长5.2%。關於印發〔2017〕47號文件的通知；一网通办service-2.0"
    lexemes = text_lexemes(fold(text))
    for _ in range(500):
        start = chance.randrange(len(text))
        assert meets(lexemes, needs_of_text(text[start : start + chance.randint(1, 6)]))


def test_one_character_needs_any_pair_that_begins_with_it():
    assert needs_of_run("政") == (Need("政", begins=True),)
    assert meets(text_lexemes("廉政"), needs_of_run("政"))


def test_years_need_more_than_their_pairs():
    assert not meets(text_lexemes("2012和1223"), needs_of_run("2023"))


@pytest.mark.parametrize(
    "written",
    [
        "粤府〔2017〕47号", "粤府[2017]47号", "粤府（2017）47号", "粤府 (2017) 47", "粤府【2017】47号",
        "粤府﹝2017﹞47号", "粤府2017年47号", "粤府2017年第47号", "粤府〔2017〕第47号", "粤府〔２０１７〕４７号",
        "粤府〔2017〕047号", "粵府〔2017〕47號", "粵府2017年47號",
    ],
)  # fmt: skip
def test_every_way_of_writing_a_document_number_has_one_form(written):
    assert own_number_forms(written) == ["=粤府2017:47", "2017:47"]


@pytest.mark.parametrize("written", ["省政府令第123号", "第 123 号"])
def test_a_number_of_another_kind_is_its_folded_text(written):
    assert own_number_forms(written) == [f"={fold(written)}"]


def test_numbers_in_running_text_are_found_where_they_stand():
    text = compatible("按照〔2016〕3号和国办发（2018）12号执行")
    assert [(found.short, text[found.start : found.end]) for found in find_numbers(text)] == [
        ("2016:3", "按照〔2016〕3号"),
        ("2018:12", "和国办发(2018)12号"),
    ]


def test_a_document_has_its_own_number_and_those_that_it_mentions():
    lexemes = document_lexemes(title="通知", number="粤府〔2017〕47号", texts=["见国发[2015]6号"], filters=["k:policy"])
    assert {"^#=粤府2017:47", "^#2017:47", "#2017:47", "#2015:6", "^通知", "通知", "k:policy"} <= set(lexemes)
    assert "^#2015:6" not in lexemes
    assert list(lexemes) == sorted(set(lexemes))


def test_what_is_too_long_is_cut_and_what_it_is_filtered_by_stays():
    long = "".join(chr(0x4E00 + place) for place in range(5000))
    lexemes = document_lexemes(title="通知", number="", texts=[long], filters=["s:1"], largest=3000)
    assert {"s:1", "^通知"} <= set(lexemes)
    assert sum(len(lexeme.encode()) for lexeme in lexemes) <= 3000
