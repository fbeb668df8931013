"""The filling of the platform with the demo province, through the same actions that people use.

Loading may be broken off at any moment and run again: what is there stays as it is. A site that is finished carries an
entry in its own audit chain; from then on the loader leaves the site alone, whatever people have changed.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.pushes.upkeep import remind
from govplatform.accounts.models import User
from govplatform.audit.actions import anchor_chains, record_act
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.guarded.prepared import prepared_children
from govplatform.lifecycle.actions import CONSOLE_CODE, initialise_platform
from govplatform.tenancy.models import Tenant
from sites.columns.actions import change_column, create_column, find_column_type
from sites.columns.models import Column as ColumnPage
from sites.demo.content import Column, DemoSite, Province, Role
from sites.demo.load_dictionary import load_dictionary
from sites.demo.load_letters import Letters
from sites.demo.load_library import SCENES, LibraryScenes, scenes_done
from sites.demo.load_life import LIFE_SCENES, LifeScenes
from sites.demo.load_people import open_sites, staff_console, staff_sites
from sites.demo.load_questions import load_questions
from sites.demo.load_sites import READERS, Work, load_items, load_side_by_side
from sites.demo.load_surveys import load_surveys
from sites.demo.picture_files import draw_ahead, pictures_of
from sites.demo.reading import load_province
from sites.demo.recorded_time import at, recorded_times
from sites.demo.timeline import Timeline
from sites.home.actions import pin_headline
from sites.home.models import HomePage

LOADED_ACT = "demo.load"
Progress = Callable[[int, int, str], None]


@dataclass
class LoadReport:
    """The result of a load.

    ``sites``, ``people``, ``pages``: how many the content has; ``created``: pages made by this load; ``stages``: how
    many items the content has in each stage.
    """

    sites: int
    people: int
    pages: int
    created: int = 0
    seconds: float = 0.0
    stages: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "sites": self.sites,
            "people": self.people,
            "pages": self.pages,
            "created": self.created,
            "stages": self.stages,
            "seconds": round(self.seconds, 1),
        }


def load_demo(
    progress: Progress | None = None, picture_folder: Path | None = None, processes: int | None = None
) -> LoadReport:
    """Load what is missing of the demo province; initialise the platform before if need be.

    ``progress(done, total, what)`` is called at every step; drawn pictures are kept in ``picture_folder`` (None:
    ``var/cache/demo-pictures``); ``processes``: how many load at once, 1 or 2 (None: as there are cores).
    Raises Refused when an action of the platform refuses.
    """
    started = time.perf_counter()
    province = load_province()
    stages = Counter(item.stage for site in province.sites for item in site.items)
    report = LoadReport(
        sites=sum(site.facts.code != CONSOLE_CODE for site in province.sites),
        people=len(province.people),
        pages=stages.total(),
        stages=dict(sorted(stages.items())),
    )
    if not is_loaded(province):
        initialise_platform()
        with _one_loader(), prepared_children(READERS):
            _Loader(
                province,
                report,
                progress,
                picture_folder or default_picture_folder(),
                processes or len(os.sched_getaffinity(0)),
            ).run()
    report.seconds = time.perf_counter() - started
    return report


def default_picture_folder() -> Path:
    return Path(settings.VAR_DIR) / "cache" / "demo-pictures"


def is_loaded(province: Province | None = None) -> bool:
    """Say whether every site and scene of the province is finished; False also for a database without a platform."""
    if Entry._meta.db_table not in connection.introspection.table_names():
        return False
    codes = {site.facts.code for site in (province or load_province()).sites}
    return codes <= _finished_codes() and scenes_done() >= {*SCENES, *LIFE_SCENES}


def _finished_codes() -> set[str]:
    entries = Entry.objects.filter(act=LOADED_ACT, object_type=Tenant._meta.label_lower)
    keys = {int(key) for key in entries.values_list("object_id", flat=True)}
    return set(Tenant.objects.filter(pk__in=keys).values_list("code", flat=True))


@contextmanager
def _one_loader() -> Iterator[None]:
    """Hold a lock so that of two loads at once the second waits; it then finds the work done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('govplatform.load_demo'))")
    try:
        yield
    finally:
        # the lock ends with the session as well, should this statement not get through
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('govplatform.load_demo'))")


class _Loader:
    def __init__(
        self, province: Province, report: LoadReport, progress: Progress | None, folder: Path, processes: int
    ) -> None:
        self.province = province
        self.report = report
        self.folder = folder
        self.processes = processes
        self.tell = progress or (lambda done, total, what: None)
        self.timeline = Timeline()
        self.tenants: dict[str, Tenant] = {}
        self.people: dict[str, User] = {}
        self.done = 0
        self.total = len(province.sites) + len(province.people) + report.pages

    def run(self) -> None:
        finished = _finished_codes()
        drawers = draw_ahead(self.folder, pictures_of(self.province))
        with recorded_times():
            with at(self.timeline.opened):
                self._open(finished)
            sites = [site for site in self.province.sites if site.facts.code not in finished]
            work = Work(tuple(site.facts.code for site in sites), self.folder, self.timeline.today)
            by_code = {code: tenant for code, tenant in self.tenants.items() if code != CONSOLE_CODE}
            letters = Letters(self.province, self.people, by_code, self.step)
            scenes_begin = self.timeline.scenes_begin
            load = load_side_by_side if self.processes > 1 else load_items
            self.report.created += load(self.province, replace(work, until=min(letters.begin, scenes_begin)), self.step)
            # From here on letters come in between, on two sites at a time.
            self._load_between(letters, replace(work, until=scenes_begin))
            LibraryScenes(self.province, self.people, by_code, self.folder, self.timeline, self.step).run()
            self._load_between(letters, work)
            load_surveys(self.people, by_code, self.province)
        for site in sites:
            self._finish(site)
        # What was pushed is late by now where nothing was done.
        remind(timezone.now())
        LifeScenes(self.province, self.people, by_code, self.step).run()
        load_questions(by_code.values())
        anchor_chains()
        for drawer in drawers:
            drawer.join()
        self.tell(self.total, self.total, _("演示省已就绪"))

    def _load_between(self, letters: Letters, work: Work) -> None:
        """Load what is missing of ``work`` and do with letters what was done meanwhile."""
        self.report.created += load_items(self.province, work, self.step, before=letters.run)
        letters.run(work.until)

    def _open(self, finished: set[str]) -> None:
        """Open and staff what is missing, with its columns; nothing of ``finished`` sites is touched."""
        operator = staff_console(self.province)
        self.tenants = open_sites(self.province, operator=operator, said=self.step)
        self.people = staff_sites(self.province, self.tenants, said=self.step)
        # Before anything is scanned: a dictionary that changes makes the scans before it out of date.
        load_dictionary(self.province.site(CONSOLE_CODE), None, acting_user=operator)
        for site in self.province.sites:
            tenant = self.tenants[site.facts.code]
            if site.facts.code not in finished and not tenant.is_console:
                with tenant_context(tenant):
                    load_columns(site, acting_user=self._holder(site, "site-admin"))
                    load_dictionary(site, tenant, acting_user=self._holder(site, "confidentiality-reviewer"))

    def step(self, what: str) -> None:
        self.done += 1
        self.tell(min(self.done, self.total - 1), self.total, what)

    def _finish(self, site: DemoSite) -> None:
        tenant = self.tenants[site.facts.code]
        with tenant_context(tenant):
            if not tenant.is_console and site.facts.headline:
                headline = Page.objects.get(slug=site.facts.headline, depth__gt=2)
                pin_headline(HomePage.objects.get(), headline.pk, acting_user=self._holder(site, "site-admin"))
            with transaction.atomic():
                chain = PLATFORM_CHAIN if tenant.is_console else None
                record_act(LOADED_ACT, acting_user=None, obj=tenant, detail={"items": len(site.items)}, chain=chain)

    def _holder(self, site: DemoSite, role: Role) -> User:
        """Return the person who has ``role`` on the site; a site's dictionary is its confidentiality reviewer's."""
        return next(self.people[p.username] for p in self.province.people if p.holds(site.facts.code, role))


def load_columns(site: DemoSite, *, acting_user: User) -> None:
    """Add the columns of ``site`` that are missing; give the existing ones the names and duties of the content."""
    existing = {column.slug: column for column in ColumnPage.objects.all()}
    for column in site.columns:
        if column.slug in existing:
            change_column(
                existing[column.slug],
                acting_user=acting_user,
                verb="load_demo",
                title=column.name,
                **_column_facts(column),
            )
        else:
            parent = existing[column.parent] if column.parent else None
            if parent is not None:
                parent.refresh_from_db()
            existing[column.slug] = create_column(
                column.slug,
                title=column.name,
                column_type=column.type,
                parent=parent,
                acting_user=acting_user,
                verb="load_demo",
                **{key: value for key, value in _column_facts(column).items() if key != "column_type"},
            )


def _column_facts(column: Column) -> dict[str, Any]:
    return {
        "column_type": find_column_type(column.type),
        "description": column.description,
        "keywords": " ".join(column.keywords),
        "update_duty": column.duty,
        "update_limit_days": column.limit_days,
        "responsible_unit": column.unit,
        **({"list_template": column.list_template} if column.list_template else {}),
    }
