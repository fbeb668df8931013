"""外部采集 in the supervisor's console."""

import json

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from content_library.harvesting.actions import add_source, harvest
from content_library.harvesting.models import HarvestSource
from content_library.harvesting.queries import due_sources
from content_library.harvesting.tasks import harvest_due, harvest_source
from govplatform.refusals import Refused
from tests.outward.feed_documents import change, document

pytestmark = pytest.mark.django_db
HOME = "/admin/harvesting/"


def test_the_operator_registers_runs_and_pauses(console, feed):
    client = console("operator", "console")
    assert "还没有登记" in client.get(HOME).content.decode()
    given = {"name": "邻市平台", "url": feed.url, "every_minutes": "30", "trusted": "on"}
    assert client.post(f"{HOME}add/", {**given, "url": "file:///x"}).status_code == 400
    assert client.post(f"{HOME}add/", {**given, "every_minutes": "1"}).status_code == 400
    assert client.post(f"{HOME}add/", given).status_code == 302
    source = HarvestSource.objects.get()
    assert (source.trusted, source.state, source.created_by.username) == (True, "active", "operator")
    feed.says({"uuid": "x", "status": "in_force"})
    assert client.post(f"{HOME}{source.pk}/run/").status_code == 302
    harvest(source)
    feed.answers.clear()
    harvest(source)
    page = client.get(f"{HOME}{source.pk}/").content.decode()
    assert "未收的条目" in page and "已连续失败 1 次" in page
    assert "邻市平台" in client.get(HOME).content.decode()
    client.post(f"{HOME}{source.pk}/state/", {"state": "paused"})
    source.refresh_from_db()
    assert source.state == "paused" and not due_sources()
    assert client.post(f"{HOME}{source.pk}/state/", {"state": "x"}).status_code == 302
    assert client.get(f"{HOME}{source.pk}/run/").status_code == 405


def test_a_source_is_tried_changed_stopped_and_removed(console, feed):
    client = console("operator", "console")
    gone = {"uuid": "00000000-0000-4000-8000-000000000001", "status": "withdrawn"}
    bad = {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "status": "in_force",
        "document": {"metadata": {"title": "缺项的"}},
    }
    feed.says(gone, bad)
    given = {"name": "邻市平台", "url": feed.url, "every_minutes": "30", "trusted": "on"}
    tried = client.post(f"{HOME}add/", {**given, "act": "try"}).content.decode()
    assert "试采结果" in tried and "来源已撤回 1 条" in tried and "缺项的" in tried and "邻市平台" in tried
    assert not HarvestSource.objects.exists()
    source = add_source("邻市", feed.url, trusted=True, acting_user=None)
    address = f"{HOME}{source.pk}/"
    assert client.post(f"{address}change/", {"name": "", "every_minutes": "3"}).status_code == 400
    assert client.post(f"{address}change/", {"name": "邻县平台", "every_minutes": "60"}).status_code == 302
    source.refresh_from_db()
    assert (source.name, source.every_minutes, source.trusted) == ("邻县平台", 60, False)
    HarvestSource.objects.update(trusted=True)
    source.refresh_from_db()
    pages = iter(range(1, 9))
    feed.answers["/api/library/changes"] = lambda _path: (
        200, {}, json.dumps({"changes": [], "cursor": f"1-{next(pages)}", "more": True}).encode(),
    )  # fmt: skip
    run = harvest(source, progress=lambda *_told: client.post(f"{address}stop/"))
    assert run.state == "stopped" and source.cursor == "1-2"
    assert "没有正在进行的采集" in client.post(f"{address}stop/", follow=True).content.decode()
    assert "请写明移除的理由" in client.post(f"{address}remove/", follow=True).content.decode()
    assert client.post(f"{address}remove/", {"reason": "对方停办。"}).status_code == 302
    assert "已移除“邻县平台”" in client.get(HOME).content.decode()
    assert "邻县平台" not in client.get(HOME).content.decode()
    assert client.get(address).status_code == 404 and not due_sources()
    with pytest.raises(Refused, match="已经移除"):
        harvest(source)
    assert add_source("又来", feed.url, acting_user=None).pk == source.pk
    source.refresh_from_db()
    assert (source.state, source.cursor) == ("active", "1-2")


def test_what_this_platform_published_itself_is_told_and_passed_over(console, feed, live):
    ours = live.resource("article")
    feed.says(change(document(uuid=str(ours.uuid))), change(document()))
    given = {"name": "本平台", "url": feed.url, "every_minutes": "30", "trusted": "on"}
    tried = console("operator", "console").post(f"{HOME}add/", {**given, "act": "try"}).content.decode()
    assert "可以入库 1 条" in tried and "另有 1 条本来就是本平台发布的" in tried
    source = add_source("本平台", feed.url, trusted=True, acting_user=None)
    assert harvest(source).skipped == 1
    shown = console("operator", "console").get(f"{HOME}{source.pk}/").content.decode()
    assert "1 条已在库里或由本平台发布，跳过" in shown


def test_the_supervisor_does_not_open_the_internal_network(console, feed):
    client = console("supervisor", "console")
    assert "政务内网来源" not in client.get(f"{HOME}add/").content.decode()
    client.post(f"{HOME}add/", {"name": "x", "url": feed.url, "every_minutes": "30", "trusted": "on"})
    assert HarvestSource.objects.get().trusted is False


@pytest.mark.parametrize(
    ("who", "where"), [("alpha_editor", "alpha"), ("alpha_admin", "alpha"), ("both_content", "beta")]
)
def test_nobody_else(console, feed, who, where):
    source = add_source("邻市", feed.url, acting_user=None)
    client = console(who, where)
    for path in ("", "add/", f"{source.pk}/"):
        assert client.get(HOME + path).status_code in (302, 403)
    for path in ("add/", f"{source.pk}/run/", f"{source.pk}/state/"):
        assert client.post(HOME + path, {"state": "paused", "url": "http://x/"}).status_code in (302, 403)
    source.refresh_from_db()
    assert source.state == "active" and HarvestSource.objects.count() == 1


def test_the_clock_reads_what_is_due_once(feed):
    source = add_source("邻市", feed.url, acting_user=None)
    feed.says()
    asked = ProcrastinateJob.objects.filter(args__task_path="content_library.harvesting.tasks.harvest_source")
    harvest_due(0)
    # Until its turn comes the clock goes on, and one job is enough.
    harvest_due(0)
    [job] = asked
    assert (job.queue_name, job.args["kwargs"]) == ("bulk", {"source_id": source.pk, "user_id": None})
    harvest_source.call(source.pk, None)
    harvest_source.call(source.pk, None)
    assert len(feed.asked) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
    harvest_due(0)
    assert asked.count() == 1
