"""Whoever reads English can use every screen: the catalogue has each sentence, with its places, and no other."""

import re

import pytest

from .catalogues import compiled, sentences, written
from .test_gettext import HAN

pytestmark = pytest.mark.unit

_PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd](?![a-z])")
_FULL_WIDTH = re.compile(r"[\u3000-\u303f\uff00-\uffef]")


def test_each_sentence_has_its_english():
    said = compiled("en")
    missing = {text: path for text, path in sentences().items() if not said.get(text)}
    assert missing == {}, "make messages, then translate in locale/en/LC_MESSAGES/django.po"


def test_the_catalogue_holds_no_sentence_that_nobody_says():
    kept = {text for text in written("en") if HAN.search(text)}
    assert kept - set(sentences()) == set()


def test_what_is_compiled_is_what_is_written():
    said = compiled("en")
    assert {text: english for text, english in written("en").items() if said.get(text) != english} == {}


def test_each_place_of_a_sentence_is_kept():
    wrong = {
        text: english
        for text, english in written("en").items()
        if sorted(set(_PLACE.findall(text))) != sorted(set(_PLACE.findall(english)))
    }
    assert wrong == {}


def test_the_english_is_english():
    assert {text: said for text, said in written("en").items() if HAN.search(said) or _FULL_WIDTH.search(said)} == {}


def test_the_console_calls_its_readers_one_way():
    """Citizens are 您 (the themes' pages); colleagues in the console are 你, and nowhere both."""
    polite = {text: path for text, path in sentences().items() if "您" in text and not path.startswith("themes/")}
    assert polite == {}
