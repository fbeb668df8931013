"""The scenes of the common library: reposts in every mode, a correction that waits, a recall, a subscription, a push.

They are played after all sites are filled, through the actions that people use. Each scene is played once, leaves an
entry in the platform's audit chain, and is left alone from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.following import follow_up
from content_library.distribution.models import PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.delivery import deliver
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.standing import approve_standing_clearance, propose_standing_clearance
from content_library.distribution.subscriptions import deliver_to_subscribers, subscribe
from content_library.models import Repost, Resource
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.lifecycle.actions import CONSOLE_CODE
from govplatform.locks.holding import holding
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.models import Tenant
from sites.columns.actions import find_column
from sites.demo.bodies import BodyWriter
from sites.demo.content import CONTENT_FOLDER, Article, DemoSite, Item, Province, read_toml
from sites.demo.load_pages import ItemLoader
from sites.demo.reading import read_site, text_blocks
from sites.demo.recorded_time import at
from sites.demo.timeline import Timeline, moments_from
from sites.reposts.actions import follow_source, repost_resource

SCENE_ACT = "demo.load"
SCENES = ("repost", "correct", "recall", "subscribe", "push")
Raw = dict[str, Any]
_STEP, _AN_HOUR = timedelta(minutes=7), timedelta(hours=1)


@dataclass
class LibraryScenes:
    """The player of the scenes, inside ``recorded_times``.

    ``people``: accounts by user name; ``tenants``: by code; ``say``: called per scene.
    """

    province: Province
    people: dict[str, User]
    tenants: dict[str, Tenant]
    picture_folder: Path
    timeline: Timeline
    say: Callable[[str], None] = lambda what: None

    @cached_property
    def raw(self) -> Raw:
        return read_scenes()

    def run(self) -> None:
        """Play the scenes that have not been played, in order. Raise Refused when an action of the platform refuses."""
        done = scenes_done()
        for name in SCENES:
            if name in done:
                continue
            self.say(_("信息资源库场景"))
            # A scene is several acts on several sites, all of them or none: nobody else acts anywhere meanwhile.
            with holding(*Tenant.objects.values_list("schema_name", flat=True), PLATFORM_CHAIN):
                getattr(self, f"_{name}")(self.timeline.scene(name))
                self._note_done(name)

    # --- the scenes --------------------------------------------------------------------------

    def _repost(self, begins: datetime) -> None:
        for code, tenant in self.tenants.items():
            if items := library_items(self.province.site(code), self.raw):
                held_back = {self.raw["subscription"]["delivers"].split("/")[1]}
                with tenant_context(tenant):
                    self._load(code, [item for item in items if item.slug not in held_back], begins)
        for number, entry in enumerate(self.raw["repost"]):
            self._repost_one(entry, begins + _AN_HOUR * 4 + _STEP * 3 * number)

    def _repost_one(self, entry: Raw, moment: datetime) -> None:
        site = self.province.site(entry["site"])
        resource = self._resource(entry["source"])
        with tenant_context(self.tenants[entry["site"]]):
            with at(moment):
                made = repost_resource(
                    resource,
                    column=find_column(entry["column"]),
                    mode=entry["mode"],
                    acting_user=self.people[entry["editor"]],
                    submit=True,
                )
            self._approve(Page.objects.get(pk=made.page_id), site, moment)

    def _correct(self, moment: datetime) -> None:
        """Publish a second version at the source; a mirror of the same level submits it to its own reviewers."""
        entry = self.raw["correction"]
        site = self.province.site(entry["site"])
        item = next(item for item in library_items(site, self.raw) if item.slug == entry["slug"])
        editor = self.people[item.editor]
        with tenant_context(self.tenants[entry["site"]]):
            with at(moment):
                page = Page.objects.get(slug=item.slug).specific.get_latest_revision_as_object()
                page.summary = entry["summary"]
                page.body = BodyWriter(item, site, editor, self.picture_folder).stream(text_blocks(entry["text"]))
                page.save_revision(user=editor, log_action=True)
                submit_for_review(Page.objects.get(pk=page.pk), acting_user=editor)
            self._approve(Page.objects.get(pk=page.pk), site, moment)
        resource = self._resource(f"{entry['site']}/{entry['slug']}")
        for repost in Repost.objects.filter(resource=resource, pending__isnull=False).select_related("tenant"):
            with tenant_context(repost.tenant), at(moment + _AN_HOUR):
                follow_source(repost)

    def _recall(self, moment: datetime) -> None:
        """Recall a resource: its reposts are gone with the commit; jobs write the receipts once the demo is served."""
        entry = self.raw["recall"]
        resource = self._resource(entry["source"])
        with at(moment):
            recall_resource(resource, acting_user=self.people[entry["by"]], reason=entry["reason"])

    def _subscribe(self, moment: datetime) -> None:
        entry = self.raw["subscription"]
        with tenant_context(self.tenants[entry["site"]]), at(moment):
            subscribe(acting_user=self.people[entry["by"]], kind=entry["kind"], source=self.tenants[entry["source"]])
        code, slug = entry["delivers"].split("/")
        with tenant_context(self.tenants[code]):
            items = library_items(self.province.site(code), self.raw)
            self._load(code, [item for item in items if item.slug == slug], moment)
        with at(moment + _AN_HOUR):
            deliver_to_subscribers(self._resource(entry["delivers"]).pk)

    def _push(self, moment: datetime) -> None:
        """Push a resource: done under a standing clearance on one site, returned on a second, late on a third."""
        standing = self.raw["standing"]
        with tenant_context(self.tenants[standing["site"]]):
            with at(moment):
                proposed = propose_standing_clearance(
                    acting_user=self.people[standing["proposed_by"]],
                    reason=standing["reason"],
                    source=self.tenants[standing["source"]],
                    kind=standing["kind"],
                )
            with at(moment + _STEP):
                approve_standing_clearance(
                    proposed, acting_user=self.people[standing["approved_by"]], opinion=standing["opinion"]
                )
        entry = self.raw["push"]
        resource = self._resource(entry["source"])
        with at(moment + _STEP * 2):
            push = push_resource(resource, selector=entry["selector"], acting_user=self.people[entry["by"]])
            targets = {target.tenant.code: target.pk for target in push.targets.select_related("tenant")}
            deliver(targets.values())
            follow_up(targets.values())
        with tenant_context(self.tenants[entry["returned_on"]]), at(moment + _AN_HOUR):
            returned = PushTarget.objects.get(pk=targets[entry["returned_on"]])
            decide_from_the_shell(
                Page.objects.get(pk=returned.page_id),
                acting_user=self.people[entry["returned_by"]],
                approve=False,
                opinion=entry["returned_because"],
            )

    # --- inside ------------------------------------------------------------------------------

    def _load(self, code: str, items: list[Article], begins: datetime) -> None:
        """Load ``items`` onto the current site, one after the other from ``begins`` on."""
        moments = {item.slug: moments_from(begins + _AN_HOUR * number) for number, item in enumerate(items)}
        loader = _SceneLoader(self.province.site(code), self.people, self.picture_folder, moments)
        for item in items:
            loader.load(item)

    def _approve(self, page: Page, site: DemoSite, submitted: datetime) -> None:
        item = site.articles[0]
        for number, (reviewer, opinion) in enumerate(
            (
                (item.content_reviewer, item.content_opinion),
                (item.confidentiality_reviewer, item.confidentiality_opinion),
            ),
            start=1,
        ):
            with at(submitted + _STEP * number):
                decide_from_the_shell(page, acting_user=self.people[reviewer], approve=True, opinion=opinion)

    def _resource(self, named: str) -> Resource:
        """Return the resource of the page that ``named`` ("site code/slug") says."""
        code, slug = named.split("/")
        with tenant_context(self.tenants[code]):
            page = Page.objects.get(slug=slug, depth__gt=2)
        return Resource.objects.select_related("tenant", "current").get(tenant=self.tenants[code], page_id=page.pk)

    def _note_done(self, name: str) -> None:
        console = Tenant.objects.get(code=CONSOLE_CODE)
        with tenant_context(console):
            record_act(SCENE_ACT, acting_user=None, obj=console, detail={"scene": name}, chain=PLATFORM_CHAIN)


class _SceneLoader(ItemLoader):
    """A loader of the scenes' items, whose authors may have forbidden reposting."""

    def _shared_values(self, item: Item, writer: BodyWriter) -> Raw:
        return super()._shared_values(item, writer) | {"repostable": item.slug not in _kept_to_itself()}


def read_scenes() -> Raw:
    """Return the scenes as written in ``content/library.toml``. Raise ContentFault when it cannot be read."""
    return read_toml(CONTENT_FOLDER / "library.toml")


def library_items(site: DemoSite, raw: Raw) -> tuple[Article, ...]:
    """Return the articles that the scenes add to ``site``, with the defaults of its own content file."""
    own = [entry for entry in raw["article"] if entry["site"] == site.facts.code]
    if not own:
        return ()
    whole = read_toml(CONTENT_FOLDER / f"{site.facts.code}.toml")
    articles = [{key: value for key, value in entry.items() if key not in ("site", "repostable")} for entry in own]
    return read_site({"site": whole["site"], "defaults": whole["defaults"], "article": articles}).articles


def scenes_done() -> set[str]:
    """Return the names of the scenes that were played, by the platform's audit chain."""
    entries = Entry.objects.filter(act=SCENE_ACT, chain=PLATFORM_CHAIN, detail__has_key="scene")
    return {entry["scene"] for entry in entries.values_list("detail", flat=True)}


def _kept_to_itself() -> set[str]:
    return {entry["slug"] for entry in read_scenes()["article"] if not entry.get("repostable", True)}
