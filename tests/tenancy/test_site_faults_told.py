"""What fails in a site: the operator's console and the verbs say it, and nothing else is blocked by it."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from content_library.distribution.queries import open_duties
from govplatform.review.submission.queue import waiting_reviews
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.fleet import check_fleet
from govplatform.tenancy.models import SiteFault, Tenant
from govplatform.tenancy.queries import get_tenant
from tests.conftest import console_client
from tests.factories import user

from .broken_sites import as_the_owner


def told(*words, **options):
    """(status, what the verb printed) with ``--json``."""
    out = io.StringIO()
    try:
        call_command(*words, "--json", stdout=out, **options)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def fault_of(tenant: Tenant, **fields) -> SiteFault:
    now = timezone.now()
    values = {"job": "publish_scheduled", "since": now, "last_at": now, "attempts": 3, "error": "InternalError: nein"}
    return SiteFault.objects.create(tenant=tenant, **{**values, **fields})


def test_the_verb_lists_what_fails_and_ends_with_one(site):
    assert told("site_faults") == (0, {"ok": True, "faults": []})
    fault_of(site("beta"), subject="page:7", title="停水通知")
    status, answer = told("site_faults")
    assert (status, answer["ok"]) == (1, False)
    (fault,) = answer["faults"]
    assert {"site": "beta", "job": "publish_scheduled", "subject": "page:7", "attempts": 3}.items() <= fault.items()
    assert told("site_faults", site="alpha")[0] == 0


def test_the_operator_finds_it_on_the_start_page_and_in_a_list(site, console):
    operator = console("operator", "console")
    assert "站点异常" not in operator.get("/admin/").content.decode()
    fault_of(site("beta"), title="停水通知", subject="page:7", next_at=timezone.now())
    for address in ("/admin/", "/admin/fleet/faults/"):
        html = operator.get(address).content.decode()
        assert all(word in html for word in ("站点异常", "定时发布与到期撤下", "停水通知", "InternalError: nein"))
    assert "InternalError" not in operator.get("/admin/fleet/faults/?site=alpha").content.decode()
    assert "/admin/fleet/faults/?site=beta" in operator.get("/admin/fleet/").content.decode()


def test_a_site_s_own_people_see_nothing_of_it(site, console):
    fault_of(site("beta"))
    editor = console("beta_admin", "beta")
    assert "InternalError" not in editor.get("/admin/").content.decode()
    assert editor.get("/admin/fleet/faults/").status_code != 200


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("verify_gate",), lambda answer: [fault["site"] for fault in answer["faults"]]),
        (("rescan", "--all"), lambda answer: [s["site"] for s in answer["sites"] if "error" in s]),
        (("library", "backfill", "--all"), lambda answer: [fault["site"] for fault in answer["failed"]]),
    ],
)
def test_a_verb_over_all_sites_names_the_one_that_failed_and_ends_with_one(site, words, where):
    as_the_owner("ALTER TABLE site_alpha.wagtailcore_page RENAME TO gone")
    status, answer = told(*words)
    assert (status, where(answer)) == (1, ["alpha"])


def test_the_walls_of_the_other_sites_are_checked(site):
    as_the_owner("ALTER TABLE site_alpha.wagtailcore_site RENAME TO gone")
    status, answer = told("check_isolation")
    assert status == 1
    (fault,) = answer["faults"]
    assert site("alpha").full_name in fault and "未能核查" in fault


def test_a_site_whose_schema_is_gone_blocks_no_screen_and_no_check(own_database):
    as_the_owner("ALTER SCHEMA site_beta RENAME TO gone")
    each_site(lambda run: None, job="publish_scheduled")
    operator = console_client("operator", "console")
    html = operator.get("/admin/").content.decode()
    assert get_tenant("alpha").full_name in html and "读不到" in html
    assert "模式 site_beta 不存在" in html
    assert operator.get("/admin/fleet/").status_code == 200
    # both_content reviews on alpha and on beta
    assert waiting_reviews(user("both_content")) == []
    assert console_client("supervisor", "console").get("/admin/").status_code == 200
    assert console_client("both_content", "alpha").get("/admin/").status_code == 200
    report = check_fleet()
    assert [failure["site"] for failure in report.failed] == ["site_beta"]
    assert report.current == report.sites - 1
    status, answer = told("check_isolation")
    assert status == 1 and any("site_beta" in fault for fault in answer["faults"])
    assert list(open_duties(get_tenant("beta"))) == []


def test_a_fleet_migration_passes_over_a_site_that_is_gone(own_database):
    as_the_owner("ALTER SCHEMA site_beta RENAME TO gone", "DELETE FROM site_alpha.auth_group_permissions")
    status, report = told("migrate_fleet")
    assert status == 1
    assert [failure["site"] for failure in report["failed"]] == ["site_beta"]
    assert report["migrated"] == 1
