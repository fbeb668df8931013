"""Whose turn it is: sites take turns inside a queue, by the priority and the lock that a job is queued with.

Start-time fair queueing (Goyal, Vin, Cheng, 1996) in the means of procrastinate. Each job belongs to a round; the
priority of a job is its round, downwards from 0. The jobs of a site stand in rounds that follow each other, beginning
with the round that is served at the moment: so the second job of one site comes after the first of every other, and a
site that comes later does not get before those whose turn it is.
"""

from attrs import define
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from .queues import SITE_OF_JOB, get_queue

_ROUNDS = f"""
SELECT
 (SELECT min(priority) FROM public.procrastinate_jobs
   WHERE queue_name = %(queue)s AND status IN ('todo', 'doing') AND {SITE_OF_JOB} = %(site)s),
 (SELECT min(priority) FROM public.procrastinate_jobs
   WHERE queue_name = %(queue)s AND status = 'doing' AND {SITE_OF_JOB} IS NOT NULL),
 (SELECT max(priority) FROM public.procrastinate_jobs
   WHERE queue_name = %(queue)s AND status = 'todo' AND {SITE_OF_JOB} IS NOT NULL)
"""


def next_turn(queue_name: str, site: str) -> tuple[int, str | None]:
    """Return (priority, lock) of the next job of ``site`` in that queue.

    The lock is one of as many as the site may hold slots; procrastinate runs one job of a lock at a time. None in a
    queue with a single slot.
    """
    taken: dict[tuple[str, str], int] = connection.turns_taken  # type: ignore[attr-defined]
    last = taken.get((queue_name, site))
    # Jobs of one transaction follow each other; the first of them asked where the rounds stand.
    turn = _asked_turn(queue_name, site) if last is None else last - 1
    if connection.in_atomic_block:
        taken[queue_name, site] = turn
    queue = get_queue(queue_name)
    return turn, f"{queue_name}:{site}:{-turn % queue.share}" if queue.slots > 1 else None


def _asked_turn(queue_name: str, site: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ROUNDS, {"queue": queue_name, "site": site})
        own_last, served, first_waiting = cursor.fetchone()
    present = served if served is not None else first_waiting
    # What was queued by the version before has priorities above 0, which are no rounds.
    turn = min(0, present if present is not None else 0)
    return turn if own_last is None else min(turn, int(own_last) - 1)


@define(kw_only=True)
class RetryInTurn(RetryStrategy):
    """Retry strategy that puts a job waiting for its next try under another lock, one for all retries of its site.

    Under its old lock it would keep all later jobs of that lock waiting.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        decision = super().get_retry_decision(exception=exception, job=job)
        if decision is not None and job.lock is not None:
            decision.lock = f"{job.lock.rpartition(':')[0]}:again"
        return decision
