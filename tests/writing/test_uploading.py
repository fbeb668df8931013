"""Files dropped into a text, and many at once in the library: titled by their names, asked by their content."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import Collection

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from sites.columns.writing_rights import limit_editor
from sites.media.file_checks import title_of
from sites.media.models import SiteDocument, SiteImage
from sites.writing.models import PastedPicture
from sites.writing.uploading import upload_file
from tests import factories
from tests.confidentiality.files.archives import zipped
from tests.factories import column, user
from tests.lifecycle.merge.frozen import freeze

DOOR = "/admin/writing/upload/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def photo(size=(64, 48), form="JPEG", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "seagreen").save(stream, form, **options)
    return stream.getvalue()


def bomb(width, height):
    """A small PNG whose head promises that many pixels."""
    head = b"IHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"
    data = bytearray(photo(form="PNG"))
    data[12:33] = head + struct.pack(">I", zlib.crc32(head))
    return bytes(data)


def sent(name, content):
    return SimpleUploadedFile(name, content)


def refusal_of(name, content):
    with pytest.raises(Refused) as refused:
        upload_file(sent(name, content), acting_user=user("alpha_editor"))
    return " ".join(refused.value.reasons)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("栽植现场.jpg", "栽植现场"),
        ("C:\\照片\\2026年 3月.现场.JPG", "2026年 3月.现场"),
        ("../../etc/通知.docx", "通知"),
        ("报\u202egnp.告\u200b\x07.pdf", "报gnp.告"),
        (".pdf", ".pdf"),
        ("\u202e.png", ""),
        ("长" * 300 + ".png", "长" * 255),
    ],
)
@pytest.mark.unit
def test_a_file_is_titled_by_its_name(name, title):
    assert title_of(name) == title


def test_what_is_dropped_comes_back_as_a_block_that_may_be_saved_without_a_word_more(alpha, console):
    editor, page = console("alpha_editor", "alpha"), factories.draft_article()
    answer = editor.post(DOOR, {"file": sent("栽植现场.jpg", photo()), "page": page.pk}).json()
    image = SiteImage.objects.get(pk=answer["number"])
    assert answer["title"] == image.title == "栽植现场"
    assert answer["block"]["type"] == "image" and not answer["block"]["value"]["alt"]
    assert answer["block"]["value"]["image"]["id"] == image.pk
    assert image.uploaded_by_user == user("alpha_editor") and image.file_size and image.width == 64
    assert PastedPicture.objects.filter(image=image).exists(), "it goes when no page comes to show it"
    paper = editor.post(DOOR, {"file": sent("任务表.csv", "区,株\n城关,30\n".encode()), "page": page.pk}).json()
    document = SiteDocument.objects.get(pk=paper["number"])
    assert paper["block"]["type"] == "attachment" and paper["block"]["value"]["title"] == document.title == "任务表"
    long = upload_file(sent("关于印发" * 50 + ".txt", b"text"), acting_user=user("alpha_editor")).kept
    assert len(long.title) == 200 and long.filename.endswith(".txt")
    assert Entry.objects.filter(act__in=["picture.upload", "attachment.upload"]).count() == 3


def test_what_is_no_picture_and_no_attachment_is_refused_with_the_way_out(alpha, subtests):
    cases = {
        "a script that draws": ("图.svg", SVG, "另存"),
        "a drawing called a picture": ("图.png", SVG, "内容却是 svg"),
        "a program called a paper": ("通知.pdf", b"MZ" + bytes(range(256)) * 40, "内容却是"),
        "a web page called a paper": ("通知.docx", b"<html><script>1</script></html>", "内容却是"),
        "a picture of another format": ("图.png", photo(), "内容却是 jpeg"),
        "a picture that breaks off": ("图.jpg", photo((800, 600), quality=95)[:2000], "损坏"),
        "a bomb": ("图.png", bomb(20_000, 10_000), "8000 万像素"),
        "a smaller one": ("图.png", bomb(9000, 9000), "8000 万像素"),
        "nothing": ("通知.txt", b"", "空"),
        "a program": ("setup.exe", b"MZ", "不能上传"),
    }
    for case, (name, content, words) in cases.items():
        with subtests.test(case):
            assert words in refusal_of(name, content)
    assert not SiteImage.objects.exists() and not SiteDocument.objects.exists()


def test_a_picture_with_an_archive_behind_it_is_for_the_scan_as_anywhere(alpha):
    made = upload_file(sent("图.jpg", photo() + zipped({"a.txt": b"1"})), acting_user=user("alpha_editor"))
    assert isinstance(made.kept, SiteImage)


def test_a_retry_after_a_lost_answer_brings_no_second_file(alpha):
    me, content = user("alpha_editor"), photo()
    first = upload_file(sent("图.jpg", content), acting_user=me)
    assert upload_file(sent("图.jpg", content), acting_user=me, again=True).kept == first.kept
    assert upload_file(sent("图.jpg", content), acting_user=user("alpha_editor2"), again=True).kept != first.kept
    assert upload_file(sent("图.jpg", content), acting_user=me).kept != first.kept, "asked for a second time"


def test_a_page_at_rest_takes_nothing_and_says_why(alpha, console):
    editor, waiting = console("alpha_editor", "alpha"), factories.draft_article()
    factories.submit(waiting)
    for page, words in ((waiting.pk, "正在审核中"), (10**9, "已经不在")):
        answer = editor.post(DOOR, {"file": sent("图.jpg", photo()), "page": page})
        assert answer.status_code == 400 and words in answer.json()["refused"][0]
    limit_editor(user("alpha_editor"), [column("notices")], acting_user=user("alpha_admin"))
    elsewhere = editor.post(DOOR, {"file": sent("图.jpg", photo()), "page": column("news").pk}).json()
    assert "只在给定的栏目写稿" in elsewhere["refused"][0]
    freeze("alpha", "beta")
    frozen = editor.post(DOOR, {"file": sent("图.jpg", photo())}, headers={"accept": "application/json"})
    assert frozen.status_code == 409 and "暂停编辑，只能查看" in frozen.json()["refused"][0]
    assert not SiteImage.objects.exists()


def test_the_door_is_for_editors_and_for_files(alpha, console):
    assert console("alpha_content", "alpha").post(DOOR, {"file": sent("图.jpg", photo())}).status_code in (403, 404)
    empty = console("alpha_editor", "alpha").post(DOOR, {"file": "x"})
    assert empty.status_code == 400 and "没有收到文件" in empty.json()["refused"][0]


def test_many_at_once_in_the_library_pass_the_same_checks(alpha, console, subtests):
    editor = console("alpha_editor", "alpha")
    for kind in ("images", "documents"):
        with subtests.test(kind):
            shown = editor.get(f"/admin/{kind}/multiple/add/").content.decode()
            assert "data-add-many" in shown and "console/add_many" in shown
    files = {"files[]": sent("图.png", SVG), "title": "图"}
    assert "没有上传" in editor.post("/admin/images/multiple/add/", files).json()["error_message"]
    files = {"files[]": sent("通知.pdf", b"MZ" + bytes(99)), "title": "通知"}
    assert "内容却是" in editor.post("/admin/documents/multiple/add/", files).json()["error_message"]
    files = {"files[]": sent("图.jpg", photo()), "title": "\u200b"}
    editor.post("/admin/images/multiple/add/", files)
    assert not SiteImage.objects.exists(), "a title that nobody sees is none"
    files = {"files[]": sent("图.jpg", photo()), "title": "现\u202e场", "collection": 10**6}
    editor.post("/admin/images/multiple/add/", files)
    assert set(SiteImage.objects.values_list("title", "collection")) <= {("现场", Collection.objects.get().pk)}
