"""A whole office behind one address searches without meeting the limit; a machine that does not stop meets it."""

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from content_library.outward.limits import seconds_to_wait

PEOPLE = 60


@pytest.fixture(autouse=True)
def fresh():
    caches["outward"].clear()
    yield
    caches["outward"].clear()


@pytest.fixture
def minute(monkeypatch):
    """All requests of a test fall into one minute, however long they take."""
    monkeypatch.setattr("content_library.outward.limits.time.time", lambda: 1_000_000_020.0)


def test_an_office_of_sixty_people_searches_in_the_same_minute(db, citizen, minute):
    """Each asks two questions, types eight letters for each, and opens a second page: by the limits as they ship."""
    office = RequestFactory().get("/search/", REMOTE_ADDR="198.51.100.7")
    for name, each in (("search", 3), ("suggest", 16)):
        waits = [seconds_to_wait(office, name) for _turn in range(PEOPLE * each)]
        assert waits == [0] * len(waits), name
    # The pages ask that limiter, and the one behind the last of the office is still let in.
    client = citizen("alpha")
    assert client.get("/search/", {"q": "%"}, REMOTE_ADDR="198.51.100.7").status_code == 200
    while not seconds_to_wait(office, "search"):
        pass
    assert client.get("/search/", {"q": "%"}, REMOTE_ADDR="198.51.100.7").status_code == 429


def test_a_machine_that_does_not_stop_is_told_when_to_come_back_and_harms_nobody_else(db, citizen, minute, settings):
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "search": 5}
    machine, client = {"REMOTE_ADDR": "198.51.100.8"}, citizen("alpha")
    statuses = [client.get("/search/", {"q": "%"}, **machine).status_code for _turn in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    refused = client.get("/api/search/", {"q": "%"}, **machine)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    # The page and machines share one count; another site of the platform is no way around it.
    assert citizen("beta").get("/search/", {"q": "%"}, **machine).status_code == 429
    assert client.get("/api/search/suggest", {"q": "%"}, **machine).status_code == 200
    assert client.get("/search/", {"q": "%"}, REMOTE_ADDR="198.51.100.9").status_code == 200
    # Whatever it claims to be: the address is that of the connection.
    assert client.get("/search/", {"q": "%"}, HTTP_X_FORWARDED_FOR="203.0.113.9", **machine).status_code == 429


def test_the_next_minute_begins_anew(db, citizen, monkeypatch, settings):
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "search": 1}
    now = [1_000_000_020.0]
    monkeypatch.setattr("content_library.outward.limits.time.time", lambda: now[0])
    client = citizen("alpha")
    assert [client.get("/search/", {"q": "%"}).status_code for _turn in range(2)] == [200, 429]
    now[0] += 60
    assert client.get("/search/", {"q": "%"}).status_code == 200
