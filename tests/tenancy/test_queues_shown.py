"""Who waits sees the place, who asks for too much is told the way out, operators see every queue."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.review.gate import scans
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.serving.processes import WORKERS
from govplatform.tenancy import queues
from govplatform.tenancy.jobs import RUNNER, enqueue
from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportBatch, ImportItem
from tests import factories

UPLOAD = "/admin/documents-in/"


@pytest.fixture
def at_most(monkeypatch):
    """``at_most("bulk", 2)``: so many jobs one site may have waiting in that queue."""

    def set_bound(name: str, count: int) -> None:
        smaller = replace(queues.get_queue(name), most_waiting=count)
        monkeypatch.setitem(queues._BY_NAME, name, smaller)

    return set_bound


def upload(client, count: int):
    with tenant_context(get_tenant("alpha")):
        column = factories.column("policies").pk
    files = [SimpleUploadedFile(f"通知{number}.txt", f"正文{number}。".encode()) for number in range(count)]
    return client.post(UPLOAD, {"column": column, "documents": files})


def test_each_file_that_waits_shows_its_place(console):
    client = console("alpha_editor", "alpha")
    shown = client.get(upload(client, 3).url).content.decode()
    for place in ("排在第 1 位", "排在第 2 位", "排在第 3 位"):
        assert place in shown


def test_an_upload_beyond_the_bound_is_refused_before_anything_is_kept(console, at_most):
    at_most("bulk", 3)
    client = console("alpha_editor", "alpha")
    assert upload(client, 2).status_code == 302
    refused = upload(client, 2)
    assert refused.status_code == 400
    assert "已有 2 项等待处理" in refused.content.decode()
    assert "减少这次的数量" in refused.content.decode()
    with tenant_context(get_tenant("alpha")):
        assert ImportBatch.objects.count() == 1
        assert ImportItem.objects.filter(state=ImportItem.State.WAITING).count() == 2
    assert upload(client, 1).status_code == 302


def test_a_failed_file_is_not_queued_again_beyond_the_bound(console, at_most):
    client = console("alpha_editor", "alpha")
    response = upload(client, 2)
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.first()
        item.note(state=ImportItem.State.FAILED, reason="坏了。")
    at_most("bulk", 2)
    told = client.post(f"{response.url}{item.pk}/retry/", follow=True).content.decode()
    assert "减少这次的数量" in told
    with tenant_context(get_tenant("alpha")):
        assert ImportItem.objects.get(pk=item.pk).state == ImportItem.State.FAILED


def test_a_reviewer_sees_the_place_of_a_scan(console):
    with tenant_context(get_tenant("beta")):
        enqueue(scans.SCAN_PAGE, scan_id=10**9)
    with tenant_context(get_tenant("alpha")):
        page = factories.draft_article()
        submit_for_review(page, acting_user=factories.user("alpha_editor"))
    shown = console("alpha_content", "alpha").get(f"/admin/review/{page.pk}/").content.decode()
    assert "正在排队，排在第 2 位" in shown


def test_operators_see_every_queue_and_others_do_not(console):
    with tenant_context(get_tenant("beta")):
        enqueue(scans.SCAN_PAGE, scan_id=10**9)
    shown = console("operator", "console").get("/admin/fleet/queues/").content.decode()
    for queue in queues.QUEUES:
        assert str(queue.label) in shown
    assert get_tenant("beta").full_name in shown
    assert "/admin/fleet/queues/" in console("operator", "console").get("/admin/fleet/").content.decode()
    assert console("alpha_editor", "alpha").get("/admin/fleet/queues/").status_code != 200


# --- which act waits where ------------------------------------------------------------------


def jobs_of(act) -> list[ProcrastinateJob]:
    """What ``act`` queues, without the indexing of libraries."""
    before = ProcrastinateJob.objects.order_by("id").last()
    act()
    made = ProcrastinateJob.objects.filter(task_name=RUNNER, pk__gt=before.pk if before else 0).order_by("id")
    return [job for job in made if job.queue_name != queues.DEFAULT]


def test_a_withdrawal_and_what_follows_is_urgent_and_a_publication_is_not(db, live):
    with tenant_context(get_tenant("alpha")):
        page = live("article")
        withdrawn = jobs_of(
            lambda: withdraw_page(page, acting_user=factories.user("alpha_content"), reason="内容有误。")
        )
        published = jobs_of(factories.live_article)
    assert withdrawn
    assert {job.queue_name for job in withdrawn} == {queues.URGENT}
    assert {job.args["site"] for job in withdrawn} == {get_tenant("alpha").schema_name}
    assert queues.URGENT not in {job.queue_name for job in published}


def test_every_task_of_ours_stands_in_a_queue_that_somebody_serves():
    served = [name for _child, names, _login in WORKERS for name in names]
    assert sorted(served) == sorted(queue.name for queue in queues.QUEUES)
    assert set(settings.JOB_SLOTS) == set(served)
    for task in app.tasks.values():
        assert task.queue in {*served, "builtin"}, task.name
