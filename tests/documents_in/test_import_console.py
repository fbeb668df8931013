"""文档导入 in the console: editors drop files, jobs make drafts, nobody else gets near."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob

from govplatform.review.gate.status import page_status
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportBatch, ImportItem
from sites.policies.models import PolicyDocument
from tests.documents_in.importing import NOTICE, TITLE, write_report
from tests.factories import column

UPLOAD = "/admin/documents-in/"


def run_jobs():
    """What the worker does, with the schema that each job carries. Returns how many."""
    connection.set_schema_to_public()
    jobs = [job for job in ProcrastinateJob.objects.all() if "documents_in" in job.args.get("task_path", "")]
    for job in jobs:
        run_in_schema(**job.args)
    return len(jobs)


def column_of(site_code, slug="policies"):
    with tenant_context(get_tenant(site_code)):
        return column(slug).pk


def upload(client, *files, site_code="alpha", slug="policies", **more):
    return client.post(UPLOAD, {"column": column_of(site_code, slug), "documents": list(files), **more})


def text_file(name="通知.txt", lines=NOTICE):
    return SimpleUploadedFile(name, "\r\n".join(lines).encode("gb18030"))


def the_batch(site_code="alpha"):
    with tenant_context(get_tenant(site_code)):
        return ImportBatch.objects.get()


def test_files_are_dropped_watched_and_submitted(console, tmp_path):
    client = console("alpha_editor", "alpha")
    page = client.get(UPLOAD).content.decode()
    assert "文档导入" in page
    assert 'type="file"' in page
    word = SimpleUploadedFile("通知.docx", write_report(tmp_path / "a.docx").read_bytes())
    response = upload(client, word, text_file("坏.pdf"), text_file("空.txt", []))
    batch = the_batch()
    assert response.url == reverse("documents_in_batch", args=[batch.pk])
    before = client.get(f"{response.url}state/").json()
    assert (before["total"], before["done"], before["finished"]) == (3, 1, False)
    assert "已排队" in before["html"]
    assert "空的" in before["html"]
    assert run_jobs() == 2
    state = client.get(f"{response.url}state/").json()
    assert (state["done"], state["finished"]) == (3, True)
    assert state["version"] != before["version"]
    for text in (TITLE, "云江省人民政府办公厅", "2023-05-09", "扩展名与内容不符", "草稿", "核对和编辑", "删除草稿"):
        assert text in state["html"]
    shown = client.get(response.url).content.decode()
    assert TITLE in shown
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get(state=ImportItem.State.DONE)
        assert f"/admin/pages/{item.page_id}/edit/" in shown
    assert client.get(f"/admin/pages/{item.page_id}/edit/").status_code == 200
    assert "政策文件" in client.get(UPLOAD).content.decode()
    client.post(f"{response.url}submit/", {"item": [item.pk]})
    with tenant_context(get_tenant("alpha")):
        assert page_status(item.page) == "in_review"


def test_a_job_runs_once_whatever_the_queue_does(console):
    upload(console("alpha_editor", "alpha"), text_file(), submit="on")
    assert run_jobs() == run_jobs() == 1
    with tenant_context(get_tenant("alpha")):
        page = PolicyDocument.objects.get()
        assert page_status(page) == "in_review"
        assert page.owner.username == "alpha_editor"


def test_the_same_file_again_is_told_and_can_be_insisted_on(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("一.txt"), text_file("二.txt"))
    run_jobs()
    batch = the_batch()
    address = reverse("documents_in_batch", args=[batch.pk])
    shown = client.get(address).content.decode()
    assert "打开已有的页面" in shown
    assert "仍然导入" in shown
    with tenant_context(get_tenant("alpha")):
        second = ImportItem.objects.get(filename="二.txt")
        assert second.duplicate_of_id == ImportItem.objects.get(filename="一.txt").page_id
    client.post(f"{address}{second.pk}/retry/", {"again": "1"})
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        assert PolicyDocument.objects.count() == 2


def test_the_original_comes_back_as_a_download(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file())
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get()
    response = client.get(reverse("documents_in_original", args=[item.batch_id, item.pk]))
    assert b"".join(response.streaming_content) == "\r\n".join(NOTICE).encode("gb18030")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_names_with_paths_lose_them(console):
    client = console("alpha_editor", "alpha")
    file = text_file()
    file._name = "../../../etc/通知.txt"
    upload(client, file)
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get()
    assert item.filename == "通知.txt"
    assert item.original.name.startswith("imports/")
    assert ".." not in item.original.name.removesuffix(".txt")


def test_a_form_without_column_or_files_says_so(console):
    client = console("alpha_editor", "alpha")
    response = client.post(UPLOAD, {})
    assert response.status_code == 400
    assert "请先选择栏目" in response.content.decode()
    assert "请至少选择一个文件" in response.content.decode()
    response = upload(client, text_file(), slug="news", column="999999")
    assert "本站没有这个栏目" in response.content.decode()


@pytest.mark.parametrize("who", ["alpha_content", "alpha_secret", "alpha_admin", "alpha_auditor"])
def test_other_roles_cannot_import_and_have_no_menu_item(console, who):
    editor = console("alpha_editor", "alpha")
    upload(editor, text_file())
    batch = the_batch()
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get()
    client = console(who, "alpha")
    addresses = [
        UPLOAD,
        reverse("documents_in_batch", args=[batch.pk]),
        reverse("documents_in_state", args=[batch.pk]),
        reverse("documents_in_original", args=[batch.pk, item.pk]),
    ]
    assert {client.get(address).status_code for address in addresses} == {403}
    assert upload(client, text_file()).status_code == 403
    assert client.post(reverse("documents_in_submit", args=[batch.pk]), {"item": item.pk}).status_code == 403
    assert client.post(reverse("documents_in_retry", args=[batch.pk, item.pk])).status_code == 403
    assert "documents-in" not in client.get("/admin/").content.decode()
    assert "documents-in" in editor.get("/admin/").content.decode()


def test_another_site_s_batch_is_not_there(console):
    upload(console("beta_editor", "beta"), text_file(), site_code="beta")
    batch = the_batch("beta")
    client = console("alpha_editor", "alpha")
    for name in ("documents_in_batch", "documents_in_state"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 404
    assert client.post(reverse("documents_in_submit", args=[batch.pk])).status_code == 404
    assert client.get(reverse("documents_in_original", args=[batch.pk, 1])).status_code == 404
    # On the other site's console the person is nobody at all.
    client.defaults["HTTP_HOST"] = "beta.console.localhost"
    assert client.get(reverse("documents_in_batch", args=[batch.pk])).status_code in (302, 403, 404)
    assert TITLE not in client.get(reverse("documents_in_batch", args=[batch.pk])).content.decode()
    assert the_batch("beta").pk == batch.pk


def test_nothing_of_it_on_the_public_host(console, citizen):
    upload(console("alpha_editor", "alpha"), text_file())
    tenant = get_tenant("alpha")
    with tenant_context(tenant):
        item = ImportItem.objects.get()
    public = citizen("alpha")
    for address in (
        UPLOAD,
        reverse("documents_in_batch", args=[item.batch_id]),
        reverse("documents_in_original", args=[item.batch_id, item.pk]),
        f"/media/{tenant.schema_name}/{item.original.name}",
    ):
        assert public.get(address).status_code == 404
