"""文档导入 in the console: editors drop files, see what was recognised, and drafts are made; nobody else gets near."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tenants.utils import tenant_context

from govplatform.review.gate.status import page_status
from govplatform.tenancy.queries import get_tenant
from sites.documents_in.models import ImportItem
from sites.policies.models import PolicyDocument
from tests.documents_in.importing import NOTICE, TITLE, write_report
from tests.documents_in.uploading import UPLOAD, items_of, make, run_jobs, text_file, the_batch, upload


def test_files_are_read_shown_made_and_submitted(console, tmp_path):
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
    assert "已排队" in before["items"][0]["html"]
    assert "空的" in before["items"][2]["html"]
    assert run_jobs() == 2
    state = client.get(f"{response.url}state/", {"since": before["since"]}).json()
    assert (state["done"], state["finished"], len(state["items"])) == (3, True, 3)
    read, broken = (one["html"] for one in state["items"][:2])
    assert "扩展名与内容不符" in broken
    for text in (TITLE, "云江省人民政府办公厅", "2023-05-09", "待确认", "各市、县人民政府"):
        assert text in read
    with tenant_context(get_tenant("alpha")):
        assert PolicyDocument.objects.count() == 0
    make(client, batch)
    run_jobs()
    shown = client.get(response.url).content.decode()
    item = items_of()["通知.docx"]
    assert "核对和编辑" in shown and "删除草稿" in shown
    # Nothing is chosen for the reviewers beforehand.
    assert f'name="item" value="{item.pk}" form="import-submit"' in shown and "checked" not in shown
    assert client.get(f"/admin/pages/{item.page_id}/edit/").status_code == 200
    assert "政策文件" in client.get(UPLOAD).content.decode()
    client.post(f"{response.url}submit/", {"item": [item.pk]})
    with tenant_context(get_tenant("alpha")):
        assert page_status(item.page) == "in_review"


def test_a_job_runs_once_whatever_the_queue_does(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file())
    assert run_jobs() == run_jobs() == 1
    make(client, the_batch())
    assert run_jobs() == run_jobs() == 2
    with tenant_context(get_tenant("alpha")):
        page = PolicyDocument.objects.get()
        assert (page_status(page), page.owner.username) == ("draft", "alpha_editor")


def test_the_same_file_again_is_told_and_can_be_insisted_on(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("一.txt"), text_file("二.txt"))
    run_jobs()
    batch = the_batch()
    address = reverse("documents_in_batch", args=[batch.pk])
    assert "与本批的“一.txt”是同一个文件" in client.get(address).content.decode()
    make(client, batch)
    run_jobs()
    shown = client.get(address).content.decode()
    assert "打开已有的页面" in shown
    assert "仍然导入" in shown
    items = items_of()
    assert items["二.txt"].duplicate_of_id == items["一.txt"].page_id
    client.post(f"{address}{items['二.txt'].pk}/retry/", {"again": "1"})
    run_jobs()
    upload(client, text_file("三.txt"))
    run_jobs()
    third = items_of()["三.txt"]
    shown = client.get(reverse("documents_in_batch", args=[third.batch_id])).content.decode()
    assert "这个文件已经导入过本栏目" in shown and "发文字号与已有的" in shown
    make(client, third.batch, **{f"again-{third.pk}": "on"})
    run_jobs()
    ended = {name: (str(item.state), item.reason) for name, item in items_of().items()}
    with tenant_context(get_tenant("alpha")):
        assert PolicyDocument.objects.count() == 3, ended


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


def test_other_roles_cannot_import_and_have_no_menu_item(console):
    editor = console("alpha_editor", "alpha")
    upload(editor, text_file())
    batch = the_batch()
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get()
    addresses = [
        UPLOAD,
        reverse("documents_in_batch", args=[batch.pk]),
        reverse("documents_in_state", args=[batch.pk]),
        reverse("documents_in_original", args=[batch.pk, item.pk]),
    ]
    posts = [reverse(f"documents_in_{name}", args=[batch.pk]) for name in ("add", "make", "drop", "submit")]
    posts += [reverse(f"documents_in_{name}", args=[batch.pk, item.pk]) for name in ("typed", "retry")]
    for who in ("alpha_content", "alpha_secret", "alpha_admin", "alpha_auditor"):
        client = console(who, "alpha")
        assert {client.get(address).status_code for address in addresses} == {403}
        assert {client.post(address, {"item": item.pk}).status_code for address in posts} == {403}
        assert upload(client, text_file()).status_code == 403
        assert '"/admin/documents-in/"' not in client.get("/admin/").content.decode()
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
