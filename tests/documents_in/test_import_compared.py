"""An import is compared with its original: what differs stands on the card, much of it holds the page back."""

import json

import docx
import pytest
from django.urls import reverse
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.queries import get_tenant
from sites.documents_in import actions, drafting
from sites.documents_in.extraction.second_reading import Passage
from sites.documents_in.models import ImportItem
from sites.documents_in.queries import import_of, repeats_of
from tests import factories
from tests.documents_in.importing import NOTICE, import_files, write_report
from tests.documents_in.uploading import make, run_jobs, text_file, the_batch, upload

LOST = "第九条 河道巡护经费列入年度预算，专款专用，任何单位不得截留。"


@pytest.fixture
def verb(verb_inside):
    return verb_inside


@pytest.fixture
def lossy(monkeypatch):
    """A reader that loses a paragraph, as no test file makes ours do: the file as it was read has one more."""
    read = drafting.extract_guarded

    def reading(*args, **more):
        document = read(*args, **more)
        document.second.insert(3, Passage("paragraph", 4, LOST))
        return document

    monkeypatch.setattr(drafting, "extract_guarded", reading)


def imported(client):
    upload(client, text_file())
    run_jobs()
    batch = the_batch()
    make(client, batch)
    run_jobs()
    return batch, reverse("documents_in_batch", args=[batch.pk])


def test_a_faithful_import_says_so_and_may_be_handed_in(console):
    client = console("alpha_editor", "alpha")
    _batch, address = imported(client)
    html = client.get(address).content.decode()
    assert "字没有缺少、多出或次序变动" in html and 'name="item"' in html


def test_what_is_missing_is_named_and_holds_the_page_back_until_somebody_looked(console, lossy):
    client = console("alpha_editor", "alpha")
    batch, address = imported(client)
    html = client.get(address).content.decode()
    assert LOST in html and "原件第 4 段" in html and "缺少" in html
    assert "已对照原件，确认" in html and 'name="item"' not in html
    with tenant_context(get_tenant("alpha")):
        item = batch.items.get()
    answer = client.post(f"{address}submit/", {"item": item.pk}, follow=True).content.decode()
    assert "与导入的原件" in answer and "对照并确认" in answer

    answer = client.post(f"{address}{item.pk}/compared/", follow=True).content.decode()
    assert "可以送审" in answer and "对照原件并确认" in answer and 'name="item"' in answer
    with tenant_context(get_tenant("alpha")):
        record = Entry.objects.filter(act="document.compare").get()
        assert record.detail["missing"] == item.compared["missing"] > 0
    answer = client.post(f"{address}submit/", {"item": item.pk}, follow=True).content.decode()
    assert "已送审 1 篇" in answer
    assert "没有待确认的对照结果" in client.post(f"{address}{item.pk}/compared/", follow=True).content.decode()


def test_the_editor_of_the_page_is_held_back_too_and_told_where_to_go(alpha, lossy, tmp_path):
    editor = factories.user("alpha_editor")
    path = write_report(tmp_path / "a.docx")
    made = actions.import_document(path, filename="a.docx", column=factories.column(), acting_user=editor, submit=True)
    assert made.status == "draft" and any("文档导入" in reason for reason in made.reasons)
    with pytest.raises(Refused, match="缺 "):
        submit_for_review(made.page, acting_user=editor)
    actions.confirm_comparison(made.item, acting_user=editor)
    submit_for_review(made.page, acting_user=editor)


def test_a_copy_of_the_page_is_held_back_as_well(alpha, lossy, tmp_path):
    editor = factories.user("alpha_editor")
    path = write_report(tmp_path / "a.docx")
    made = actions.import_document(path, filename="a.docx", column=factories.column(), acting_user=editor)
    copy = made.page
    for slug in ("copy", "copy-of-the-copy"):
        copy = copy.copy(update_attrs={"slug": slug}, user=editor, keep_live=False)
    with pytest.raises(Refused, match="与导入的原件"):
        submit_for_review(copy, acting_user=editor)
    actions.confirm_comparison(import_of(copy.pk), acting_user=editor)
    submit_for_review(copy, acting_user=editor)
    with pytest.raises(Refused, match="与导入的原件"):
        submit_for_review(made.page, acting_user=editor)


def test_only_the_site_that_imported_looks(console, lossy):
    _batch, address = imported(console("alpha_editor", "alpha"))
    with tenant_context(get_tenant("alpha")):
        item = ImportItem.objects.get()
    assert console("beta_editor", "beta").post(f"{address}{item.pk}/compared/").status_code == 404
    assert console("alpha_content", "alpha").post(f"{address}{item.pk}/compared/").status_code in (302, 403)
    with tenant_context(get_tenant("alpha")):
        assert ImportItem.objects.get().must_be_looked_at


def test_the_verbs_tell_and_confirm(verb, tmp_path, lossy):
    path = tmp_path / "通知.txt"
    path.write_text("\n".join(NOTICE), encoding="utf-8")
    done = verb("import_documents", "--site", "alpha", "--column", "news", "--as", "alpha_editor", str(path))
    assert done.returncode == 0 and LOST in done.stdout and "confirm_import" in done.stdout
    with tenant_context(get_tenant("alpha")):
        number = ImportItem.objects.get().page_id
    words = ["confirm_import", str(number), "--site", "alpha", "--as"]
    assert verb(*words, "alpha_content").returncode == 3
    done = verb(*words, "alpha_editor", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["page"] == number
    again = verb(*words, "alpha_editor")
    assert again.returncode == 3 and "没有待确认的对照结果" in again.stderr
    assert verb("confirm_import", "999999", "--site", "alpha", "--as", "alpha_editor").returncode == 3


def test_a_word_file_with_everything_is_read_whole(verb, tmp_path):
    path = tmp_path / "办法.docx"
    document = docx.Document()
    for line in NOTICE:
        document.add_paragraph(line)
    for number in range(3):
        document.add_paragraph(f"第{number}项工作安排。", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("项目", "金额", "清淤", "1200.50元"), strict=True):
        cell.text = text
    document.save(str(path))
    status, answer = import_files(verb, path)
    assert status == 0
    compared = answer["pages"][0]["compared"]
    assert (compared["missing"], compared["added"], compared["must_look"]) == (0, 0, False)
    assert compared["characters"] > 100


TWICE = ["各镇按月报送河道巡护情况，逾期不报的予以通报批评。", "巡护经费由县财政按每公里一千二百元的标准拨付。"]


def twice_in(alpha_editor, column, tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text(
        "\n\n".join(["关于巡护的通知", *TWICE, "中间另有一段说明文字。", *TWICE, "末段。"]), encoding="utf-8"
    )
    return actions.import_document(path, filename="twice.txt", column=column, acting_user=alpha_editor)


def test_paragraphs_that_stand_twice_stay_until_an_editor_takes_them_out(console, tmp_path):
    client = console("alpha_editor", "alpha")
    with tenant_context(get_tenant("alpha")):
        made = twice_in(factories.user("alpha_editor"), factories.column(), tmp_path)
        text = str(made.page.body.get_prep_value())
        assert all(text.count(one) == 2 for one in TWICE)
        number, batch = made.item.pk, made.item.batch_id
        [run] = repeats_of(made.item)
    assert run.texts == tuple(TWICE)
    address = reverse("documents_in_batch", args=[batch])
    html = client.get(address).content.decode()
    assert (
        f'value="{run.key}">' in html and f"<del>{TWICE[0]}</del>" in html and f'value="{run.key}" checked' not in html
    )
    assert "没有选中重复段落" in client.post(f"{address}{number}/repeats/", follow=True).content.decode()
    answer = client.post(f"{address}{number}/repeats/", {"run": run.key}, follow=True).content.decode()
    assert "已从草稿删除重复的 2 段" in answer and run.key not in answer
    with tenant_context(get_tenant("alpha")):
        after = str(Page.objects.get(pk=made.page.pk).get_latest_revision_as_object().body.get_prep_value())
        assert all(after.count(one) == 1 for one in TWICE) and "中间另有一段" in after and "末段。" in after
        assert Entry.objects.filter(act="document.remove_repeats").get().detail["runs"][0]["paragraphs"] == 2
    again = client.post(f"{address}{number}/repeats/", {"run": run.key}, follow=True).content.decode()
    assert "草稿已经改动" in again


def test_nothing_is_taken_out_of_a_page_in_review(alpha, tmp_path):
    editor = factories.user("alpha_editor")
    made = twice_in(editor, factories.column(), tmp_path)
    [run] = repeats_of(made.item)
    submit_for_review(made.page, acting_user=editor)
    with pytest.raises(Refused, match="已送审"):
        actions.remove_repeats(made.item, [run.key], acting_user=editor)


def test_the_verb_lists_and_removes_what_stands_twice(verb, tmp_path):
    with tenant_context(get_tenant("alpha")):
        made = twice_in(factories.user("alpha_editor"), factories.column(), tmp_path)
    words = ["remove_repeats", str(made.page.pk), "--site", "alpha", "--as", "alpha_editor"]
    listed = json.loads(verb(*words, "--json").stdout)
    assert [run["texts"] for run in listed["runs"]] == [TWICE]
    done = verb(*words, "--run", listed["runs"][0]["key"])
    assert done.returncode == 0 and "已删除重复的 2 段" in done.stdout
    assert "没有连续重复" in verb(*words).stdout


def test_a_later_signature_of_another_day_stays_in_the_text(alpha, tmp_path):
    path = tmp_path / "two.txt"
    signed = ["云江省水务厅", "2025年3月1日"]
    enclosed = ["附件1", "巡护工作方案", "方案的正文，说明如何开展巡护工作。", "云江省水务厅", "2024年12月5日"]
    lines = [
        "云江省水务厅关于巡护工作的通知",
        "各市水务局：",
        "现将巡护工作方案印发给你们，请认真执行。",
        *signed,
        *enclosed,
    ]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    editor = factories.user("alpha_editor")
    made = actions.import_document(path, filename="two.txt", column=factories.column("policies"), acting_user=editor)
    assert made.page.signature == "" and "2024年12月5日" in str(made.page.body.get_prep_value())
    assert made.item.compared["missing"] == 0
