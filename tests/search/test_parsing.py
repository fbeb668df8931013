"""What is typed is read as it was meant: numbers in every bracket, exclusions of whatever kind."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from search.asking.building import Narrowing, build
from search.asking.parsing import parse
from tests.search.written import enter, write

from .conftest import titles

BRACKETS = "〔〕[]()（）［］{}<>《》【】「」『』〈〉⟨⟩﹝﹞〖〗"


@pytest.mark.unit
@pytest.mark.parametrize(("opens", "closes"), list(zip(BRACKETS[::2], BRACKETS[1::2], strict=True)))
def test_a_document_number_is_one_in_every_bracket(opens, closes):
    for typed in (f"粤府{opens}2017{closes}47号", f"粤府 {opens}2017{closes}第47号", f"粤府{opens}2017{closes}47"):
        [word] = parse(typed).words
        assert word.number is not None and word.number.whole == "粤府2017:47", typed
    [number, word] = parse(f"{opens}2017{closes}47号 养老").words
    assert (number.number and number.number.short, word.text) == ("2017:47", "养老")


@pytest.mark.unit
def test_a_year_between_marks_that_is_no_number_is_a_title():
    assert [(word.text, word.quoted) for word in parse("《2017》 年报").words] == [("2017", True), ("年报", False)]


@pytest.mark.unit
@pytest.mark.parametrize("typed", ["养老 -粤府〔2017〕47号", "养老 －粤府 (2017) 47", "养老 -“粤府〔2017〕47号”"])
def test_a_document_number_is_excluded_as_words_are(typed):
    asked = parse(typed)
    assert [word.text for word in asked.words] == ["养老"]
    assert [word.number and word.number.whole for word in asked.without] == ["粤府2017:47"]
    assert any("#2017:47" in {need.lexeme for need in one} for one in build(asked, Narrowing()).query.without)


def test_what_names_an_excluded_number_is_not_found(db):
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        texts = {"台风防御一": "依据粤府〔2017〕第47号", "台风防御二": "依据粤府〔2017〕48号"}
        enter([write(alpha, title, text) for title, text in texts.items()])
    assert set(titles("台风")) == {"台风防御一", "台风防御二"}
    assert titles("台风 -粤府[2017]47号") == ["台风防御二"]
