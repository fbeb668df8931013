"""What a draft holds: fields by the kind of its column, the text in its order, pictures with words."""

from datetime import date

import pytest
from django.core.files.storage import FileSystemStorage
from PIL import Image

from govplatform.refusals import Refused
from govplatform.review.gate.digest import page_digest
from sites.articles.models import Article
from sites.documents_in.actions import import_document
from sites.documents_in.models import ImportItem
from sites.media.models import SiteImage
from sites.policies.models import Interpretation, PolicyDocument
from tests.documents_in.fictional import NUMBER, write_text
from tests.documents_in.importing import NOTICE, TABLE_ROWS, TITLE, write_report
from tests.factories import column, publish, user


def bring(path, slug="policies", editor="alpha_editor", **more):
    return import_document(path, filename=path.name, column=column(slug), acting_user=user(editor), **more)


def texts(page):
    return [str(block.value) for block in page.body if block.block_type == "rich_text"]


def test_a_policy_column_makes_a_policy_document(alpha, tmp_path):
    imported = bring(write_report(tmp_path / "通知.docx"))
    page = imported.page
    assert type(page) is PolicyDocument
    assert (page.title, page.document_number, page.issued_on) == (TITLE, NUMBER, date(2023, 5, 9))
    assert (page.issued_by, page.source, page.signature) == ("云江省人民政府办公厅",) * 3
    assert page.document_kind == "opinions"
    assert page.addressee == NOTICE[3]
    assert page.summary == NOTICE[4]
    assert page.slug.startswith("20230509-")
    assert (page.live, page.owner.username) == (False, "alpha_editor")
    assert page.get_latest_revision().user.username == "alpha_editor"
    # Shown from the fields, so not a second time in the text.
    assert not any(NOTICE[3] in text or "2023年5月9日" in text for text in texts(page))
    kinds = [block.block_type for block in page.body]
    assert {"heading", "rich_text", "table", "image"} == set(kinds)
    table = next(block for block in page.body if block.block_type == "table")
    assert [list(row) for row in table.value["rows"]] == TABLE_ROWS


def test_other_columns_keep_the_whole_text(alpha, tmp_path):
    page = bring(write_text(tmp_path / "a.txt", NOTICE), "notices").page
    assert type(page) is Article
    whole = "".join(texts(page))
    assert whole.index(NUMBER) < whole.index(NOTICE[3]) < whole.index("2023年5月9日")
    page = bring(write_text(tmp_path / "a.txt", NOTICE), "interpretations").page
    assert type(page) is Interpretation
    assert page.body


def test_a_signature_in_the_middle_stays_where_it_is(alpha, tmp_path):
    lines = [*NOTICE[:-1], "附件", "云江省山区供水设施管护办法", "设施由所在乡镇负责管护，费用由县级财政安排。"]
    page = bring(write_text(tmp_path / "a.txt", lines)).page
    assert page.signature == ""
    assert page.issued_on == date(2023, 5, 9)
    assert any("2023年5月9日" in text for text in texts(page))


def test_without_an_issuing_body_the_source_is_the_site(alpha, tmp_path):
    imported = bring(write_text(tmp_path / "a.txt", ["供水设施管护办法", "设施由所在乡镇负责日常巡查。"]))
    assert imported.page.source == "云江省澄州市人民政府"
    assert (imported.page.issued_by, imported.page.issued_on) == ("", None)
    assert imported.recognised["issued_by"] is None


def test_a_picture_has_words_an_owner_and_no_camera_data(alpha, tmp_path):
    imported = bring(write_report(tmp_path / "通知.docx"))
    image = SiteImage.objects.get()
    assert image.uploaded_by_user.username == "alpha_editor"
    with image.file.open("rb") as stream, Image.open(stream) as opened:
        assert not opened.getexif()
        assert (opened.width, opened.height) == (40, 30)
    block = next(block for block in imported.page.body if block.block_type == "image")
    assert block.value["image"] == image
    assert TITLE in block.value["alt"]
    assert any("替代文字" in warning for warning in imported.warnings)


def test_whoever_imported_cannot_review_and_the_digest_is_steady(alpha, tmp_path):
    page = bring(write_report(tmp_path / "通知.docx")).page
    revision = page.get_latest_revision()
    assert page_digest(revision.as_object()) == page_digest(revision.as_object())
    page = publish(page)
    assert page.live
    assert page_digest(page) == page_digest(page.get_latest_revision().as_object())


def test_a_refusal_leaves_the_item_with_its_reason_and_no_page(alpha, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Refused, match="已损坏"):
        bring(path)
    item = ImportItem.objects.get()
    assert (item.state, item.page) == (ImportItem.State.FAILED, None)
    assert "已损坏" in item.reason
    assert item.may_retry
    assert not PolicyDocument.objects.exists()


def test_a_broken_off_draft_leaves_no_picture_behind(alpha, tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise Refused("到此为止。")

    monkeypatch.setattr("sites.documents_in.drafting.record_act", refuse)
    removed = []
    monkeypatch.setattr(FileSystemStorage, "delete", lambda self, name: removed.append(name))
    with pytest.raises(Refused, match="到此为止"):
        bring(write_report(tmp_path / "通知.docx"))
    assert not SiteImage.objects.exists()
    assert len(removed) == 1


def test_a_deleted_draft_may_be_imported_again(alpha, tmp_path):
    path = write_text(tmp_path / "a.txt", NOTICE)
    bring(path).page.delete()
    assert bring(path).page.pk


@pytest.mark.parametrize(
    "who", ["alpha_content", "alpha_secret", "alpha_admin", "alpha_auditor", "beta_editor", "outsider"]
)
def test_only_an_editor_of_the_site_imports(alpha, tmp_path, who):
    with pytest.raises(Refused, match="编辑角色"):
        bring(write_text(tmp_path / "a.txt", NOTICE), editor=who)
    assert not ImportItem.objects.exists()
