"""Sites that live on are archived by themselves when the rule pack says so, and verified."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.archive.models import Archive
from govplatform.archive.tasks import make_requested_archive, request_yearly_archives, verify_kept_archive
from govplatform.archive.yearly import A_DAY, sites_due
from govplatform.audit.models import Entry
from govplatform.rule_packs.packs import rule_pack_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests.rule_packs.stated import limit, state_packs

pytestmark = pytest.mark.django_db


def days_ago(count):
    return timezone.now() - timedelta(days=count)


def due():
    return [tenant.code for tenant in sites_due(timezone.now())]


@pytest.fixture
def old():
    """Both sites were opened long ago."""
    term = rule_pack_of(get_tenant("alpha")).limit("site_archive").days
    assert term == 365
    Tenant.objects.update(created_at=days_ago(term + 20))
    return term


def archived(code, at, **facts):
    made = Archive.objects.create(
        tenant=get_tenant(code), **{"state": "done", "finished_at": at, "folder": "/nowhere", **facts}
    )
    Archive.objects.filter(pk=made.pk).update(requested_at=at or days_ago(60))
    return made


def test_a_year_is_counted_from_the_opening_and_from_the_last_archive_of_the_whole_site(old):
    assert due() == ["alpha", "beta"]
    archived("alpha", days_ago(old - 1))
    archived("beta", days_ago(10), column="news")
    assert due() == ["beta"]
    Archive.objects.filter(column="").update(finished_at=days_ago(old))
    # The longest overdue comes first: beta by its opening.
    assert due() == ["beta", "alpha"]
    Tenant.objects.update(created_at=days_ago(old - 1))
    assert due() == ["alpha"]


def test_only_what_citizens_read_is_due(old):
    for status in ("preparing", "offline", "retired"):
        Tenant.objects.filter(code="alpha").update(status=status)
        assert due() == ["beta"], status
    Tenant.objects.filter(code="alpha").update(status="live", dropped_at=timezone.now())
    assert due() == ["beta"]


def test_one_that_waits_or_failed_lately_is_not_asked_for_again(old):
    archived("alpha", None, state="waiting", finished_at=None)
    assert due() == ["beta"]
    Archive.objects.update(state="refused", requested_at=days_ago(6))
    assert due() == ["beta"]
    Archive.objects.update(requested_at=days_ago(8))
    assert due() == ["alpha", "beta"]


def test_a_province_may_ask_for_none_and_a_night_asks_for_a_few(old, settings, tmp_path):
    assert [tenant.code for tenant in sites_due(timezone.now(), most=1)] == ["alpha"] and A_DAY > 1
    state_packs(settings, tmp_path, never=limit("site_archive", 0, "days"))
    Tenant.objects.filter(code="alpha").update(rule_pack="never")
    assert due() == ["beta"]
    Tenant.objects.update(rule_pack="never")
    assert due() == []


def test_the_job_asks_makes_and_verifies(old, live):
    Tenant.objects.filter(code="beta").update(created_at=timezone.now())
    request_yearly_archives.func(0)
    archive = Archive.objects.get()
    assert (archive.tenant.code, archive.state, archive.requested_by) == ("alpha", "waiting", None)
    assert Entry.objects.filter(act="archive.request", actor_id=None).count() == 1
    job = ProcrastinateJob.objects.get(args__task_path="govplatform.archive.tasks.make_requested_archive")
    assert (job.queue_name, job.args["args"]) == ("bulk", [archive.pk])
    # The next night finds it under way.
    request_yearly_archives.func(0)
    assert Archive.objects.count() == 1
    make_requested_archive.call(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.verdict) == ("done", "running"), archive.reasons
    verify_kept_archive.call(archive.pk, None)
    archive.refresh_from_db()
    assert archive.verdict == "whole", archive.faults
    request_yearly_archives.func(0)
    assert Archive.objects.count() == 1 and due() == []
