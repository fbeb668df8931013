"""Files of one upload that a document names under 附件：become attachments of its draft, where it names them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.documents_in.enclosing import named_by
from sites.documents_in.models import ImportItem
from sites.media.models import SiteDocument
from sites.policies.models import PolicyDocument
from tests.documents_in.fictional import NOTICE
from tests.documents_in.importing import import_files
from tests.documents_in.uploading import items_of, make, read_batch, run_jobs, text_file, the_batch, upload

NAMING = [*NOTICE[:-3], "附件：1．供水设施名录", "2．管护记录表（样式）", *NOTICE[-3:]]


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def other(name, content="名称,位置\n"):
    return SimpleUploadedFile(name, content.encode())


def test_they_go_along_and_are_linked_where_they_are_named(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("通知.txt", NAMING), other("附件1：供水设施名录.csv"), other("别的.csv", "甲,乙\n"))
    run_jobs()
    batch, items = the_batch(), items_of()
    assert items["附件1：供水设施名录.csv"].enclosed_in_id == items["通知.txt"].pk
    shown = client.get(reverse("documents_in_batch", args=[batch.pk])).content.decode()
    assert "作为“通知.txt”的附件" in shown and "这一批里没有同名的文件" in shown and "只能作为同一批文稿的附件" in shown
    # The one that nobody names is put somewhere by hand, for it can be nothing by itself.
    told = make(client, batch).content.decode()
    assert "“别的.csv”不是能读成文稿的格式" in told
    make(client, batch, **{f"enclosed_in-{items['别的.csv'].pk}": items["通知.txt"].pk})
    run_jobs()
    with tenant_context(get_tenant("alpha")):
        page, files = PolicyDocument.objects.get(), {file.title: file for file in SiteDocument.objects.all()}
        stream = page.body.get_prep_value()
        link = f'1．<a linktype="document" id="{files["供水设施名录"].pk}">供水设施名录</a></p>'
        assert f'<p class="enclosures">附件：{link}' in str(stream)
        assert ImportItem.objects.filter(state="done").count() >= 2
        assert ImportItem.objects.get(page=page).compared["missing"] == 0


def test_a_scanned_enclosure_that_cannot_be_read_goes_along_all_the_same(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("通知.txt", NAMING), other("管护记录表（样式）.pdf", "%PDF-1.4 nothing"))
    run_jobs()
    make(client, the_batch())
    run_jobs()
    items = items_of()
    assert [item.state for item in items.values()] == ["done", "done"]
    with tenant_context(get_tenant("alpha")):
        assert SiteDocument.objects.get().title == "管护记录表（样式）"


def test_which_name_means_which_file():
    document = ImportItem(recognised={"enclosures": ["供水设施名录", "管护记录表（样式）"]})
    for filename, name in {
        "供水设施名录.xlsx": "供水设施名录",
        "附件1供水设施名录.docx": "供水设施名录",
        "附件二：《管护记录表》（样式）.pdf": "管护记录表（样式）",
        "2. 管护记录表(样式).xlsx": "管护记录表（样式）",
        "附件2.xlsx": "管护记录表（样式）",
        "附件.xlsx": "",
        "附件3.xlsx": "",
        "名录.xlsx": "",
        "附件1别的名录.xlsx": "",
    }.items():
        assert named_by(document, filename) == name, filename
    assert named_by(ImportItem(recognised={"enclosures": ["名录"]}), "附件.xlsx") == "名录"


def test_a_page_of_html_is_no_attachment(console):
    client = console("alpha_editor", "alpha")
    upload(client, text_file("通知.txt", NAMING), other("供水设施名录.html", "<p>一段话。</p>"))
    run_jobs()
    batch, items = the_batch(), items_of()
    page = items["供水设施名录.html"]
    assert page.enclosed_in_id is None
    told = make(client, batch, which="chosen", item=[page.pk], **{f"enclosed_in-{page.pk}": items["通知.txt"].pk})
    assert "不能作为附件公开" in told.content.decode()


def test_no_circles_and_nothing_of_another_batch(console):
    client = console("alpha_editor", "alpha")
    batch, foreign = read_batch({"title": "甲"}, {"title": "乙"}), read_batch({"title": "丙"})
    with tenant_context(get_tenant("alpha")):
        first, second = batch.items.order_by("pk")
        stranger = foreign.items.get()
    for wrong in (stranger.pk, first.pk, "x", "9" * 30):
        told = make(client, batch, which="chosen", item=[first.pk], **{f"enclosed_in-{first.pk}": wrong})
        assert "请重新选择" in told.content.decode() or "自己就是附件" in told.content.decode()
    make(client, batch, which="chosen", item=[first.pk], **{f"enclosed_in-{first.pk}": second.pk})
    told = make(client, batch, which="chosen", item=[second.pk], **{f"enclosed_in-{second.pk}": first.pk})
    assert "自己就是附件" in told.content.decode()
    with tenant_context(get_tenant("alpha")):
        first.refresh_from_db()
        assert (first.enclosed_in_id, first.state) == (second.pk, "read")


def test_the_verb_encloses_when_it_is_asked_to(verb, tmp_path):
    (tmp_path / "通知.txt").write_text("\n".join(NAMING), encoding="utf-8")
    (tmp_path / "附件1.csv").write_text("名称,位置\n", encoding="utf-8")
    files = [tmp_path / "通知.txt", tmp_path / "附件1.csv"]
    status, answer = import_files(verb, *files, more="--enclose")
    assert (status, answer["failed"]) == (0, [])
    assert [page["attachments"] for page in answer["pages"]] == [["附件1.csv"]]
    assert import_files(verb, files[1])[0] == 3
