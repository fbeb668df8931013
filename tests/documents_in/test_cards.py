"""The cards of what was recognised: fields set before a draft is made, by whoever uploaded it, and nothing lost."""

import json
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.audit.models import Entry
from govplatform.tenancy.queries import get_tenant
from sites.columns.writing_rights import limit_editor
from sites.documents_in.confirming import drop_files, seen_of, sweep_unmade
from sites.documents_in.models import KEPT_UNMADE, MOST_FILES, ImportBatch, ImportItem
from sites.policies.models import PolicyDocument
from tests.documents_in.fictional import NOTICE, TITLE
from tests.documents_in.uploading import UPLOAD, items_of, make, read_batch, run_jobs, text_file, the_batch, upload
from tests.factories import column, draft_policy, user
from tests.lifecycle.merge.frozen import freeze

WHOLE = {
    "title": TITLE,
    "document_number": "云政办发〔2023〕18号",
    "issued_by": "云江省人民政府",
    "issued_on": "2023-05-09",
}


def address(name, batch, item=None):
    return reverse(f"documents_in_{name}", args=[batch.pk] if item is None else [batch.pk, item.pk])


def type_in(client, batch, item, **texts):
    return client.post(address("typed", batch, item), json.dumps(texts), content_type="application/json")


def test_what_is_set_in_a_card_goes_into_the_draft(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file())
    run_jobs()
    batch, item = the_batch(), items_of()["通知.txt"]
    told = {"title": "云江省人民政府办公厅关于山区供水的意见", "document_number": "云政办发[2023] 19号"}
    told |= {"issued_by": "云江省人民政府", "issued_on": "二〇二三年五月十日", "source": "云江省水务厅"}
    make(client, batch, **{f"{name}-{item.pk}": text for name, text in told.items()})
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        page = PolicyDocument.objects.get()
        draft = page.get_latest_revision_as_object()
        for one in (page, draft):
            assert (one.title, one.document_number) == (told["title"], "云政办发〔2023〕19号")
            assert (one.issued_by, str(one.issued_on), one.source) == ("云江省人民政府", "2023-05-10", "云江省水务厅")
        body = str(page.body.get_prep_value())
        # Of another day than the document now: it stays where the file has it.
        assert '<p class="sign-off">云江省人民政府办公厅</p><p class="sign-off">2023年5月9日</p>' in body
        assert '<p class="remark">（此件公开发布）</p>' in body
        compared = ImportItem.objects.get().compared
        # What the file says and the draft no longer does is told; what a person wrote is nothing the file would say.
        assert compared["missing"] > 0 and compared["added"] == 0


def test_what_is_typed_is_there_when_one_comes_back(console):
    client = console("alpha_editor", "alpha")
    batch = read_batch(WHOLE)
    item = items_of()["0.txt"]
    answer = type_in(client, batch, item, issued_on="大约五月", evil="x", title="<b>改过的标题</b>")
    assert answer.json() == {"seen": seen_of(items_of()["0.txt"])}
    shown = console("alpha_editor", "alpha").get(address("batch", batch)).content.decode()
    assert "大约五月" in shown and "&lt;b&gt;改过的标题&lt;/b&gt;" in shown and "原识别为" in shown
    assert "evil" not in str(items_of()["0.txt"].given)
    for nonsense in ("[]", "{", '"x"', "[" * 5000):
        assert client.post(address("typed", batch, item), nonsense, content_type="application/json").status_code in (
            200,
            422,
        )


def test_what_cannot_be_taken_names_its_field_and_holds_up_no_other(console):
    client = console("alpha_editor", "alpha")
    batch = read_batch(WHOLE, {**WHOLE, "title": "另一份通知"})
    first, second = items_of()["0.txt"], items_of()["1.txt"]
    wrong = {"title": "", "document_number": "没有编号", "issued_on": "2023-02-30", "source": "长" * 101}
    answer = make(client, batch, **{f"{name}-{first.pk}": text for name, text in wrong.items()}).content.decode()
    for sentence in (
        "“标题”不能为空",
        "“发文字号”填的“没有编号”",
        "“成文日期”填的“2023-02-30”不是存在的日期",
        "“来源”最多 100 个字",
    ):
        assert sentence in answer
    items = items_of()
    assert (items["0.txt"].state, items["1.txt"].state) == ("read", "making")
    assert items["0.txt"].given["issued_on"] == "2023-02-30"
    assert "正在为 1 个文件建立草稿" in answer and second.filename in answer


def test_two_windows_on_one_batch(console):
    client = console("alpha_editor", "alpha")
    batch = read_batch(WHOLE, WHOLE)
    items = items_of()
    seen = {f"seen-{item.pk}": seen_of(item) for item in items.values()}
    type_in(client, batch, items["0.txt"], title="这边改的标题")
    fields = {f"title-{items['0.txt'].pk}": "那边改的标题", f"title-{items['1.txt'].pk}": TITLE}
    answer = make(client, batch, **fields, **seen).content.decode()
    assert "在另一个窗口里改过" in answer and "这边改的标题" in answer and "那边改的标题" in answer
    assert [item.state for item in items_of().values()] == ["read", "making"]
    # Sent twice: no second draft, and it says so.
    again = make(client, batch, which="chosen", item=[items["1.txt"].pk]).content.decode()
    assert "不会建第二份" in again
    assert "已经不在待确认的文件里" in str(type_in(client, batch, items["1.txt"], title="晚了").json())


def test_a_policy_without_number_body_or_date_is_not_offered(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("通知.txt", ["关于做好灌溉的通知", *NOTICE[3:-3]]))
    run_jobs()
    batch = the_batch()
    shown = client.get(address("batch", batch)).content.decode()
    assert "缺发文字号、发文机关、成文日期" in shown
    make(client, batch)
    run_jobs()
    item = items_of()["通知.txt"]
    shown = client.get(address("batch", batch)).content.decode()
    assert "缺发文字号、发文机关、成文日期，不能在这里送审" in shown and 'form="import-submit"></label' not in shown
    assert f'name="item" value="{item.pk}"' not in shown
    # Not by a tampered form either.
    told = client.post(address("submit", batch), {"item": [item.pk]}, follow=True).content.decode()
    assert "没有从导入送审" in told


def test_an_article_keeps_what_it_has_no_field_for(console):
    client = console("alpha_editor", "alpha")
    batch = read_batch(WHOLE, slug="news")
    shown = client.get(address("batch", batch)).content.decode()
    assert "发文机关" in shown and "这类页面没有这一栏" in shown
    assert f'name="issued_by-{items_of()["0.txt"].pk}"' not in shown and "不能在这里送审" not in shown


def test_what_has_the_same_number_is_named_with_its_link(console):
    with tenant_context(get_tenant("alpha")):
        page = draft_policy(document_number=WHOLE["document_number"])
    client = console("alpha_editor", "alpha")
    batch = read_batch({**WHOLE, "document_number": "云政办发 [2023] 18号"}, WHOLE)
    shown = client.get(address("batch", batch)).content.decode()
    assert shown.count(f"发文字号与已有的“{page.title}”相同") == 2 and f"/admin/pages/{page.pk}/edit/" in shown
    assert "发文字号与本批的“1.txt”相同" in shown


def test_cancelling_keeps_nothing(console, django_capture_on_commit_callbacks):
    client = console("alpha_editor", "alpha")
    batch = read_batch(WHOLE, WHOLE)
    client.post(address("drop", batch), {"item": [items_of()["0.txt"].pk]})
    assert list(items_of()) == ["1.txt"]
    assert client.post(address("drop", batch), {"which": "all"}).url == UPLOAD
    with tenant_context(get_tenant("alpha")):
        assert not ImportBatch.objects.exists()
        assert Entry.objects.filter(act="document.drop_import").count() == 2
    batch = read_batch(WHOLE)
    with tenant_context(get_tenant("alpha")):
        originals = [str(item.original.name) for item in batch.items.all()]
        with django_capture_on_commit_callbacks(execute=True):
            drop_files(batch, None, acting_user=user("alpha_editor"))
        assert not any(ImportItem._meta.get_field("original").storage.exists(name) for name in originals)


def test_it_goes_by_itself_after_its_term_and_not_before(alpha):
    batch, fresh = read_batch(WHOLE), read_batch(WHOLE)
    with tenant_context(get_tenant("alpha")):
        old = timezone.now() - KEPT_UNMADE - timedelta(hours=1)
        ImportItem.objects.filter(batch=batch).update(changed_at=old)
        assert sweep_unmade() == 1
        assert list(ImportBatch.objects.all()) == [fresh]


def test_it_is_nobody_else_s_before_a_draft_is_made(console):
    batch = read_batch(WHOLE)
    item = items_of()["0.txt"]
    client = console("alpha_editor2", "alpha")
    for name in ("batch", "state"):
        assert client.get(address(name, batch)).status_code == 404
    for name in ("add", "make", "drop", "submit"):
        assert client.post(address(name, batch), {"which": "all"}).status_code == 404
    assert type_in(client, batch, item, title="x").status_code == 404
    assert "0.txt" not in client.get(UPLOAD).content.decode()


def test_an_administrator_clears_what_was_left_without_seeing_it(console):
    batch = read_batch(WHOLE)
    admin = console("alpha_admin", "alpha")
    left = reverse("documents_in_left")
    shown = admin.get(left).content.decode()
    assert "政策文件" in shown and "1 个" in shown
    assert "0.txt" not in shown and TITLE not in shown
    assert console("alpha_editor", "alpha").get(left).status_code == 403
    assert "已清除 1 个" in admin.post(left, {"batch": batch.pk}, follow=True).content.decode()
    assert items_of() == {}
    for nonsense in ("", "x", "9" * 30, "-1"):
        assert admin.post(left, {"batch": nonsense}).status_code == 302


def test_a_script_sends_its_files_one_by_one(console):
    client = console("alpha_editor", "alpha")
    begun = client.post(reverse("documents_in_begin"), {"column": column_pk()}).json()
    sent = [client.post(begun["add"], {"document": text_file(name)}).json() for name in ("一.txt", "二.doc")]
    assert sent[0]["reason"] == "" and ".docx" in sent[1]["reason"]
    assert "没有收到文件" in client.post(begun["add"]).json()["refused"][0]
    for nonsense in ("", "999999", "x' OR 1=1", "1" * 40):
        assert "重新选择" in client.post(reverse("documents_in_begin"), {"column": nonsense}).json()["refused"][0]
    with tenant_context(get_tenant("alpha")):
        batch = ImportBatch.objects.get()
        ImportItem.objects.bulk_create(ImportItem(batch=batch, filename="x.txt") for _ in range(MOST_FILES))
    assert "一批最多 200 个文件" in client.post(begun["add"], {"document": text_file()}).json()["refused"][0]


def test_many_files_in_one_form_are_refused_in_words(console):
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(MOST_FILES + 1)]
    answer = upload(console("alpha_editor", "alpha"), *many)
    assert answer.status_code == 400 and "一次最多 200 个文件" in answer.content.decode()


def test_only_where_one_writes_and_only_here(console):
    with tenant_context(get_tenant("alpha")):
        limit_editor(user("alpha_editor"), [column("news")], acting_user=user("alpha_admin"))
        policies, news = column("policies").pk, column("news").pk
    client = console("alpha_editor", "alpha")
    begin = reverse("documents_in_begin")
    assert "refused" in client.post(begin, {"column": policies}).json()
    assert "batch" in client.post(begin, {"column": news}).json()
    assert "导入文稿" in client.get(f"/admin/pages/{news}/").content.decode()
    assert f"documents-in/?column={policies}" not in client.get(f"/admin/pages/{policies}/").content.decode()


def test_a_right_taken_away_meanwhile_makes_no_draft(console):
    batch = read_batch(WHOLE)
    with tenant_context(get_tenant("alpha")):
        limit_editor(user("alpha_editor"), [column("news")], acting_user=user("alpha_admin"))
    answer = make(console("alpha_editor", "alpha"), batch).content.decode()
    assert "只在给定的栏目写稿" in answer and items_of()["0.txt"].state == "read"


def test_nothing_on_a_frozen_site(console):
    batch = read_batch(WHOLE)
    freeze("alpha", "beta")
    client = console("alpha_editor", "alpha")
    for name, sent in (("make", {"which": "all"}), ("drop", {"which": "all"})):
        client.post(address(name, batch), sent)
    answer = client.post(reverse("documents_in_begin"), {"column": column_pk()})
    assert "暂停编辑" in answer.json()["refused"][0]
    with tenant_context(get_tenant("alpha")):
        assert "导入文稿" not in client.get(f"/admin/pages/{column_pk()}/").content.decode()
    assert items_of()["0.txt"].state == "read"


def column_pk(slug="policies"):
    with tenant_context(get_tenant("alpha")):
        return column(slug).pk
