"""A site is dropped: by the rules, into a dump that was built again first; the platform goes on without it."""

import json
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.archive.models import Archive
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.lifecycle.dumping.opening import opened, verify_dump
from govplatform.lifecycle.ending.actions import drop_site, dump_site
from govplatform.lifecycle.models import Merge, SiteApplication, SiteDump, SiteNotice
from govplatform.lifecycle.site_record import change_site_record
from govplatform.refusals import Busy, Refused
from govplatform.review.rescans.tasks import request_when_due
from govplatform.tenancy import hosts
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.each_site import each_site
from govplatform.tenancy.fleet import check_fleet
from govplatform.tenancy.hosts import find_host
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.jobs import SchemaMissing, enter_schema, run_in_schema
from govplatform.tenancy.models import SiteFault, Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.lifecycle.merge.jobs import touch_page
from tests.reposts.conftest import reposted_at, resource_of

from .ended import digests, ended, files_of, left_in, scratch_schemas, with_files, work_off

OPERATOR = "operator"
ADDRESSES = (
    "/", "/news/", "/news/?page=2", "/sitemap.xml", "/robots.txt", "/favicon.ico", "/news/feed.xml",
    "/documents/1/x.pdf", "/media/site_beta/images/a.jpg", "/nowhere/", "/%b0%a1/",
)  # fmt: skip
CONSOLE = (
    "/admin/", "/admin/fleet/", "/admin/archives/", "/admin/fleet/queues/", "/admin/fleet/faults/",
    "/admin/fleet/dumps/", "/admin/fleet/sites/beta/ending/",
)  # fmt: skip
EVERY_DAY = (
    "verify_gate", "verify_audit", "check_isolation", "migrate_fleet", "migrate_fleet --check", "queue_status",
    "list_sites", "site_faults", "site_status beta", "library housekeeping",
    "rescan --all",
)  # fmt: skip


def told(refused):
    return "".join(refused.value.reasons)


def test_everything_that_is_missing_is_told_at_once(own_database):
    with pytest.raises(Refused) as refused:
        drop_site(get_tenant("beta"), acting_user=factories.user(OPERATOR))
    for word in ("只有已关停", "关停迁移公告", "归档"):
        assert word in told(refused)
    assert SiteDump.objects.count() == 0
    assert left_in(Path(settings.SITE_DUMPS_DIR)) == []


def test_the_notice_has_to_have_been_up_for_its_term(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    # The thirtieth day is a day of the notice to its end, as the list of applications and the notice itself have it.
    for days in (29, 30):
        SiteNotice.objects.update(live_at=timezone.now() - timezone.timedelta(days=days))
        with pytest.raises(Refused, match=r"公示 30 日.* 23:59 为止"):
            drop_site(tenant, acting_user=factories.user(OPERATOR))
    now = timezone.now()
    SiteNotice.objects.update(live_at=now - timezone.timedelta(days=60), down_at=now - timezone.timedelta(days=40))
    with pytest.raises(Refused, match="没有公示满"):
        drop_site(tenant, acting_user=factories.user(OPERATOR))


def test_the_archive_has_to_be_of_the_last_state_and_in_its_place(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    Archive.objects.update(state_at=tenant.created_at - timezone.timedelta(days=1))
    with pytest.raises(Refused, match="重新归档"):
        drop_site(tenant, acting_user=factories.user(OPERATOR))
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    with pytest.raises(Refused, match="没有核验完好"):
        drop_site(tenant, acting_user=factories.user(OPERATOR))


def test_nothing_may_be_open(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    application = SiteApplication.objects.get()
    with as_owner(), connection.cursor() as cursor:
        # The database lets nobody begin one of a site that is retired.
        cursor.execute("ALTER TABLE public.lifecycle_merge DISABLE TRIGGER gov_keep")
        Merge.objects.create(source=tenant, destination=get_tenant("alpha"), application=application, state="moved")
    with tenant_context(tenant):
        factories.draft_article("beta_editor")
    SiteApplication.objects.create(
        tenant=tenant, kind="change", reason="一。", rule_pack="national", filed_by=factories.user(OPERATOR),
        filed_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        drop_site(tenant, acting_user=factories.user(OPERATOR))
    for word in ("还没有确认或退回", "后台任务没有完成", "网站事项申请没有办结"):
        assert word in told(refused)


def test_only_operators_and_supervisors_drop(own_database, tmp_path):
    tenant = ended(tmp_path / "archive")
    with pytest.raises(Refused, match="只有平台运维人员和监管员"):
        drop_site(tenant, acting_user=factories.user("beta_admin"))
    with pytest.raises(Refused, match="只有平台运维人员和监管员"):
        dump_site(tenant, acting_user=factories.user("alpha_editor"))


def test_the_whole_site_is_in_the_dump_and_nothing_else_is_left(own_database, verb, live, tmp_path):
    with_files()
    tenant = ended(tmp_path / "archive")
    before, files = digests("site_beta"), files_of("beta")
    assert files and before["wagtailcore_page"][0] > 10
    done = verb("drop_site", "beta", "--as", OPERATOR, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert set(result) == {"dump", "tables", "rows", "bytes"}
    path = Path(result["dump"])
    manifest, digest = verify_dump(path)
    assert {table.name: (table.rows, table.digest) for table in manifest.tables} == {
        name: found for name, found in before.items() if name not in ("sequences", "structure")
    }
    assert {part.name.removeprefix("files/") for part in manifest.files} == set(files)
    assert (result["tables"], result["rows"]) == (len(manifest.tables), manifest.rows)
    assert result["bytes"] == path.stat().st_size == digest.bytes
    # the schema, its files, and every trace of the work are gone
    assert digests("site_beta") == {} and files_of("beta") == {} and scratch_schemas() == []
    assert left_in(path.parent) == [path.name]
    assert not [name for name in left_in(Path(settings.MEDIA_ROOT)) if "site_beta" in name]
    # the record names the dump and its digests, and is whole
    entry = Entry.objects.get(act="site.drop")
    assert entry.chain == "site_beta" and entry.actor_name.endswith("（operator）")
    assert (entry.detail["dump"], entry.detail["sha256"], entry.detail["sm3"]) == (
        path.name, digest.sha256, digest.sm3,
    )  # fmt: skip
    assert find_chain_faults()[1] == []
    tenant = get_tenant("beta")
    assert tenant.status == "retired" and tenant.dropped_at is not None
    work = SiteDump.objects.get()
    assert (work.state, work.tenant_id, work.sha256) == ("done", tenant.pk, digest.sha256)
    with pytest.raises(Refused, match="已经移除"):
        drop_site(tenant, acting_user=factories.user(OPERATOR))


def test_the_platform_goes_on_without_it(own_database, verb, live, citizen, tmp_path):
    path_of = {name: live(name, "beta").url_path.removeprefix("/home") for name in ("article", "mirror")}
    own = live.resource("article", "beta")
    tenant = ended(tmp_path / "archive")
    drop_site(tenant, acting_user=factories.user(OPERATOR))
    # citizens: everything from the ledger
    for address in (*path_of.values(), *ADDRESSES):
        answer = citizen("beta").get(address)
        assert answer.status_code in (301, 404, 410), (address, answer.status_code)
    # what is public nowhere else is read in the archive, what it merely showed of another site there as well
    answer = citizen("beta").get(path_of["article"])
    assert answer.status_code == 301 and f"/at{path_of['article']}" in answer.headers["Location"]
    assert citizen("beta").get("/api/library/resources/").status_code == 410
    # staff: told so, without a session
    for address in ("/admin/", "/admin/login/", "/", "/admin/pages/3/"):
        answer = Client(HTTP_HOST="beta.console.localhost").get(address)
        assert answer.status_code == 410 and "已经停用" in answer.content.decode() and not answer.cookies
    # its resources in the library stay, and answer on other sites
    own.refresh_from_db()
    assert citizen("alpha").get(f"/api/library/resources/{own.uuid}/").status_code == 200
    # whatever runs over all sites leaves it out, without a fault
    seen = [found.code for found, _result in each_site(lambda run: None, job="probe").done]
    assert seen == ["alpha"]
    assert each_site(lambda run: None, job="probe", tenants=[get_tenant("beta")]).failed == []
    assert find_isolation_faults() == (2, [])
    report = check_fleet()
    assert (report.sites, report.current, report.failed) == (2, 2, [])
    each_site(lambda _run: request_when_due(), job="rescan_due_sites")
    assert SiteFault.objects.count() == 0
    for words in EVERY_DAY:
        done = verb(*words.split(), "--json")
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    with pytest.raises(SchemaMissing):
        enter_schema("site_beta")
    # What was queued in the very moment ends: it neither fails for ever nor runs anywhere else.
    run_in_schema(schema="site_beta", task_path=f"{touch_page.__module__}.touch_page", args=[1], kwargs={})


def test_a_process_that_remembers_the_site_sends_nobody_into_its_console(own_database, live, tmp_path):
    tenant = ended(tmp_path / "archive")
    remembered = find_host("beta.console.localhost")
    drop_site(tenant, acting_user=factories.user(OPERATOR))
    # For some seconds other processes know it as it was.
    hosts._known["beta.console.localhost"] = (time.monotonic(), remembered)
    assert Client(HTTP_HOST="beta.console.localhost").get("/admin/").status_code == 410


def test_what_shows_its_resources_goes_on(own_database, live, citizen, tmp_path):
    """A mirror on another site, its file in the library; and a recall of the resource finds nothing left to do here."""
    from content_library.distribution.recalls.actions import recall_resource
    from content_library.distribution.recalls.taking_down import take_down_receipts
    from content_library.models import ResourceFile

    with_files()
    with tenant_context(get_tenant("beta")):
        page = Page.objects.filter(live=True, depth__gt=3).order_by("-pk").first()
    resource = resource_of(page, "beta")
    mirror = reposted_at("alpha", resource)
    address = mirror.url_path.removeprefix("/home")
    file = ResourceFile.objects.filter(version=resource.current_id, kind="document").get()
    drop_site(ended(tmp_path / "archive"), acting_user=factories.user(OPERATOR))
    shown = citizen("alpha").get(address)
    assert shown.status_code == 200 and page.title in shown.content.decode()
    assert citizen("alpha").get(f"/library/files/{file.blob_id}/{file.name}").status_code == 200
    resource.refresh_from_db()
    recall = recall_resource(resource, acting_user=factories.user("supervisor"), reason="有误。")
    assert citizen("alpha").get(address).status_code == 410
    take_down_receipts(recall.receipts.values_list("pk", flat=True))
    states = dict(recall.receipts.values_list("tenant__code", "state"))
    assert states == {"alpha": "confirmed", "beta": "confirmed"}
    assert Entry.objects.get(act="push.recall").chain == "site_beta" and find_chain_faults()[1] == []


def test_the_supervising_console_shows_it_as_closed(own_database, live, tmp_path):
    from tests.conftest import console_client

    drop_site(ended(tmp_path / "archive"), acting_user=factories.user(OPERATOR))
    with pytest.raises(Refused, match="内容已经移除"):
        change_site_record(get_tenant("beta"), acting_user=factories.user(OPERATOR), full_name="另一个名称")
    for who in (OPERATOR, "supervisor"):
        client = console_client(who, "console")
        for address in CONSOLE:
            answer = client.get(address, follow=True)
            assert answer.status_code == 200, (who, address)
        fleet = client.get("/admin/fleet/").content.decode()
        assert "已备份并移除" in fleet and "读不到" not in fleet


def test_a_copy_of_a_site_that_lives_on(own_database, verb, live, tmp_path):
    before = digests("site_alpha")
    done = verb("dump_site", "alpha", "--out", str(tmp_path / "copies"), "--as", "supervisor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    first = Path(json.loads(done.stdout)["dump"])
    assert digests("site_alpha") == before and get_tenant("alpha").status == "live"
    with opened(first) as dump:
        assert dump.manifest.site["code"] == "alpha" and not dump.encrypted
    # the same state gives the same bytes
    kept = first.read_bytes()
    second = Path(dump_site(get_tenant("alpha"), tmp_path / "again", acting_user=None).path)
    assert (second.name, second.read_bytes()) == (first.name, kept)


def test_what_changes_after_the_dump_is_not_dropped(own_database, tmp_path, monkeypatch):
    from govplatform.lifecycle.ending import actions

    tenant = ended(tmp_path / "archive")
    taken = actions.take_dump_of

    def taken_and_changed(*args):
        result = taken(*args)
        with tenant_context(tenant), connection.cursor() as cursor:
            cursor.execute("UPDATE wagtailcore_page SET draft_title = draft_title || '。' WHERE depth = 3")
        return result

    # Somebody writes in the very moment between the two.
    monkeypatch.setattr(actions, "take_dump_of", taken_and_changed)
    with pytest.raises(Refused, match="wagtailcore_page"):
        drop_site(tenant, acting_user=factories.user(OPERATOR))
    monkeypatch.undo()
    assert digests("site_beta")["wagtailcore_page"][0] > 3 and get_tenant("beta").dropped_at is None
    assert SiteDump.objects.get().state == "refused"
    drop_site(tenant, acting_user=factories.user(OPERATOR))
    assert digests("site_beta") == {}


def test_two_at_once(own_database, tmp_path):
    tenant, results = ended(tmp_path / "archive"), []

    def drop():
        try:
            results.append(drop_site(Tenant.objects.get(pk=tenant.pk), acting_user=factories.user(OPERATOR)).state)
        except Refused as refusal:
            results.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=drop) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("done") == 1 and set(results) <= {"done", Busy, Refused}, results
    assert Entry.objects.filter(act="site.drop").count() == 1
    assert len(left_in(Path(settings.SITE_DUMPS_DIR))) == 1


def test_the_console_is_never_dropped(own_database):
    with pytest.raises(Refused, match="监管控制台不能移除"):
        drop_site(get_tenant("console"), acting_user=None)


def test_by_the_steps_of_the_rules(own_database, verb, tmp_path):
    """The way of a real site: applications and notices, an archive that was verified, thirty days."""
    from govplatform.lifecycle.states.actions import announce_completion, retire_site
    from tests.lifecycle.life import clear_notices, retiring

    with_files()
    application = retiring()
    announce_completion(application)
    clear_notices(application)
    retire_site(get_tenant("beta"), acting_user=factories.user(OPERATOR))
    work_off("site_beta")
    out = tmp_path / "archive"
    assert verb("export_archive", "beta", "--out", str(out), "--json").returncode == 0
    done = verb("drop_site", "beta", "--as", "supervisor", "--json")
    assert done.returncode == 3 and "公示 30 日" in done.stdout and "没有核验完好" in done.stdout
    from govplatform.archive.actions import verify_kept

    verify_kept(Archive.objects.get(), acting_user=None)
    notices = SiteNotice.objects.filter(kind="migration")
    notices.update(live_at=timezone.now() - timezone.timedelta(days=45))
    done = verb("drop_site", "beta", "--as", "supervisor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
