"""The province is loaded once, broken off half-way and taken up again; then everything about it is looked at."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import PushNotice, Recall, StandingClearance, Subscription
from content_library.distribution.queries import push_status
from content_library.metadata import is_empty, write_value
from content_library.models import Repost, Resource
from govplatform.accounts.identity_faults import find_identity_faults
from govplatform.accounts.models import Membership, User
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.lifecycle.ending.steps import steps_to_the_end
from govplatform.lifecycle.models import SiteNotice
from govplatform.lifecycle.states.actions import reasons_against_merging
from govplatform.review.gate.scans import current_scan
from govplatform.review.gate.status import page_status
from govplatform.review.models import AfterReview
from govplatform.review.queries import find_gate_faults, site_path
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Tenant
from sites.columns.models import Column
from sites.demo.accounts import DEMO_PASSWORD
from sites.demo.content import DemoSite, Province
from sites.demo.load_library import library_items, read_scenes
from sites.demo.load_pages import ItemLoader, in_publishing_order
from sites.demo.loading import is_loaded, load_demo
from sites.demo.reading import load_province
from sites.demo.timeline import Timeline
from sites.home.models import HomePage
from sites.interaction.models import PrivateReply, PublicReply, QuestionEntry
from sites.reposts.models import RepostPage
from tests import database

from .looking import get, look

#: stage of the content -> word that the platform has for it
STATUS = {
    "live": "live",
    "draft": "draft",
    "returned": "returned",
    "in_content_review": "in_review",
    "in_confidentiality_review": "in_review",
    "scheduled": "approved",
    "withdrawn": "withdrawn",
}
BROKEN_OFF_AFTER = 7
SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT_TAGS = ("ArticleTitle", "PubDate", "ContentSource")


class BrokenOff(Exception):
    """Stands for the kill in the middle of an item."""


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, province: Province) -> Iterator[Province]:
    """A database of this module with the province in it: the first load was broken off, the second completed it."""
    shared = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        name = database.clone_prepared("demo")
        database.use_database(name)
        try:
            _break_off()
            load_demo()
            yield province
        finally:
            database.use_database(shared)
            database.drop_database(name)


def _break_off() -> None:
    """The load dies in the middle of its eighth item, between writing and the first approval."""
    original = ItemLoader._reviewed
    begun = 0

    def dying(self: ItemLoader, page: Page, *others: Any) -> None:
        nonlocal begun
        begun += 1
        if begun > BROKEN_OFF_AFTER:
            raise BrokenOff
        original(self, page, *others)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(BrokenOff):
        patch.setattr(ItemLoader, "_reviewed", dying)
        load_demo(processes=1)
    assert not is_loaded()
    assert _slugs("yunjiang").total() == BROKEN_OFF_AFTER, "the item in hand left nothing behind"


def _slugs(code: str) -> Counter[str]:
    """Pages with content, without those of the scenes."""
    tenant = Tenant.objects.get(code=code)
    with tenant_context(tenant):
        structural = [*Column.objects.values_list("pk", flat=True), *HomePage.objects.values_list("pk", flat=True)]
        reposts = list(Repost.objects.filter(tenant=tenant).values_list("page_id", flat=True))
        reposts += SiteNotice.objects.filter(site=tenant).values_list("page_id", flat=True)
        reposts += _answers()
        scenes = [item.slug for item in library_items(load_province().site(code), read_scenes())]
        found = Page.objects.filter(depth__gt=1).exclude(pk__in=structural + reposts).exclude(slug__in=scenes)
        return Counter(found.values_list("slug", flat=True))


def _answers() -> list[int]:
    """Pages of the current site with answers to letters, and what the question base has of them."""
    return [
        pk for model in (PublicReply, PrivateReply, QuestionEntry) for pk in model.objects.values_list("pk", flat=True)
    ]


def _each_site(province: Province) -> Iterator[tuple[DemoSite, Tenant]]:
    for site in province.sites:
        tenant = Tenant.objects.prefetch_related("domains").get(code=site.facts.code)
        if not tenant.is_console:
            with tenant_context(tenant):
                yield site, tenant


def test_every_item_is_there_once_and_in_its_stage(loaded: Province) -> None:
    for site, tenant in _each_site(loaded):
        assert _slugs(tenant.code) == Counter(item.slug for item in site.items)
        for item in site.items:
            page = Page.objects.get(slug=item.slug, depth__gt=2)
            assert page_status(page) == STATUS[item.stage], item.slug
            assert page.owner.username == item.editor
            assert page.get_parent().slug == item.column


def test_a_second_load_changes_nothing(loaded: Province) -> None:
    entries, people, roles = Entry.objects.count(), User.objects.count(), Membership.objects.count()
    report = load_demo()
    assert report.created == 0
    assert report.pages == sum(len(site.items) for site in loaded.sites)
    assert (Entry.objects.count(), User.objects.count(), Membership.objects.count()) == (entries, people, roles)


def test_what_people_change_later_stays(loaded: Province) -> None:
    with tenant_context(Tenant.objects.get(code="qingshan")):
        column = Column.objects.get(slug="news")
        assert column.title != "改过的名称"
        Column.objects.filter(pk=column.pk).update(title="改过的名称")
        load_demo()
        assert Column.objects.get(slug="news").title == "改过的名称"
        Column.objects.filter(pk=column.pk).update(title=column.title)


def test_facts_people_and_columns_are_those_of_the_content(loaded: Province) -> None:
    for person in loaded.people:
        held = set(Membership.objects.filter(user__username=person.username).values_list("tenant__code", "role"))
        assert held == {(membership.site, membership.role) for membership in person.memberships}
    for site, tenant in _each_site(loaded):
        facts = site.facts
        assert (tenant.full_name, tenant.identity_code, tenant.organiser) == (
            facts.name, facts.identity_code, facts.organiser,
        )  # fmt: skip
        assert (tenant.parent.code if tenant.parent else None) == facts.parent
        assert HomePage.objects.get().headline_page.slug == facts.headline
        for column in site.columns:
            stored = Column.objects.get(slug=column.slug)
            assert (stored.title, stored.description, stored.responsible_unit) == (
                column.name, column.description, column.unit,
            )  # fmt: skip
            assert (str(stored.get_column_type_display()), stored.update_duty) == (column.type, column.duty)
            assert stored.update_limit_days == column.limit_days
            assert stored.get_parent().slug == (column.parent or "home")


def test_the_password_on_the_start_page_lets_everybody_in(loaded: Province) -> None:
    people = User.objects.filter(username__in=[person.username for person in loaded.people])
    assert people.count() == len(loaded.people)
    assert [person.username for person in people if not person.check_password(DEMO_PASSWORD)] == []
    # nobody is sent to choose another one first
    assert [person.username for person in people if person.password_must_change] == []


def test_gate_audit_and_isolation_hold(loaded: Province) -> None:
    checked = of_scenes = 0
    for site, tenant in _each_site(loaded):
        number, faults = find_gate_faults()
        assert faults == [], tenant.code
        checked += number
        slugs = [item.slug for item in library_items(site, read_scenes())]
        pages = list(Repost.objects.filter(tenant=tenant).values_list("page_id", flat=True))
        pages += [*SiteNotice.objects.filter(site=tenant).values_list("page_id", flat=True), *_answers()]
        of_scenes += Page.objects.filter(live=True).filter(Q(slug__in=slugs) | Q(pk__in=pages)).count()
    assert checked == of_scenes + sum(item.stage == "live" for site in loaded.sites for item in site.items)
    assert find_isolation_faults()[1] == []
    assert find_chain_faults()[1] == []
    # The cast of the tests, which is in the same database, was written past the product.
    people = {person.username for person in loaded.people}
    assert [fault for fault in find_identity_faults()[1] if fault["user"] in people] == []


def test_every_page_answers_and_carries_its_metadata(loaded: Province) -> None:
    for _site, tenant in _each_site(loaded):
        for page in Page.objects.filter(live=True, depth__gt=1).not_type(RepostPage).specific():
            looked = look(tenant, site_path(page))
            is_home, is_column = isinstance(page, HomePage), isinstance(page, Column)
            expected = SITE_TAGS if is_home else SITE_TAGS + COLUMN_TAGS
            expected = expected if is_home or is_column else expected + CONTENT_TAGS
            for name in expected:
                values = looked.meta.get(name, [])
                assert len(values) == 1, (page.slug, name, values)
                assert not is_empty(values[0]), (page.slug, name)
            assert looked.meta["SiteIDCode"] == [tenant.identity_code]
            assert looked.meta["SiteName"] == [tenant.full_name]
            assert looked.meta["SiteDomain"] == [tenant.public_host]
            if not is_home and not is_column:
                assert looked.meta["ArticleTitle"] == [page.title]
                assert looked.meta["ContentSource"] == [page.source]
                assert looked.meta["ColumnName"] == [page.get_parent().title]
                assert looked.meta["PubDate"] == [write_value(page.first_published_at)]
                assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", looked.meta["PubDate"][0])
                assert not [v for values in looked.meta.values() for v in values if v.lower() in ("none", "null")]


def test_the_province_has_a_past(loaded: Province) -> None:
    """Pages of fourteen months, each published when its story says; the record of each site in the order of time."""
    timeline, months = Timeline(), set[str]()
    for site, tenant in _each_site(loaded):
        moments = timeline.moments(site, in_publishing_order(site))
        for item in site.items:
            page = Page.objects.get(slug=item.slug, depth__gt=2)
            if item.stage in ("live", "withdrawn"):
                late = page.first_published_at - moments[item.slug].confidentiality
                assert timedelta() <= late < timedelta(minutes=10), item.slug
                months.add(f"{page.first_published_at:%Y-%m}")
        at = list(Entry.objects.filter(chain=tenant.schema_name).order_by("number").values_list("at", flat=True))
        assert at == sorted(at), tenant.code
    assert len(months) >= 13


def test_the_clock_is_right_again(loaded: Province) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = 'demo_clock'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_catalog.pg_proc WHERE proconfig::text LIKE '%demo_clock%'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT abs(extract(epoch FROM pg_catalog.clock_timestamp() - %s)) < 60", [timezone.now()])
        assert cursor.fetchone() == (True,)


def test_policies_and_interpretations_lead_to_each_other(loaded: Province) -> None:
    for site, tenant in _each_site(loaded):
        for policy in site.policies:
            reading = site.interpretation_of(policy)
            there, back = f"/{policy.column}/{policy.slug}/", f"/{reading.column}/{reading.slug}/"
            assert back in look(tenant, there).addresses
            assert there in look(tenant, back).addresses


def test_pictures_and_attachments_are_served(loaded: Province) -> None:
    seen: Counter[str] = Counter()
    for site, tenant in _each_site(loaded):
        for item in site.items:
            if item.stage != "live" or not (item.attachments or item.picture):
                continue
            looked = look(tenant, site_path(Page.objects.get(slug=item.slug, depth__gt=2)))
            documents = {address for address in looked.addresses if address.startswith("/documents/")}
            assert len(documents) == len(item.attachments), item.slug
            for address in sorted(documents | {name for name in looked.pictures if name.endswith(".webp")}):
                assert len(get(tenant, address)[1]) > 500
                seen[Path(address).suffix] += 1
    assert {".pdf", ".docx", ".xlsx", ".webp"} <= set(seen)


def test_scenes_of_the_confidentiality_review(loaded: Province) -> None:
    """Findings in text and comment of the page under review, a value passed over, an emergency to look at again."""
    with tenant_context(Tenant.objects.get(code="yunjiang")):
        page = Page.objects.get(slug="visit-day-review")
        scan = Scan.objects.get(page=page)
        assert scan.state == Scan.State.DONE
        found = {(finding.rule, finding.where) for finding in scan.findings.all()}
        assert {("mobile", "body"), ("dictionary", "body"), ("id-card", "comment 1")} <= found
        assert scan.findings.filter(rule="mobile").count() == 1, "the published number gives no finding"
        assert scan == current_scan(page), "the dictionary was there before the scan"
        after = AfterReview.objects.get()
        assert (after.page.slug, after.verdict) == ("flood-road-closure-urgent", "")


def test_scenes_of_the_library(loaded: Province) -> None:
    """Every mode, a mirror that waits for its reviewers, what is recalled, pushed, asked for and kept."""
    found = Repost.objects.select_related("tenant", "resource")
    # Numbers of pages are those of a site: another site has a page of the same number.
    of_yunjiang = found.filter(resource__tenant__code="yunjiang", resource__page_id=_page_id("yj-2026-8"))
    business = {r.tenant.code: r for r in of_yunjiang}
    assert {code: (r.mode, r.state) for code, r in business.items()} == {
        "jiangzhou": ("mirror", "live"), "qingshan": ("pinned", "live"), "jiaoyu": ("link", "live"),
    }  # fmt: skip
    assert _status(business["jiangzhou"]) == _status(business["qingshan"]) == 200
    assert _status(business["jiaoyu"]) == 302
    copy = found.get(mode="copy")
    with tenant_context(copy.tenant):
        assert Page.objects.get(pk=copy.page_id).live
    waiting = found.get(pending__isnull=False)
    assert (waiting.tenant.code, waiting.state, waiting.version, waiting.pending) == ("qingshan", "live", 1, 2)
    with tenant_context(waiting.tenant):
        assert Page.objects.get(pk=waiting.page_id).workflow_in_progress
    recalled = Recall.objects.filter(requested_by__isnull=False).select_related("resource").last()
    assert recalled is not None
    gone = list(found.filter(resource=recalled.resource))
    assert [_status(repost) for repost in gone] == [410, 410]
    assert (
        Resource.objects.exclude(kind=Resource.Kind.REPLY).get(repostable=False).title.startswith("全省学生摄影作品展")
    )


def test_scenes_of_the_push(loaded: Province) -> None:
    resource = Resource.objects.get(pushes__isnull=False)
    states = {row["site"]: (row["state"], row["late"]) for row in push_status(resource)["targets"]}
    # Its time has really passed; who sent it back owes it as much as who did nothing.
    assert states == {"jiangzhou": ("live", False), "qingshan": ("rejected", True), "hekou": ("in_review", True)}
    assert StandingClearance.objects.get().is_valid
    assert set(PushNotice.objects.values_list("target__tenant__code", "late")) >= {("hekou", True)}
    subscription = Subscription.objects.get()
    drafts = Repost.objects.filter(tenant=subscription.tenant, resource__tenant=subscription.source)
    assert [(repost.mode, repost.state) for repost in drafts] == [("mirror", "draft")]


def _page_id(slug_begins: str) -> int:
    with tenant_context(Tenant.objects.get(code="yunjiang")):
        return Page.objects.get(slug__startswith=slug_begins, depth__gt=2).pk


def _status(repost: Repost) -> int:
    response = Client(HTTP_HOST=repost.tenant.public_host).get(repost.path)
    response.close()
    connection.set_schema_to_public()
    return response.status_code


def test_the_question_base_has_an_entry_grown_out_of_a_letter(loaded: Province) -> None:
    with tenant_context(Tenant.objects.get(code="jiaoyu")):
        entry = QuestionEntry.objects.get()
        reply = PublicReply.objects.get(case_number=entry.case_number)
        assert entry.live and not entry.has_unpublished_changes and entry.title != reply.title
        assert entry.first_published_at > reply.first_published_at
        # Put generally: the letter says which child it is about.
        assert "我的孩子" in reply.question and "我的孩子" not in entry.question + entry.answer


def test_scene_of_a_site_that_retires(loaded: Province) -> None:
    """The banner is on its pages, the notice up, and the merge finds what it needs."""
    linye, qingshan = (Tenant.objects.get(code=code) for code in ("linye", "qingshan"))
    assert linye.status == Tenant.Status.RETIRING
    response = Client(HTTP_HOST=linye.public_host).get("/")
    assert response.status_code == 200 and "本站即将关停" in response.content.decode()
    connection.set_schema_to_public()
    assert reasons_against_merging(linye, qingshan) == []
    # The start page leads a visitor to the merge, and to where the end would be.
    start = Client(HTTP_HOST="localhost").get("/").content.decode()
    end = start.partition('id="retirement"')[2].partition("</section>")[0]
    assert f"{linye.full_name}的关停已经逐级批准" in end and "三十日" in end
    assert "/admin/fleet/merge/?source=linye&amp;destination=qingshan" in end
    assert "/admin/fleet/sites/linye/ending/" in end
    # The tests' own cast has an operator too.
    operator = Membership.objects.filter(tenant__kind=Tenant.Kind.CONSOLE, role="operator").earliest("user__username")
    for username in (operator.user.username, "shi.qingyan", "yan.shoujing"):
        assert f"<code>{username}</code>" in end
    steps = steps_to_the_end(linye)
    assert [step.done for step in steps] == [True, False, False, False, False] and "满期，还有 30 日" in steps[1].note
