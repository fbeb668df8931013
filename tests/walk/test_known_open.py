"""The list of what is owed says the truth, and what was paid stays so."""

from typing import Any

import pytest

from .known_open import KNOWN_OPEN, Open
from .mended import MENDED, Mended
from .scripts import Script

ALONE = {name: one for name, one in MENDED.items() if not one.with_others}
WITH_OTHERS = {name: one for name, one in MENDED.items() if one.with_others}


def faults_shown(script: Script, one: Open | Mended) -> list[Any]:
    one.play(script)
    return list(script.faults(one.shown_by)) if one.shown_by else list(script.walk.faults)


if KNOWN_OPEN:

    @pytest.mark.parametrize("one", KNOWN_OPEN, ids=[one.name for one in KNOWN_OPEN])
    def test_what_is_listed_as_open_is_open(script: Script, one: Open):
        faults = faults_shown(script, one)
        assert any(one.is_it(script.world, fault) for fault in faults), (
            f"mended: move the entry “{one.name}” from known_open.py to mended.py. What was seen instead: {faults}"
        )


@pytest.mark.parametrize("one", ALONE.values(), ids=ALONE)
def test_what_is_mended_stays_so(script: Script, one: Mended):
    assert faults_shown(script, one) == [], one.sentence


@pytest.mark.parametrize("one", WITH_OTHERS.values(), ids=WITH_OTHERS)
def test_what_is_mended_between_two_stays_so(walk_database: Any, one: Mended):
    assert faults_shown(Script(), one) == [], one.sentence


def test_each_entry_has_a_sentence_of_its_own():
    sentences = [one.sentence for one in KNOWN_OPEN] + [one.sentence for one in MENDED.values()]
    names = [one.name for one in KNOWN_OPEN] + list(MENDED)
    assert len(set(names)) == len(set(sentences)) == len(names)
    assert all(sentence.endswith(".") for sentence in sentences)
