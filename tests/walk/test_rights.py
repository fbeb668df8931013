"""The table of rights says only what it explains, and every act of a person stands in it."""

import pytest

from . import acts, invariants, rights
from .rights import EVERYBODY, LINES, State, UnknownWord, read_page, why_not
from .steps import ACTS, CONDITIONS

pytestmark = pytest.mark.unit
PAGE = rights.PAGE.read_text(encoding="utf-8")


def test_every_act_of_a_person_stands_in_the_table_and_every_line_is_walked():
    of_people = {name for name in ACTS if not name.startswith("(")}
    assert of_people == set(LINES) and acts.__doc__


def test_every_condition_of_the_table_can_be_asked_and_every_question_is_asked():
    worded = {words for lines in LINES.values() for line in lines for words in line.conditions}
    assert worded == set(CONDITIONS)


def test_every_invariant_says_what_holds():
    asked = [one for kind in invariants.INVARIANTS.values() for one in kind]
    assert len(asked) > 20 and all(one.__doc__ and one.__doc__.strip().endswith(".") for one in asked)


def test_a_role_that_is_not_explained_is_refused():
    with pytest.raises(UnknownWord):
        read_page(PAGE.replace("| take back                    | editor", "| take back                    | mayor"))


def test_a_state_that_is_not_explained_is_refused():
    with pytest.raises(UnknownWord):
        read_page(PAGE.replace("| public                           |", "| sleeping                         |", 1))


def test_an_act_without_a_line_is_an_error():
    with pytest.raises(UnknownWord):
        why_not("dance", frozenset(), None, lambda words: True)


def test_who_lacks_the_role_is_told_so_first():
    assert why_not("withdraw", frozenset({"editor"}), State.LIVE, lambda words: True).startswith("none of")


def test_the_state_counts():
    reviewer = frozenset({"content-reviewer"})
    assert why_not("withdraw", reviewer, State.LIVE, lambda words: True) == ""
    assert why_not("withdraw", reviewer, State.DRAFT, lambda words: True) == "the page is draft"


def test_each_condition_counts():
    editor = frozenset({"editor"})
    assert why_not("submit", editor, State.DRAFT, lambda words: words != "it is complete") == "not so: it is complete"


def test_what_everybody_may_do_needs_no_role():
    assert EVERYBODY in LINES["end an absence"][0].who
    assert why_not("end an absence", frozenset(), None, lambda words: True) == ""
