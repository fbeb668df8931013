"""A county site goes into its portal by verbs, with real commits: to its end, and back."""

import json
import os
import subprocess
import sys
import time

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import RoleOffer
from govplatform.audit.models import Entry
from govplatform.lifecycle.merge.running import WORK_LOCK
from govplatform.lifecycle.models import Merge, SiteApplication, SiteNotice
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.database import ROOT, until_alone

from ..life import clear_notices, retiring
from .frozen import rights_in


@pytest.fixture
def county(own_database):
    """beta with an article and a draft, on its way into alpha."""
    with tenant_context(get_tenant("beta")):
        factories.live_article("beta", title="防汛通知", slug="flood")
        factories.draft_article("beta_editor", title="未发布的草稿")
    return retiring()


def told(done, status=0):
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_merged_verified_announced_and_confirmed(county, verb, citizen):
    before = citizen("beta").get("/news/flood/")
    assert before.status_code == 200
    merged = told(verb("merge_site", "beta", "alpha", "--as", "operator", "--json"))
    assert merged["state"] == "moved" and merged["pages"] >= 1
    assert {"merge", "state", "pages", "files", "addresses", "seconds", "switch_seconds"} <= set(merged)
    number = str(merged["merge"])
    answer = citizen("beta").get("/news/flood/")
    portal = public_url(get_tenant("alpha"), "")
    assert answer.status_code == 301 and answer.headers["Location"].startswith(f"{portal}/")
    there = answer.headers["Location"].removeprefix(portal)
    assert citizen("alpha").get(there).status_code == 200
    proof = told(verb("verify_merge", number, "--json"))
    assert (proof["ok"], proof["faults"]) == (True, []) and proof["checked"] > 10
    assert any(one["count"] for one in proof["not_moved"])
    refused = told(verb("confirm_merge", number, "--as", "supervisor", "--json"), 3)
    assert "关停完成公告还没有发布" in "".join(refused["refused"])
    assert "已在办理" in told(verb("merge_site", "beta", "alpha", "--as", "operator", "--json"), 3)["refused"][0]
    clear_notices(SiteApplication.objects.get(pk=county.pk))
    assert told(verb("confirm_merge", number, "--as", "supervisor", "--json")) == {
        "merge": merged["merge"],
        "state": "confirmed",
    }
    assert get_tenant("beta").status == "retired"
    assert citizen("beta").get("/news/flood/").status_code == 301
    offered = set(RoleOffer.objects.filter(tenant__code="alpha").values_list("person__username", "role"))
    assert ("beta_editor", "editor") in offered
    assert told(verb("revert_merge", number, "--as", "operator", "--reason", "反悔。", "--json"), 3)
    [listed] = told(verb("merges", "--site", "beta", "--json"))["merges"]
    assert (listed["state"], listed["faults"]) == ("confirmed", 0)
    for code in ("alpha", "beta"):
        acts = set(Entry.objects.filter(chain=get_tenant(code).schema_name).values_list("act", flat=True))
        assert {"merge.request", "merge.switch", "merge.confirm"} <= acts, code


def test_taken_back_after_an_editor_has_changed_what_was_moved(county, verb, citizen):
    rights = rights_in("site_beta")
    merged = told(verb("merge_site", "beta", "alpha", "--as", "operator", "--json"))
    number = str(merged["merge"])
    assert RoleOffer.objects.filter(tenant__code="alpha", state="waiting").exists()
    with tenant_context(get_tenant("alpha")):
        page = Page.objects.get(title="防汛通知").specific
        page.title = "防汛通知（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
    revert = ("revert_merge", number, "--as", "operator", "--reason", "栏目有误。", "--json")
    refused = told(verb(*revert), 3)["refused"]
    assert "--anyway" in refused[-1]
    assert "会随退回丢失" in refused[0] and any("防汛通知" in line for line in refused[1:])
    assert Merge.objects.get().state == "moved"
    done = told(verb(*revert, "--anyway"))
    assert done["state"] == "reverted" and done["lost"][0]["title"].startswith("防汛通知")
    assert rights_in("site_beta") == rights
    assert not get_tenant("beta").frozen and get_tenant("beta").moved_into_id is None
    assert citizen("beta").get("/news/flood/").status_code == 200
    with tenant_context(get_tenant("alpha")):
        assert not Page.objects.filter(title__startswith="防汛通知").exists()
    assert not RoleOffer.objects.filter(tenant__code="alpha", state="waiting").exists()
    assert not SiteNotice.objects.filter(kind="completion").exists()
    with tenant_context(get_tenant("beta")):
        factories.draft_article("beta_editor")
    # And once more, with a map of another kind.
    again = told(verb("merge_site", "beta", "alpha", "--with-drafts", "--as", "operator", "--json"))
    assert again["state"] == "moved" and again["merge"] != merged["merge"]


def test_what_was_decided_since_is_never_deleted_and_the_merge_stays(county, verb):
    merged = told(verb("merge_site", "beta", "alpha", "--as", "operator", "--json"))
    with tenant_context(get_tenant("alpha")):
        page = Page.objects.get(title="防汛通知").specific
        page.title = "防汛通知（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
        factories.publish(page)
    revert = ("revert_merge", str(merged["merge"]), "--as", "operator", "--reason", "栏目有误。", "--anyway", "--json")
    assert "不得删除" in told(verb(*revert), 3)["refused"][0]
    merge = Merge.objects.get()
    assert (merge.state, merge.ended_by, merge.end_reason) == ("moved", None, "")
    assert "不得删除" in merge.reasons[0] and "lost" not in merge.counts
    assert get_tenant("beta").frozen and get_tenant("beta").moved_into.code == "alpha"
    clear_notices(SiteApplication.objects.get(pk=county.pk))
    assert told(verb("confirm_merge", str(merge.pk), "--as", "supervisor", "--json"))["state"] == "confirmed"


def test_while_one_process_is_at_it_another_is_refused_and_nothing_is_decided(county, verb):
    merged = told(verb("merge_site", "beta", "alpha", "--as", "operator", "--json"))
    revert = ("revert_merge", str(merged["merge"]), "--as", "operator", "--reason", "栏目有误。", "--json")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [WORK_LOCK, merged["merge"]])
            assert "另一个进程" in told(verb(*revert), 3)["refused"][0]
            assert Merge.objects.get().ended_by is None
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, merged["merge"]])
    finally:
        other.close()
    assert told(verb(*revert))["state"] == "reverted"


@pytest.mark.parametrize("at", ["queued", "moving"])
def test_killed_on_its_way_it_is_begun_again_and_nothing_is_half_done(county, own_database, verb, at):
    """The process is killed as soon as the merge is in that state, wherever it is then."""
    words = ("merge_site", "beta", "alpha", "--as", "operator", "--json")
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env={**os.environ, "DATABASE_URL": own_database, "DJANGO_SETTINGS_MODULE": "govplatform.settings.test"},
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None and not Merge.objects.filter(state__in=_FROM[at]).exists():
        time.sleep(0.01)
    process.kill()
    process.wait()
    until_alone()
    merge = Merge.objects.get()
    with tenant_context(get_tenant("alpha")):
        there = Page.objects.filter(title="防汛通知").exists()
    assert there == (merge.state == "moved")
    if merge.verified_at is None:
        assert told(verb(*words))["state"] == "moved"
    merge.refresh_from_db()
    assert merge.faults == [] and merge.verified_at is not None
    with tenant_context(get_tenant("alpha")):
        assert Page.objects.filter(title="防汛通知", live=True).count() == 1


_FROM = {"queued": ("queued", "moving", "moved"), "moving": ("moving", "moved")}
