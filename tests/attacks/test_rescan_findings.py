"""Ways to make a rescan's finding go away without anybody having judged it."""

import pytest
from django.utils import timezone

from govplatform.confidentiality.models import Disposition
from govplatform.review.models import RescanFinding
from govplatform.review.rescans.actions import judge_rescan_finding
from tests.factories import user
from tests.review.rescan_content import forbid, old_page, rescan

from .conftest import execute, refused


def closed(item):
    item.refresh_from_db()
    return item.outcome


@pytest.mark.parametrize("outcome", ["false_alarm", "ignored"])
def test_closed_as_judged_where_nobody_judged(alpha, found, outcome):
    _page, item = found
    with refused("judged by nobody"):
        RescanFinding.objects.filter(pk=item.pk).update(outcome=outcome, closed_at=timezone.now())
    assert closed(item) == ""


def test_a_judgement_of_another_page_does_not_close_it(alpha):
    first, second = old_page(), old_page()
    forbid()
    rescan(alpha)
    item, other = (RescanFinding.objects.get(page_id=page.pk) for page in (first, second))
    assert item.key == other.key
    judge_rescan_finding(other, acting_user=user("alpha_secret"), verdict="false_alarm", reason="公开的名称。")
    with refused("judged by nobody"):
        RescanFinding.objects.filter(pk=item.pk).update(outcome="false_alarm")
    assert closed(item) == ""


def test_it_is_neither_deleted_nor_moved_nor_given_more_time(alpha, found):
    page, item = found
    with refused("kept|permission"):
        RescanFinding.objects.filter(pk=item.pk)._raw_delete("default")
    with refused("gate|permission"):
        execute("TRUNCATE review_rescanfinding")
    for change in ({"due_at": timezone.now()}, {"key": "x"}):
        with refused("stays as it is"):
            RescanFinding.objects.filter(pk=item.pk).update(**change)
    other = found_again(page)
    with refused("begins as open"):
        RescanFinding.objects.create(**other, outcome="fixed")


def found_again(page):
    item = RescanFinding.objects.get(page_id=page.pk)
    names = ("run_id", "page_id", "finding_id", "opened_at", "due_at")
    return {**{name: getattr(item, name) for name in names}, "key": "another"}


def test_a_closed_one_is_not_opened_again(alpha, found):
    _page, item = found
    judge_rescan_finding(item, acting_user=user("alpha_secret"), verdict="false_alarm", reason="公开的名称。")
    with refused("closed once"):
        RescanFinding.objects.filter(pk=item.pk).update(outcome="")
    assert closed(item) == "false_alarm"


def test_by_the_console_of_the_supervisor_or_of_another_site(alpha, found, console):
    _page, item = found
    for who, site in (("supervisor", "console"), ("beta_secret", "beta"), ("alpha_content", "alpha")):
        client = console(who, site)
        answer = client.post("/admin/review/rescans/one/", {"number": item.pk, "act": "false_alarm", "words": "x"})
        assert answer.status_code in (200, 403, 404), who
    assert closed(item) == ""
    assert not Disposition.objects.exists()


def test_a_reviewer_does_not_start_a_scan_of_another_site(alpha, console, site):
    from django_tenants.utils import tenant_context

    from govplatform.review.models import RescanRun

    console("alpha_secret", "alpha").post("/admin/review/rescans/", {"act": "start", "site": "beta"})
    with tenant_context(site("beta")):
        assert not RescanRun.objects.exists()
    assert not RescanRun.objects.exists()
