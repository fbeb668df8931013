"""The publisher's threads for front nodes: what came down, everything else, and what their verifiers have found.

No node waits for another one, and what is put in place at the centre waits for none. A node that is away is tried again
after a growing pause, and is then given the newest releases at once, however many it has missed.
"""

import logging
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from govplatform.refusals import Refused
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.faults import describe_error

from ..looking import look_until
from ..models import FrontNode
from ..pauses import Pauses
from ..verifying.alarms import Alarms, configured_senders
from . import transport
from .configured import FrontServer, ObjectStore, configured_nodes
from .hearing import Hearing, note_unheard
from .line import Line, NoLine
from .pushing import compare, newest_list, push, push_down, push_list
from .queries import HostBehind, hosts_behind

logger = logging.getLogger("govplatform.delivery.nodes")
_COMPARE_EVERY, _TIDY_EVERY = 300.0, 24 * 3600.0
#: A node that comes back is not kept waiting for long.
_LONGEST_PAUSE = 30.0
_LONGEST_ERROR = 500


@dataclass
class Lane:
    """One thread's work for one node. ``urgent``: only where something came down; that one keeps the line.

    ``taken``: host -> number of the newest release of which the node has said that what came down is gone, in both
    lanes of the node: the files that it lacks of that release keep no withdrawal waiting.
    """

    line: Line | NoLine
    urgent: bool
    taken: dict[str, int] = field(default_factory=dict)
    told: threading.Event = field(default_factory=threading.Event)
    #: Of the other lane of the node.
    beside: threading.Event = field(default_factory=threading.Event)
    pauses: Pauses = field(default_factory=lambda: Pauses(longest=_LONGEST_PAUSE))
    #: Of the newest list of what came down that the node was told.
    list_number: int = 0
    compare_at: float = 0.0
    tidy_at: float = field(default_factory=lambda: time.monotonic() + _TIDY_EVERY)

    @property
    def server(self) -> FrontServer | ObjectStore:
        return self.line.server

    def look(self) -> None:
        """Push what the node lacks; whatever goes wrong is written down in its row."""
        if self.urgent:
            self.line.keep()
        if not self.pauses.is_over(""):
            return
        row = FrontNode.objects.get_or_create(name=self.server.name)[0]
        try:
            self._look(row)
        except transport.Unreachable as error:
            self.pauses.note_failure("")
            # it may come back as another one
            self.compare_at = 0.0
            _note_error(row, str(error))
            logger.warning("front node %s: %s", self.server.name, error)
        else:
            self.pauses.note_success("")

    def _look(self, row: FrontNode) -> None:
        reached, refused = self._push_list(), False
        if not self.urgent and time.monotonic() >= self.compare_at:
            compare(self.server, row)
            self.compare_at, reached = time.monotonic() + _COMPARE_EVERY, True
        if not self.urgent and time.monotonic() >= self.tidy_at:
            transport.ask(self.server, "tidy")
            self.tidy_at = time.monotonic() + _TIDY_EVERY
        for behind in hosts_behind(row):
            # Whoever has missed a withdrawal gets it from the urgent lane.
            if (behind.down > self.taken.get(behind.host, 0)) != self.urgent:
                continue
            if not self.pauses.is_over(behind.host):
                refused = True
                continue
            pushed = self._push(row, behind)
            reached, refused = reached or pushed, refused or not pushed
        if reached:
            facts = {"reached_at": timezone.now()}
            FrontNode.objects.filter(pk=row.pk).update(**facts if refused else facts | {"error": ""})

    def _push_list(self) -> bool:
        """What came down on all sites at once, before the releases that say so; once for each list."""
        if not self.urgent:
            return False
        envelope, taken = newest_list()
        if taken is None or taken.sequence <= self.list_number:
            return False
        answer = push_list(self.line, envelope)
        if "busy" not in answer:
            self.list_number = taken.sequence
        return "accepted" in answer

    def _push(self, row: FrontNode, behind: HostBehind) -> bool:
        try:
            if self.urgent:
                self.taken[behind.host] = push_down(self.line, row, behind)
                self.beside.set()
            else:
                push(self.server, row, behind)
        except transport.Unreachable:
            raise
        except Exception as error:
            self.pauses.note_failure(behind.host)
            recover_connection()
            words = "；".join(error.reasons) if isinstance(error, Refused) else describe_error(error)
            _note_error(row, words)
            logger.exception("front node %s did not take %s", self.server.name, behind.host)
            return False
        self.pauses.note_success(behind.host)
        return True


class Lanes:
    """Those of all nodes that are configured; they end when ``stopping`` is set."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._lanes: list[Lane] = []
        self._hearing: list[Hearing] = []
        self._lines = tempfile.TemporaryDirectory(prefix="nodes-")

    def prepare(self) -> None:
        """Read the settings. Raises Refused."""
        folder = Path(self._lines.name)
        lines = [
            NoLine(server) if isinstance(server, ObjectStore) else Line(server, folder) for server in configured_nodes()
        ]
        self._lanes = [lane for line in lines for lane in _lanes_of(line)]
        self._hearing = [
            Hearing(line.server, Alarms(None, configured_senders())) for line in lines if isinstance(line, Line)
        ]
        for line in lines:
            if isinstance(line, NoLine):
                note_unheard(line.server.name)

    def start(self) -> None:
        for lane in self._lanes:
            name = f"publisher-{lane.server.name}{'-down' if lane.urgent else ''}"
            threading.Thread(target=self._work, args=(lane,), name=name, daemon=True).start()
        for hearing in self._hearing:
            name = f"publisher-{hearing.server.name}-found"
            threading.Thread(target=self._hear, args=(hearing,), name=name, daemon=True).start()

    def wake(self) -> None:
        for lane in self._lanes:
            lane.told.set()

    def _work(self, lane: Lane) -> None:
        look_until(
            self._stopping, lane.told, lambda _told: lane.look(), logger=logger, what=f"front node {lane.server.name}"
        )
        if lane.urgent:
            lane.line.end()

    def _hear(self, hearing: Hearing) -> None:
        what = f"what front node {hearing.server.name} has found"
        look_until(self._stopping, threading.Event(), lambda _told: hearing.look(), logger=logger, what=what)


def _lanes_of(line: Line | NoLine) -> list[Lane]:
    others = Lane(line, urgent=False)
    return [Lane(line, urgent=True, taken=others.taken, beside=others.told), others]


def forget_others() -> None:
    """Delete what is known of nodes that are not configured any more."""
    FrontNode.objects.exclude(name__in=[server.name for server in configured_nodes()]).delete()


def _note_error(row: FrontNode, words: str) -> None:
    FrontNode.objects.filter(pk=row.pk).update(error=words.replace("\x00", "")[:_LONGEST_ERROR])
