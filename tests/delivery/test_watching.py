"""The verifier that goes on all the time: changes are put back without a sweep, publishing goes on beside it."""

import multiprocessing
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from govplatform.delivery.release.held import held
from govplatform.delivery.release.layout import RELEASE_FILE
from govplatform.delivery.verifying import watches
from govplatform.delivery.verifying.faults import Findings, Kind
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.verifier import verifier
from govplatform.delivery.verifying.watching import Watch

from . import attacks_on_files as attacks
from .publishing import Publisher, entry
from .test_verifying import published, settled, site_of, store_of

__all__ = ["published"]
pytestmark = pytest.mark.unit
NEVER = 1e9


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextmanager
def watched(
    publisher: Publisher, *, every: float = NEVER, pause: Callable[[], object] = bool
) -> Iterator[tuple[Findings, threading.Thread]]:
    """A watch with repair, its first sweep behind it."""
    stop = threading.Event()
    found: list[Findings] = []

    def run() -> None:
        with verifier(publisher.place(), repair=True) as means:
            found.append(means.findings)
            Watch(means, publisher.root, every=every, stopped=stop.is_set, tick=pause).run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        eventually(lambda: found and found[0].checked >= len(publisher.files))
        yield found[0], thread
    finally:
        stop.set()
        thread.join()


def kinds(findings: Findings) -> set[Kind]:
    return {fault.fault for fault in findings.faults}


#: Of a second name for a file the kernel tells those alone who watch the file itself: the sweep finds it.
UNSEEN = {attacks._hard_link, attacks._too_deep}


def test_what_is_changed_is_put_back(published: Publisher, subtests):
    with watched(published) as (findings, _thread):
        for attack in attacks.ATTACKS:
            if attack not in UNSEEN and attack is not attacks._device:
                with subtests.test(attack.__name__):
                    findings.faults.clear()
                    # the verifier may be quicker than the second half of an attack
                    with suppress(OSError):
                        attack(published.tree)
                    eventually(lambda: findings.faults and settled(published))


def test_an_old_release_is_not_taken_back(published: Publisher):
    with watched(published) as (findings, _thread):
        old = published.publish()
        newest = published.publish({"news/1/index.html": None})
        eventually(lambda: (published.folder / f"memory/{published.host}.release").read_bytes() == newest)
        (published.tree / RELEASE_FILE).write_bytes(old)
        eventually(lambda: Kind.REPLAYED in kinds(findings) and settled(published))


def test_publishing_is_no_fault(published: Publisher):
    """Releases file by file and whole ones, with a watch and sweeps beside them."""
    choose, ended = random.Random(5), threading.Event()
    swept: list[Findings] = []

    def sweeps() -> None:
        while not ended.is_set():
            swept.append(published.verify(repair=True))

    with watched(published, every=0.05) as (findings, _thread):
        beside = threading.Thread(target=sweeps)
        beside.start()
        try:
            for number in range(60):
                place = f"news/{choose.randrange(8)}/index.html"
                content = None if place in published.files and choose.random() < 0.4 else b"<p>%d</p>" % number * 300
                published.publish({place: content}, whole=choose.random() < 0.1)
                assert published.lying() == published.meant()
        finally:
            ended.set()
            beside.join()
        assert [fault.as_json() for one in [findings, *swept] for fault in one.faults] == []
        assert swept
    assert settled(published)


def test_a_release_whose_publisher_was_killed_is_finished(published: Publisher):
    with watched(published):
        store, site = store_of(published), site_of(published)
        published.files["index.html"] = b"<h1>new</h1>" * 300
        entries = {place: entry(place, content, store) for place, content in published.files.items()}
        published.sequence += 1
        site.bring_in_line(published.signed(entries, store), [], [], store)
        eventually(lambda: settled(published))


def test_lost_events_are_made_up_for(published: Publisher, caplog: pytest.LogCaptureFixture):
    """The kernel's queue runs over while the verifier cannot read: everything is looked at."""
    goes_on = threading.Event()
    goes_on.set()
    with watched(published, pause=goes_on.wait):
        goes_on.clear()
        time.sleep(0.6)
        events = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
        for number in range(events + 10):
            os.utime(published.tree / ("robots.txt" if number % 2 else "index.html"))
        (published.tree / "late.html").write_text("x")
        goes_on.set()
        eventually(lambda: settled(published))
    assert "delivery_watch_overflow" in caplog.text


def test_no_watch_left_is_said_and_sweeps_go_on(published: Publisher, monkeypatch: pytest.MonkeyPatch):
    class Full(watches.INotify):
        def add_watch(self, path: str, mask: int) -> int:
            if os.path.realpath(path) == str(published.root):
                return super().add_watch(path, mask)
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(watches, "INotify", Full)
    with watched(published, every=0.1) as (findings, _thread):
        eventually(lambda: Kind.WATCH in kinds(findings))
        (published.tree / "index.html").write_text("hacked")
        eventually(lambda: settled(published))


def test_a_root_that_was_replaced_is_noticed(published: Publisher):
    with watched(published) as (findings, thread):
        published.root.rename(published.folder / "moved")
        shutil.copytree(published.folder / "moved", published.root, symlinks=True)
        eventually(lambda: not thread.is_alive())
    assert Kind.WATCH in kinds(findings)


def test_who_holds_a_folder_holds_it_alone_but_not_for_ever(published: Publisher):
    with held(published.root / published.host) as first, held(published.root / published.host, 0) as second:
        assert first and not second
        published.publish({"index.html": b"<h1>all the same</h1>"})
    with held(published.root / published.host, 0) as again:
        assert again
    assert settled(published)


def _sweep_for_ever(publisher: Publisher) -> None:
    while True:
        with verifier(publisher.place(), repair=True) as means:
            for _step in sweep(means):
                pass


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_verifier_leaves_nothing_half(published: Publisher, seed: int):
    choose = random.Random(seed)
    published.publish({"news/large.txt": os.urandom(3 << 20)})
    assert published.verify(repair=True).as_json()["ok"]
    process = multiprocessing.get_context("fork").Process(target=_sweep_for_ever, args=(published,))
    process.start()
    try:
        for _attack in range(choose.randrange(3, 12)):
            with suppress(OSError):
                choose.choice([attacks._write_over, attacks._link, attacks._foreign, attacks._no_release])(
                    published.tree
                )
                (published.tree / "news/large.txt").unlink()
            time.sleep(choose.random() * 0.05)
    finally:
        process.kill()
        process.join()
    large = published.tree / "news/large.txt"
    assert not large.exists() or large.read_bytes() == published.files["news/large.txt"]
    published.verify(repair=True)
    assert published.lying().items() >= published.meant().items()
    # what was being written is taken away once it is old enough to be nobody's
    for left in published.tree.resolve().rglob(".new.*"):
        left.unlink()
    assert settled(published)
