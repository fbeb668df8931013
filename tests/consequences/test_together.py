"""Rows that wait for the same call are done with the first of them; what cannot be done keeps nobody else from it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content_library.models import Resource
from govplatform.consequences.lines import job
from govplatform.consequences.models import Consequence
from govplatform.events.sheet import RETRIED
from search.models import SearchDocument
from tests.reposts.conftest import live_at
from tests.sheet import lines

from .happening import Called, Rang, numbered, ring, rows, run

pytestmark = pytest.mark.django_db


class Together:
    """Remembers the numbers that it was given at once; ``fails``: always."""

    def __init__(self, fails=False):
        self.fails, self.given = fails, []

    def __call__(self, calls):
        self.given.append([one["number"] for one in calls])
        if self.fails:
            raise OSError("too many bells")


@pytest.fixture
def bells(site):
    """Three rows of one site, each of a subject of its own, with a call and one for many."""

    def make(call, together):
        made = []
        with lines(Rang, job(call, RETRIED, given=numbered, words="rings", together=together)):
            for number in (1, 2, 3):
                row = ring(site("alpha"), number)
                Consequence.objects.filter(pk=row.pk).update(subject_id=f"bell {number}")
                row.refresh_from_db()
                made.append(row)
        return made

    return make


def rung(row, call, together):
    with lines(Rang, job(call, RETRIED, given=numbered, words="rings", together=together)):
        return run(row)


def states():
    return list(rows().order_by("pk").values_list("state", "attempts"))


def test_the_first_does_those_that_wait_behind_it(bells):
    call, together = Called(), Together()
    first, second, _third = bells(call, together)
    assert rung(first, call, together) == 1
    assert (together.given, call.numbers) == ([[1, 2, 3]], [])
    assert states() == [("done", 1)] * 3
    assert not rows().filter(finished_at=None).exists()
    assert rung(second, call, together) == 0
    assert together.given == [[1, 2, 3]]


def test_what_has_to_wait_is_not_taken_along(bells, site):
    call, together = Called(), Together()
    first, second, third = bells(call, together)
    Consequence.objects.filter(pk=second.pk).update(next_at=timezone.now() + timedelta(minutes=5))
    # Of the third's subject something else comes first.
    Consequence.objects.filter(pk=third.pk).update(line="another")
    Consequence.objects.create(
        schema=third.schema, event="Rang", subject_type=third.subject_type, subject_id=third.subject_id,
        line="called", kind="job", retried=True, arguments={"number": 4}, made_at=timezone.now(),
        next_at=timezone.now(),
    )  # fmt: skip
    Consequence.objects.create(
        schema="public", event="Rang", line="called", kind="job", retried=True, arguments={"number": 5},
        made_at=timezone.now(), next_at=timezone.now(),
    )  # fmt: skip
    assert rung(first, call, together) == 1
    assert (together.given, call.numbers) == ([], [1])
    assert [state for state, _attempts in states()] == ["done", "ready", "ready", "ready", "ready"]


def test_one_that_cannot_be_done_is_found_and_the_others_are_done(bells):
    together = Together(fails=True)
    call = Called(fails=1)
    first, second, third = bells(call, together)
    assert rung(first, call, together) == 0
    assert rung(second, call, together) == 1
    assert rung(third, call, together) == 1
    assert call.numbers == [1, 2, 3]
    assert [state for state, _attempts in states()] == ["ready", "done", "done"]
    assert "cracked" in rows().get(pk=first.pk).error


def test_whoever_took_one_up_meanwhile_enters_it(bells):
    taken = []

    def together(calls):
        Consequence.objects.filter(pk=taken[0]).update(state="running", attempts=1)

    first, second, _third = bells(Called(), together)
    taken.append(second.pk)
    rung(first, Called(), together)
    assert states() == [("done", 1), ("running", 1), ("done", 1)]


def test_publications_of_one_site_are_found_with_the_job_of_the_first(site):
    made = [live_at("alpha", title=f"关于第{number}次防火检查的通知")[1] for number in range(3)]
    waiting = Consequence.objects.filter(line="index_resource", state="ready").order_by("pk")
    assert waiting.count() == 3
    # What stands before it has been done by its own job.
    Consequence.objects.exclude(line="index_resource").delete()
    run(waiting[0])
    assert set(SearchDocument.objects.filter(shown=True).values_list("resource_id", flat=True)) >= {
        one.pk for one in made
    }
    assert not waiting.exists()
    assert Resource.objects.filter(pk__in=[one.pk for one in made]).count() == 3
