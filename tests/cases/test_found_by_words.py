"""A letter is found by what it says, by those who read it, and by its number."""

import pytest

from govplatform.cases import queries
from govplatform.cases.models import Case

from .conftest import send_in
from .test_verbs import say

__all__ = ["say"]


@pytest.fixture
def letters(desk):
    """Numbers of three letters: of lamps, of a road, of lamps in a text and in traditional characters."""
    sent = [
        ("路灯不亮", "河边的路一到晚上看不见。"),
        ("道路破损", "请尽快维修。"),
        ("晚上出行", "小區門口路燈壞了，走路摔跤。"),
    ]
    return [send_in(title=title, text=text).case.number for title, text in sent]


def listed(client, **asked):
    html = client.get("/admin/cases/", {"show": "all", **asked}).content.decode()
    return [number for number in sorted(Case.objects.values_list("number", flat=True)) if f"<small>{number}<" in html]


def test_the_inbox_finds_words_in_title_and_text_in_any_way_of_writing(letters, console):
    clerk = console("alpha_clerk", "alpha")
    assert listed(clerk, q="路灯") == [letters[0], letters[2]]
    assert listed(clerk, q="路灯 河边") == [letters[0]]
    assert listed(clerk, q="路灯 尽快") == []
    assert listed(clerk, q="100%_") == []
    # digits alone are a number, as before
    assert listed(clerk, q=letters[1]) == [letters[1]] and listed(clerk, q=letters[0][:4]) == letters
    answer = clerk.get("/admin/cases/", {"show": "all", "q": "路灯", "export": "csv"}).content.decode("utf-8-sig")
    assert letters[0] in answer and letters[1] not in answer


def test_who_sees_clocks_alone_finds_nothing_by_what_was_written(letters, console, say):
    supervisor = console("supervisor", "console")
    html = supervisor.get("/admin/cases/", {"show": "all", "q": "路灯"}).content.decode()
    assert not any(number in html for number in letters)
    assert letters[0] in supervisor.get("/admin/cases/", {"show": "all", "q": letters[0]}).content.decode()
    say("cases", "--as", "supervisor", "--words", "路灯", status=3)


def test_where_older_letters_are_left_unread_it_is_said(letters, console, monkeypatch):
    clerk = console("alpha_clerk", "alpha")
    assert "只在最近的" not in clerk.get("/admin/cases/", {"show": "all", "q": "路灯"}).content.decode()
    monkeypatch.setattr(queries, "READ_FOR_WORDS", 2)
    html = clerk.get("/admin/cases/", {"show": "all", "q": "路灯"}).content.decode()
    assert letters[2] in html and letters[0] not in html and "只在最近的" in html


def test_the_verb_finds_them_too(letters, say):
    told = say("cases", "--as", "alpha_clerk", "--words", "路灯")["cases"]
    assert {one["number"] for one in told} == {letters[0], letters[2]}
