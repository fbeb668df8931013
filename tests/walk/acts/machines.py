"""What nobody does: time passes, jobs run in any order, sites close and open, the platform looks after things."""

import json
from datetime import timedelta
from random import Random
from typing import Any

from django.db import IntegrityError, transaction

from .. import product
from ..steps import Act, Given
from ..world import SITES, World

#: Jobs that the platform finds out about and queues again when a worker loses them.
_FOUND_AGAIN = ("deliver_batch", "follow_up_batch", "take_down_batch", "help_taking_down", "scan_page")


class _Machine(Act):
    alone = True

    def inside(self, world: World, given: Given) -> str | None:
        return given.get("site")


class TimePasses(_Machine):
    name = "(time passes)"
    weight = 6

    def pick(self, world: World, rng: Random) -> Given | None:
        return {"minutes": rng.choice([5, 20, 60, 240, 1500])}

    def do(self, world: World, given: Given) -> Any:
        world.clock.move(timedelta(minutes=given["minutes"]))


class RunJob(_Machine):
    """A job from anywhere in the queue. ``times``: two is a worker that died before it could say that it was done.

    ``place``: among the waiting jobs of the same name and schema.
    """

    name = "(run a job)"
    weight = 45

    def pick(self, world: World, rng: Random) -> Given | None:
        waiting = waiting_jobs(world)
        if not waiting:
            return None
        number, task, schema = rng.choice(waiting)
        alike = [job for job in waiting if job[1:] == (task, schema)]
        times = 2 if rng.random() < 0.12 else 1
        return {"task": task, "schema": schema, "place": alike.index((number, task, schema)), "times": times}

    def do(self, world: World, given: Given) -> Any:
        run_job(world, job_of(world, given), times=given["times"])


class LoseJob(_Machine):
    """The queue loses one of those that the platform looks after: never run."""

    name = "(lose a job)"
    weight = 0.7

    def pick(self, world: World, rng: Random) -> Given | None:
        waiting = [job for job in waiting_jobs(world) if job[1] in _FOUND_AGAIN]
        if not waiting:
            return None
        number, task, schema = rng.choice(waiting)
        alike = [job for job in waiting if job[1:] == (task, schema)]
        return {"task": task, "schema": schema, "place": alike.index((number, task, schema))}

    def do(self, world: World, given: Given) -> Any:
        end_job(world, job_of(world, given), "failed")


class PublishDue(_Machine):
    """The look of every minute at what is due and what is over, on one site."""

    name = "(publish what is due)"
    weight = 4

    def pick(self, world: World, rng: Random) -> Given | None:
        return {"site": world.some_site(rng)}

    def do(self, world: World, given: Given) -> Any:
        product.publish_due_pages()


class LookAfterPushes(_Machine):
    name = "(take up again)"
    weight = 1.5

    def pick(self, world: World, rng: Random) -> Given | None:
        return {}

    def do(self, world: World, given: Given) -> Any:
        product.take_up_again(world.clock.now())


class Remind(_Machine):
    name = "(remind)"
    weight = 0.6

    def pick(self, world: World, rng: Random) -> Given | None:
        return {}

    def do(self, world: World, given: Given) -> Any:
        product.remind(world.clock.now())


class QueueLostScans(_Machine):
    name = "(queue lost scans)"
    weight = 0.8

    def pick(self, world: World, rng: Random) -> Given | None:
        return {"site": world.some_site(rng)}

    def do(self, world: World, given: Given) -> Any:
        product.queue_waiting_scans()


class Anchor(_Machine):
    name = "(anchor)"
    weight = 0.5

    def pick(self, world: World, rng: Random) -> Given | None:
        return {}

    def do(self, world: World, given: Given) -> Any:
        product.anchor_chains()


class CloseOrOpen(_Machine):
    """A county's site goes offline, or comes back."""

    name = "(close or open a site)"
    weight = 0.8

    def pick(self, world: World, rng: Random) -> Given | None:
        return {"which": rng.choice(["xiana", "xianb"]), "status": rng.choice(["offline", "live", "live", "live"])}

    def do(self, world: World, given: Given) -> Any:
        set_status(world, given["which"], given["status"])


def set_status(world: World, site: str, status: str) -> None:
    tenant = product.Tenant.objects.get(code=site)
    if tenant.status != status:
        tenant.status = status
        with transaction.atomic():
            tenant.save(update_fields=["status"])
    world.sites[site].status = status
    product.forget_hosts()


def open_all(world: World) -> None:
    for site in SITES:
        set_status(world, site, "live")


class NotWaiting(KeyError):
    """The job is not there to be taken (any more): another process has it, or one with the same lock."""


def waiting_jobs(world: World) -> list[tuple[int, str, str]]:
    """(id, task, schema) of what waits in the queue of the sites, oldest first."""
    rows = world.sql(
        "SELECT id, args ->> 'task_path', args ->> 'schema' FROM procrastinate_jobs WHERE status = 'todo'"
        " AND queue_name <> 'owner' AND task_name = 'govplatform.run_in_schema' ORDER BY id"
    )
    return [(number, path.rsplit(".", 1)[-1], schema) for number, path, schema in rows]


def job_of(world: World, given: Given) -> int:
    """The job that a step means. Raises NotWaiting."""
    alike = [
        number for number, task, schema in waiting_jobs(world) if (task, schema) == (given["task"], given["schema"])
    ]
    if given["place"] >= len(alike):
        raise NotWaiting(given["task"])
    return alike[given["place"]]


def run_job(world: World, number: int, *, times: int = 1) -> None:
    """Take a job and run it as the worker does. One that raises goes back, or is given up after some attempts."""
    try:
        with transaction.atomic():
            rows = world.sql(
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = attempts + 1"
                " WHERE id = %s AND status = 'todo' RETURNING args, attempts",
                [number],
            )
    except IntegrityError as problem:
        # Another process is at one with the same lock; a worker takes none of those.
        raise NotWaiting(number) from problem
    if not rows:
        raise NotWaiting(number)
    arguments, attempts = rows[0]
    arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
    status = "succeeded"
    try:
        for _time in range(times):
            product.run_in_schema(**arguments)
    except Exception:
        status = "todo" if attempts < 4 else "failed"
        raise
    finally:
        end_job(world, number, status)


def end_job(world: World, number: int, status: str) -> None:
    with world.inside(None), transaction.atomic():
        world.sql("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s", [status, number])
