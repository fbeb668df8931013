"""The list of what is owed says the truth."""

from typing import Any

import pytest

from .known_open import KNOWN_OPEN, Open
from .scripts import Script

ALONE = [one for one in KNOWN_OPEN if not one.with_others]
WITH_OTHERS = [one for one in KNOWN_OPEN if one.with_others]


def require_it_is_still_there(one: Open, script: Script) -> None:
    one.play(script)
    faults = script.faults(one.shown_by) if one.shown_by else script.walk.faults
    assert any(one.is_it(script.world, fault) for fault in faults), (
        f"mended: remove the entry “{one.name}” from tests/walk/known_open.py. What was seen instead: {faults}"
    )


@pytest.mark.parametrize("one", ALONE, ids=[one.name for one in ALONE])
def test_what_is_listed_as_open_is_open(script: Script, one: Open):
    require_it_is_still_there(one, script)


@pytest.mark.parametrize("one", WITH_OTHERS, ids=[one.name for one in WITH_OTHERS])
def test_what_is_listed_as_open_between_two_is_open(walk_database: Any, one: Open):
    require_it_is_still_there(one, Script())


def test_each_entry_has_a_sentence_of_its_own():
    assert len({one.name for one in KNOWN_OPEN}) == len({one.sentence for one in KNOWN_OPEN}) == len(KNOWN_OPEN)
    assert all(one.sentence.endswith(".") for one in KNOWN_OPEN)
