"""kill -9 of a node's receivers at any moment of a push, its verifier at work beside them: whole files, and an end."""

import contextlib
import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from govplatform.delivery.nodes import transport
from govplatform.delivery.nodes.configured import configured_nodes
from govplatform.delivery.nodes.line import Line
from govplatform.delivery.nodes.word import Word
from govplatform.delivery.release.store import NEW
from govplatform.delivery.verifying.faults import Findings
from govplatform.delivery.verifying.verifier import verifier
from govplatform.delivery.verifying.watching import Watch

from .publishing import Publisher
from .ssh import Nodes
from .test_nodes import brought, centre, lying, offered
from .test_publisher import until

__all__ = ["centre"]
pytestmark = pytest.mark.sshd
_FILES, _ROUNDS = 30, 4
_SEED = 20261130


def content(number: int, version: int) -> bytes:
    """Long enough to be cut, and the same from end to end."""
    return b"%03d:%03d\n" % (number, version) * 20_000


def receivers(nodes: Nodes) -> list[int]:
    """Processes of the node's command, and the rsync that it becomes."""
    assert nodes.process is not None
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found, left = [], [nodes.process.pid]
    while left:
        for pid in parents.get(left.pop(), []):
            left.append(pid)
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                if words.startswith(b"rsync") or b"delivery.nodes.node" in words.partition(b"\0-c\0")[0]:
                    found.append(pid)
    return found


class Reader(threading.Thread):
    """Reads what citizens would get, all the time: ``torn`` are files that were no whole version of theirs."""

    def __init__(self, tree: Path) -> None:
        super().__init__(daemon=True)
        self.tree, self.torn, self.done = tree, set[str](), threading.Event()
        #: Places that came down, which must not be there again; filled by the test.
        self.down: set[str] = set()
        self.back: set[str] = set()

    def run(self) -> None:
        while not self.done.is_set():
            for number in range(_FILES):
                place = f"p/{number}/index.html"
                was_down = place in self.down
                with contextlib.suppress(OSError):
                    read = (self.tree / place).read_bytes()
                    if read != read[:8] * 20_000 or not read.startswith(b"%03d:" % number):
                        self.torn.add(place)
                    if was_down:
                        self.back.add(place)
            time.sleep(0.005)


def test_receivers_killed_at_any_moment_leave_whole_files_and_the_work_ends(
    centre: tuple[Publisher, Nodes], tmp_path: Path
):
    ours, nodes = centre
    chance = random.Random(_SEED)
    ours.files |= {f"p/{number}/index.html": content(number, 0) for number in range(_FILES)}
    assert offered(ours, ours.publish())["accepted"] == 1
    root, tree = nodes.root("one"), nodes.tree("one", ours.host)
    findings, stop = list[Findings](), threading.Event()
    watching = threading.Thread(target=_watch, args=(ours, root, tmp_path, findings, stop))
    watching.start()
    reader = Reader(tree)
    reader.start()
    try:
        until(lambda: findings and findings[0].checked >= len(ours.files))
        for version in range(1, _ROUNDS + 1):
            some = chance.sample(sorted(set(range(_FILES)) - _numbers(reader.down)), 8)
            gone = f"p/{some.pop()}/index.html"
            envelope = ours.publish({f"p/{one}/index.html": content(one, version) for one in some} | {gone: None})
            pushing = threading.Thread(target=_pushed, args=(ours, envelope))
            pushing.start()
            for _kill in range(3):
                time.sleep(chance.random() / 3)
                for pid in receivers(nodes):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            pushing.join()
            assert offered(ours, envelope) == {"accepted": ours.sequence}
            reader.down.add(gone)
            assert _without_halves(lying(root, ours.host)) == ours.meant()
    finally:
        stop.set()
        reader.done.set()
        watching.join()
        reader.join()
    assert reader.torn == set() and reader.back == set()
    assert [fault.as_json() for fault in findings[0].faults] == []


@pytest.mark.parametrize("wrong", [signal.SIGKILL, signal.SIGSTOP])
def test_a_connection_that_is_gone_or_hangs_keeps_no_withdrawal(
    centre: tuple[Publisher, Nodes], tmp_path: Path, monkeypatch: Any, wrong: int
):
    monkeypatch.setattr("govplatform.delivery.nodes.line._LONGEST_ANSWER", 2.0)
    ours, nodes = centre
    first = ours.publish()
    offered(ours, first)
    line = Line(configured_nodes()[0], tmp_path)
    line.keep()
    # the connection lets sessions in before its own process listens
    until(lambda: line.server.line and line.server.line.exists() and receivers(nodes))
    second = ours.publish({"news/1/index.html": None})
    caught = receivers(nodes)
    for pid in caught:
        os.kill(pid, wrong)
    assert line.say(Word(second, brought(ours, first, second))) is None
    assert offered(ours, second) == {"accepted": 2}
    assert lying(nodes.root("one"), ours.host) == ours.meant()
    for pid in caught:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    line.end()


# --- inside ------------------------------------------------------------------------------


def _pushed(ours: Publisher, envelope: bytes) -> None:
    with contextlib.suppress(transport.Unreachable):
        offered(ours, envelope)


def _numbers(places: set[str]) -> set[int]:
    return {int(place.split("/")[1]) for place in places}


def _without_halves(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without what a killed process was writing: nobody gets it by its name, and the verifier clears it away."""
    return {place: content for place, content in files.items() if not place.rpartition("/")[2].startswith(NEW)}


def _watch(ours: Publisher, root: Path, folder: Path, findings: list[Findings], stop: threading.Event) -> None:
    place: Any = ours.place(root=root, memory=folder / "memory", quarantine=folder / "quarantine")
    with verifier(place, repair=True) as means:
        findings.append(means.findings)
        Watch(means, root, every=1.0, stopped=stop.is_set).run()
