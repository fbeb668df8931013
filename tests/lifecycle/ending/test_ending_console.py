"""The operators' screens: what is missing, the dump with its result, restoring; supervisors read."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.lifecycle.ending.tasks import keep_site_job
from govplatform.lifecycle.models import SiteDump, SiteNotice
from govplatform.lifecycle.notices.actions import term_of
from govplatform.rule_packs.working_days import local_day
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests.conftest import console_client

from .ended import announced, archived, digests, empty_dump, ended

ENDING, DUMPS = "/admin/fleet/sites/beta/ending/", "/admin/fleet/dumps/"


def text(answer):
    return answer.content.decode()


def test_a_site_is_dropped_and_restored_in_the_console(own_database, live, tmp_path):
    client = console_client("operator", "console")
    shown = text(client.get(ENDING))
    for words in ("还不能移除", "只有已关停", "没有发布过关停迁移公告", "没有核验完好的整站归档"):
        assert words in shown
    assert 'value="drop"' not in shown
    ended(tmp_path / "archive")
    shown = text(client.get(ENDING))
    assert "可以移除" in shown and 'value="drop"' in shown
    # nothing without the mark
    assert "请先勾选确认" in text(client.post(ENDING, {"act": "drop"}))
    assert SiteDump.objects.count() == 0
    answer = client.post(ENDING, {"act": "drop", "sure": "beta"})
    work = SiteDump.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"] == f"{DUMPS}{work.pk}/"
    job = ProcrastinateJob.objects.filter(args__task_path="govplatform.lifecycle.ending.tasks.keep_site_job").get()
    assert (job.queue_name, job.args["args"]) == ("owner", [work.pk])
    news = client.get(f"{DUMPS}{work.pk}/", headers={"accept": "application/json"}).json()
    assert (news["running"], news["label"]) == (True, "排队中")
    assert "请等它完成" in text(client.post(ENDING, {"act": "drop", "sure": "beta"}))
    keep_site_job.call(work.pk)
    work.refresh_from_db()
    assert work.state == "done" and digests("site_beta") == {}
    shown = text(client.get(f"{DUMPS}{work.pk}/"))
    for words in ("已备份并移除", work.sha256, work.sm3, work.path, str(work.tables), str(work.rows)):
        assert words in shown
    assert "内容已备份并移除" in text(client.get(ENDING))
    # Sites of one name are told apart by their code.
    assert work.name in text(client.get(DUMPS)) and "<code>beta</code>" in text(client.get(DUMPS))
    # back again
    address = f"{DUMPS}restore/{work.name}/"
    shown = text(client.get(address))
    assert "beta" in shown and str(work.rows) in shown
    assert "不合规则" in text(client.post(address, {"code": "Beta!"}))
    assert "正由" in text(client.post(address, {"code": "alpha"}))
    assert client.post(address, {"code": "beta"}).status_code == 302
    again = SiteDump.objects.get(kind="restore")
    keep_site_job.call(again.pk)
    again.refresh_from_db()
    assert again.state == "done", again.reasons
    assert get_tenant("beta").dropped_at is None and get_tenant("beta").status == "retired"
    assert "已恢复" in text(client.get(f"{DUMPS}{again.pk}/"))
    # and beside itself: its record waits for a second person, as that of every new site
    assert client.post(address, {"code": "gamma"}).status_code == 302
    beside = SiteDump.objects.filter(code="gamma").get()
    keep_site_job.call(beside.pk)
    beside.refresh_from_db()
    assert beside.state == "done", beside.reasons
    assert get_tenant("gamma").status == "preparing"
    assert "没有对公众开通" in text(client.get(f"{DUMPS}{beside.pk}/"))


def test_what_cannot_be_done_stands_in_the_result(own_database, tmp_path):
    client = console_client("operator", "console")
    ended(tmp_path / "archive")
    client.post(ENDING, {"act": "drop", "sure": "beta"})
    Tenant.objects.filter(code="beta").update(status="live")
    work = SiteDump.objects.get()
    keep_site_job.call(work.pk)
    shown = text(client.get(f"{DUMPS}{work.pk}/"))
    assert "没有执行" in shown and "只有已关停" in shown


def test_a_file_that_somebody_laid_into_the_folder_is_not_restored(own_database, tmp_path):
    """Its structure would be built with the owner's login."""
    client = console_client("operator", "console")
    folder = Path(settings.SITE_DUMPS_DIR)
    folder.mkdir(exist_ok=True)
    path = empty_dump(folder, "delta")
    answer = client.post(f"{DUMPS}restore/{path.name}/", {"code": "gamma"})
    work = SiteDump.objects.get()
    assert answer.status_code == 302, text(answer)
    keep_site_job.call(work.pk)
    work.refresh_from_db()
    assert work.state == "refused" and "没有记录过" in "".join(work.reasons)
    assert not Tenant.objects.filter(code="gamma").exists()


def test_supervisors_read_and_others_do_not(own_database, tmp_path):
    ended(tmp_path / "archive")
    supervisor = console_client("supervisor", "console")
    shown = text(supervisor.get(ENDING))
    assert "可以移除" in shown and 'value="drop"' not in shown and 'value="copy"' not in shown
    assert supervisor.post(ENDING, {"act": "drop", "sure": "beta"}).status_code == 403
    assert supervisor.get(DUMPS).status_code == 200
    assert supervisor.get(f"{DUMPS}restore/none.sitedump/").status_code == 403
    assert console_client("alpha_admin", "alpha").get(DUMPS).status_code in (403, 404)
    assert SiteDump.objects.count() == 0


def test_only_dumps_on_the_server_are_restored(own_database, tmp_path):
    client = console_client("operator", "console")
    folder = Path(settings.SITE_DUMPS_DIR)
    folder.mkdir()
    (folder / "torn.sitedump").write_bytes(b"GOVSITE\n{}")
    (folder / "notes.txt").write_text("x")
    (folder.parent / "outside.sitedump").write_text("x")
    shown = text(client.get(DUMPS))
    assert "torn.sitedump" in shown and "notes.txt" not in shown and "outside" not in shown
    assert "备份无法读取" in text(client.get(f"{DUMPS}restore/torn.sitedump/"))
    for name in ("notes.txt", "..%2Foutside.sitedump", "none.sitedump"):
        assert client.get(f"{DUMPS}restore/{name}/").status_code == 404
    (folder.parent / "outside.sitedump").unlink()


def test_the_way_to_the_end_says_where_the_site_is_and_when_what_follows_may_be(db, tmp_path):
    client = console_client("operator", "console")

    def way():
        html = text(client.get(ENDING)).partition('<ol class="end-steps">')[2].partition("</ol>")[0]
        return [("end-steps__done" in step, step) for step in html.split("<li")[1:]]

    steps = way()
    assert [done for done, _step in steps] == [False] * 5
    assert "公告还没有发布" in steps[1][1] and "以上各步都完成后" in steps[4][1]
    tenant = get_tenant("beta")
    notice = announced(tenant, days=10)
    Tenant.objects.filter(pk=tenant.pk).update(status="retiring")
    steps = way()
    assert [done for done, _step in steps] == [True, False, False, False, False]
    due = term_of(notice)
    left = (local_day(due) - local_day(timezone.now())).days
    assert (
        f"到 {local_day(due)} 满期，还有 {left} 日" in steps[1][1]
        and left >= 20
        and "并入“云江省澄州市人民政府”" in steps[2][1]
    )
    SiteNotice.objects.update(live_at=timezone.now() - timedelta(days=45))
    archived(tenant, tmp_path / "archive")
    Tenant.objects.filter(pk=tenant.pk).update(status="retired", dropped_at=timezone.now())
    steps = way()
    assert [done for done, _step in steps] == [True] * 5 and "beta-end" in steps[3][1]
    SiteNotice.objects.update(down_at=timezone.now() - timedelta(days=20))
    assert "没有满期就撤下了" in way()[1][1]
