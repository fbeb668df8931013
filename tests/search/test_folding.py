"""Text is folded character by character: width, case, signs, traditional forms do not matter, and places are kept."""

import random

import pytest

from search.text.folding import fold, fold_with_places
from search.text.simplified import mainland_words

pytestmark = pytest.mark.unit

TEXTS = (
    "關於印發《“一網通辦”實施方案》的通知",
    "ＧＤＰ 增长 5.2％，居民收入１２３㎡",
    "e\u0301tude É ﬁn 한국 \u1112\u1161\u11ab",
    "\u200f右到左\u202e 零\u200b宽",
    "空\x00字 😀 \ud800 ",
    "一、总体要求。二、主要任务！三、保障措施？",
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("資訊公開", "资讯公开"),
        ("看著", "看着"),
        ("ＡＢＣ①㎡", "abc1m2"),
        ("通  知", "通知"),
        ("《一网通办》", "一网通办"),
        ("甲。乙", "甲\n乙"),
        ("甲\n乙", "甲乙"),
        ("\x00😀\ud800\u202e%_*", ""),
    ],
)
def test_a_text_folds_to_its_letters_and_characters(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize("text", TEXTS)
def test_places_lead_back_to_the_original(text):
    folded = fold_with_places(text)
    assert folded.text == fold(text)
    for place in range(len(folded.text)):
        start, end = folded.original(place, place + 1)
        assert folded.text[place] in fold(text[start:end])


def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text():
    chance = random.Random(13)
    text = "關於乾隆年間著作、覆信與徵求意見的資訊。" * 5
    for _ in range(200):
        start = chance.randrange(len(text) - 6)
        assert fold(text[start : start + chance.randint(1, 6)]) in fold(text)


def test_words_of_taiwan_have_their_counterpart():
    assert mainland_words("資訊") == "信息"
