import random

import pytest

from govplatform.confidentiality.scanning.settings import DictionaryWord, ScanSettings
from tests.confidentiality.rules.scanned import found, values

pytestmark = pytest.mark.unit


def settings(*words: str) -> ScanSettings:
    return ScanSettings(words=tuple(DictionaryWord(word, "wrong", "warn", "正确说法") for word in words))


def test_the_longest_word_is_found_with_its_suggestion_and_place() -> None:
    text = "😀前文中央一号文案后文"
    findings = found("dictionary", text, settings("中央", "中央一号文", "中央一号文案"))
    assert [(f.offset, f.length, f.suggestion) for f in findings] == [(text.index("中央"), 6, "正确说法")]


def test_half_and_full_width_and_capitals() -> None:
    assert values("dictionary", "ＡＰＰ和app和App1", settings("App", "１号")) == ["ＡＰＰ", "app", "App"]


def test_severity_is_that_of_the_word() -> None:
    words = (DictionaryWord("甲乙", "sensitive", "block"), DictionaryWord("丙丁", "wrong", "info"))
    assert [f.severity for f in found("dictionary", "甲乙丙丁", ScanSettings(words=words))] == ["block", "info"]


def test_it_finds_what_a_plain_search_finds() -> None:
    pick = random.Random(4)
    words = {"".join(pick.choice("甲乙丙丁戊") for _ in range(pick.randrange(1, 4))) for _ in range(12)}
    for _ in range(200):
        text = "".join(pick.choice("甲乙丙丁戊己a😀") for _ in range(30))
        expected, at = [], 0
        while at < len(text):
            word = max((w for w in words if text.startswith(w, at)), key=len, default="")
            expected += [word] if word else []
            at += len(word) or 1
        assert values("dictionary", text, settings(*sorted(words))) == expected


def test_radicals_in_the_text_or_in_the_word_hide_nothing() -> None:
    for word, text in (("用水", "节约用⽔"), ("用⽔", "节约用水"), ("用⽔", "节约用⽔")):
        settings = ScanSettings(words=(DictionaryWord(word, "wrong", "warn"),))
        assert [(one.offset, one.length) for one in found("dictionary", text, settings)] == [(2, 2)]
