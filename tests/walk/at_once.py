"""Two people at the same moment, each on a connection of their own."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction
from wagtail.models import Page

from . import product
from .world import World


def at_once(*acts: Callable[[], None]) -> list[str]:
    """Run each act in a thread of its own. Returns how each ended: ``done``, or what stood in the way."""
    outcomes = ["" for _act in acts]

    def run(place: int, act: Callable[[], None]) -> None:
        try:
            act()
            outcomes[place] = "done"
        except Exception as problem:
            outcomes[place] = f"{type(problem).__name__}: {problem}"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def decide_while_the_role_goes(world: World, page: str, reviewer: str) -> list[str]:
    """``reviewer`` takes the step of ``page`` between the moment their role is taken away and its commit."""
    site, number = world.page(page)
    tenant = world.tenant(site)
    gone, waiting = threading.Event(), threading.Event()

    def take_away() -> None:
        with transaction.atomic():
            product.revoke_role(
                world.user(reviewer),
                "confidentiality-reviewer",
                tenant=tenant,
                acting_user=world.user(f"{site}_a1"),
            )
            gone.set()
            waiting.wait(timeout=30)
            _until_somebody_waits(world)

    def decide() -> None:
        gone.wait(timeout=30)
        person = world.user(reviewer)
        with world.inside(site):
            waiting.set()
            product.decide_review(Page.objects.get(pk=number), acting_user=person, approve=True, opinion="同意")

    return at_once(take_away, decide)


def _until_somebody_waits(world: World, *, seconds: float = 10) -> None:
    """Until another connection of this database waits for a lock, or the time is over (nobody has to wait)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        rows = world.sql(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND wait_event_type = 'Lock'"
        )
        if rows:
            return
        time.sleep(0.05)
