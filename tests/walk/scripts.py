"""Sequences of steps written by hand, in the same words as the log of a walk."""

from typing import Any

from django.db import connection

from .acts import machines
from .reviews import due, who_may_take
from .walking import Fault, Walk

_WRITTEN = {
    "kind": "article",
    "column": "news",
    "policy": None,
    "summary": True,
    "extra": "",
    "class": "02",
    "keywords": "",
    "repostable": True,
    "attachment": False,
    "opens": None,
    "closes": None,
    "hand_in": True,
}
_EDITED = {
    "extra": "",
    "class": "02",
    "repostable": None,
    "times": False,
    "opens": None,
    "closes": None,
    "hand_in": True,
}


class Script:
    """Takes steps one after the other; nothing is left out for what is known to be open."""

    def __init__(self) -> None:
        self.walk = Walk(leave_out=False)
        self.world = self.walk.world
        self._number = 0

    def step(self, act: str, **given: Any) -> str:
        """One step. Returns the name of what it made, if it makes anything."""
        self._number += 1
        with self.world.clock.ticking():
            self.walk.take({"n": self._number, "act": act, **given, "wrapped": False})
            _run_after_commit()
        return f"s{self._number}"

    def write(self, site: str, **given: Any) -> str:
        return self.step("write", **{"by": f"{site}_e1", "site": site, **_WRITTEN, **given})

    def edit(self, site: str, page: str, **given: Any) -> str:
        return self.step("edit", **{"by": f"{site}_e1", "site": site, "page": page, **_EDITED, **given})

    def approve(self, site: str, page: str, *, steps: int = 9) -> None:
        """So many steps of the review, each by the first who may take it."""
        for _step in range(steps):
            waiting = due(self.world, page)
            if waiting is None:
                return
            by = who_may_take(self.world, page, waiting)[0]
            self.step("approve by the verb", by=by, site=site, page=page, reason="同意")

    def live(self, site: str, **given: Any) -> str:
        """A page that is written, handed in and approved."""
        page = self.write(site, **given)
        self.approve(site, page)
        return page

    def repost(self, site: str, resource: str, mode: str, *, hand_in: bool = True, column: str = "news") -> str:
        return self.step(
            "repost", by=f"{site}_e1", site=site, resource=resource, mode=mode, column=column, hand_in=hand_in
        )

    def trust(self, site: str, level: str = "province") -> str:
        """A standing clearance of ``site``, approved."""
        name = self.step("propose a standing clearance", by=f"{site}_c1", site=site, wish={"level": level})
        self.step("approve a standing clearance", by=f"{site}_k1", site=site, thing=name)
        return name

    def push(self, site: str, resource: str, to: str) -> str:
        return self.step("push", by=f"{site}_c1", site=site, resource=resource, to=f"site={to}")

    def recall(self, site: str, resource: str) -> str:
        return self.step("recall", by=f"{site}_c1", site=site, resource=resource)

    def send_back(self, site: str, page: str) -> None:
        waiting = due(self.world, page)
        assert waiting is not None, "nothing to send back"
        by = who_may_take(self.world, page, waiting)[0]
        self.step("send back", by=by, site=site, page=page, reason="不适用")

    def jobs(self, *tasks: str) -> None:
        """What waits in the queue under those names (none: everything), in its order, and what follows from it."""
        for _job in range(500):
            waiting = [job for job in machines.waiting_jobs(self.world) if not tasks or job[1] in tasks]
            if not waiting:
                return
            _number, task, schema = waiting[0]
            self.step("(run a job)", task=task, schema=schema, place=0, times=1)

    def faults(self, *names: str) -> list[Fault]:
        """What came to light up to now, and what the invariants of those names (none: all) say."""
        with self.world.clock.ticking():
            self.walk.look(*Walk.EACH_LOOK, only=names)
        return self.walk.faults


def _run_after_commit() -> None:
    """In a test that is rolled back nothing commits, so what waits for that is done after each step."""
    waiting, connection.run_on_commit = connection.run_on_commit, []
    for _savepoints, act, _robust in waiting:
        act()
