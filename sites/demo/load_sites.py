"""The items of several sites, loaded one after the other, or by a second process at the same time.

Sites lie in schemas of their own and wait for each other nowhere, so a load takes half the time on two cores. The
second process is told where the database is, and tells what it does.
"""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sites.demo.content import DemoSite, Item, Province
    from sites.demo.load_pages import ItemLoader

Said = Callable[[str], None]
#: Of a load, which makes many objects and leaves few cycles: looking for them took a seventh of its time. Costs memory.
FEW_COLLECTIONS = (20_000, 20, 50)
#: Of the scan of files, which the demo brings itself: each takes a third of a second to import what these hold.
READERS = (
    "govplatform.confidentiality.reading", "govplatform.confidentiality.scanning.stripped_office",
    "govplatform.confidentiality.scanning.stripped_pictures", "docx", "lxml.etree", "openpyxl", "pypdf", "PIL.Image",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """Which items: of the sites with these ``codes``, published before ``until`` (None: all).

    ``folder``: of the pictures; ``today``: the day of the load.
    """

    codes: tuple[str, ...]
    folder: Path
    today: date
    until: datetime | None = None


def load_items(province: Province, work: Work, said: Said, before: Callable[[datetime], None] | None = None) -> int:
    """Load what is missing of each site, the oldest first, inside ``recorded_times``; return how many were made.

    ``said`` is called with the title of each. ``before`` is called with the moment of each, before it is made; then all
    sites together go the way of time. Raises Refused when an action of the platform refuses.
    """
    from django_tenants.utils import tenant_context

    from govplatform.accounts.models import User
    from govplatform.tenancy.queries import get_tenant
    from sites.demo import load_pages
    from sites.demo.timeline import Timeline

    names = [person.username for person in province.people]
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    timeline = Timeline(work.today)
    due: list[tuple[datetime, int, str, Item]] = []
    loaders: dict[str, ItemLoader] = {}
    for code in work.codes:
        site = province.site(code)
        items = {item.slug: item for item in load_pages.in_publishing_order(site)}
        moments = timeline.moments(site, items.values())
        with tenant_context(get_tenant(code)):
            loaders[code] = load_pages.ItemLoader(site, people, work.folder, moments)
        for slug, when in moments.items():
            if slug not in loaders[code].known and (work.until is None or when.confidentiality < work.until):
                due.append((when.written, len(due), code, items[slug]))
    made = 0
    for written, _number, code, item in sorted(due) if before is not None else due:
        said(item.title)
        if before is not None:
            before(written)
        with tenant_context(get_tenant(code)):
            made += loaders[code].load(item)
    return made


def load_side_by_side(province: Province, work: Work, said: Said) -> int:
    """Do what ``load_items`` does, half of the sites in a second process. Raises RuntimeError when that one fails."""
    ours, theirs = halves([province.site(code) for code in work.codes])
    if not theirs:
        return load_items(province, work, said)
    other = _Other(Work(theirs, work.folder, work.today, work.until), said)
    try:
        made = load_items(province, Work(ours, work.folder, work.today, work.until), said)
    finally:
        other.wait()
    return made + other.result()


def halves(sites: Iterable[DemoSite]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the sites in two parts with about as many items, each in the order of ``sites``."""
    sites = list(sites)
    parts: tuple[list[DemoSite], list[DemoSite]] = ([], [])
    for site in sorted(sites, key=lambda one: -len(one.items)):
        min(parts, key=_number_of_items).append(site)
    first, second = (tuple(site.facts.code for site in sites if site in part) for part in parts)
    return first, second


def _number_of_items(part: Sequence[DemoSite]) -> int:
    return sum(len(site.items) for site in part)


@dataclass
class _Other:
    """The second process, as seen from the first."""

    work: Work
    said: Said
    made: int = 0
    fault: str = "it has ended before it was done"
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        from django.db import connection

        known = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
        database = {name: connection.settings_dict[name] for name in known}
        # spawn: this process has connections to the database and threads that a fork must not inherit
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_load, args=(theirs, self.work, database), daemon=True)
        self.process.start()
        theirs.close()
        self._threads.append(threading.Thread(target=self._listen, args=(ours,), daemon=True))
        self._threads[0].start()

    def _listen(self, line: Connection[Any, Any]) -> None:
        try:
            while True:
                kind, what = line.recv()
                if kind == "said":
                    self.said(what)
                elif kind == "made":
                    self.made, self.fault = what, ""
                else:
                    self.fault = what
        except (EOFError, OSError):
            return

    def wait(self) -> None:
        self.process.join()
        self._threads[0].join()

    def result(self) -> int:
        if self.fault:
            raise RuntimeError(self.fault)
        return self.made


def _load(line: Connection[Any, Any], work: Work, database: dict[str, Any]) -> None:
    """The life of the second process."""
    import django

    gc.set_threshold(*FEW_COLLECTIONS)
    django.setup()
    from django.db import connection

    from govplatform.guarded.prepared import prepared_children
    from sites.demo.reading import load_province

    connection.settings_dict.update(database)
    try:
        with prepared_children(READERS):
            line.send(("made", load_items(load_province(), work, lambda what: line.send(("said", what)))))
    except Exception as fault:
        line.send(("fault", f"{type(fault).__name__}: {fault}"))
    finally:
        line.close()
        connection.close()
