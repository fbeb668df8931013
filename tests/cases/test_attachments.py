"""Files with a letter: taken by what they are, in quarantine until scanned, never public, opened by who handles it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from govplatform.audit.models import Entry
from govplatform.cases.attachments import LARGEST, SentFile, open_attachment, read_files, scan_files
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Attachment, Case
from govplatform.consequences.models import Consequence
from govplatform.consequences.running import run_row
from govplatform.refusals import Refused
from tests.cases.test_life import handed_in, person

from .conftest import TEXT, form_of, send_in
from .test_verbs import say

__all__ = ["say"]
WRITE = "/interaction/write/"


def picture():
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "steelblue").save(stream, "PNG")
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def send(desk, citizen):
    """A citizen before the form: ``send(files)`` sends it with ``{name: content}`` as a browser would."""
    client = citizen("alpha")

    def sent(files, **fields):
        form = {**form_of(client.get(WRITE)), "kind": "help", "title": "路灯", "text": TEXT, **fields}
        form["files"] = [SimpleUploadedFile(name, content) for name, content in files.items()]
        return client.post(WRITE, form)

    sent.client = client
    return sent


def scan_now():
    for row in Consequence.objects.filter(line__contains="scan_files"):
        run_row(row.pk)


def test_a_picture_is_kept_scanned_and_opened_by_the_clerk(send, console):
    content = picture()
    assert send({"../../门 牌.png": content}).status_code == 200
    case, kept = Case.objects.get(), Attachment.objects.get()
    assert (kept.name, kept.kind, kept.size, kept.state) == ("门 牌.png", "png", len(content), "waiting")
    assert content[:8] not in bytes(kept.data)
    clerk = console("alpha_clerk", "alpha")
    path = f"/admin/cases/{case.pk}/"
    assert "还在检查" in clerk.post(path, {"act": "open", "place": "1"}).content.decode()
    scan_now()
    assert "下载（记入办理过程）" in clerk.get(path).content.decode()
    got = clerk.post(path, {"act": "open", "place": "1"})
    assert got.content == content and got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment;") and got["X-Content-Type-Options"] == "nosniff"
    assert Entry.objects.filter(act="case.opened").count() == 1
    assert "没有这个附件" in clerk.post(path, {"act": "open", "place": "2"}).content.decode()
    assert clerk.post(path, {"act": "open", "place": "²"}).status_code == 404


def test_who_has_not_taken_it_up_opens_nothing(send):
    send({"a.png": picture()})
    scan_now()
    case = Case.objects.get()
    with pytest.raises(Refused, match="只有受理员"):
        open_attachment(case, 1, case.desk, acting_user=person("alpha_editor"))


def test_what_cannot_be_taken_comes_back_with_its_name(send):
    html = b"<script>alert(1)</script>"
    for files, why in (
        ({"a.png": html}, "扩展名与内容不符"), ({"a.html": html}, "不是 JPG"), ({"a.exe": picture()}, "扩展名"),
        ({"a.pdf": b""}, "是空的"), ({"a.png": picture() + b"x" * LARGEST}, "太大"),
        ({f"{n}.png": picture() for n in range(4)}, "最多 3 个"),
    ):  # fmt: skip
        refused = send(files)
        assert refused.status_code == 422 and why in refused.content.decode(), why
        assert TEXT in refused.content.decode()
    assert send({str(n): b"x" * LARGEST for n in range(5)}).status_code == 413
    assert send.client.post(WRITE, "--x", content_type="multipart/form-data; boundary=y").status_code in (413, 422)
    assert not Case.objects.exists()


def pdf(action=""):
    """A page with words, and what is to be done when it is opened."""
    canvas = Canvas(stream := io.BytesIO())
    canvas.drawString(72, 720, "What the lamp looks like")
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(stream.getvalue()))
    if action:
        named = {"script": ("/JavaScript", "/JS", "app.alert(1)"), "launch": ("/Launch", "/F", "cmd.exe")}[action]
        done = {"/S": NameObject(named[0]), named[1]: TextStringObject(named[2])}
        opened = DictionaryObject({NameObject(name): value for name, value in done.items()})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(opened)
    writer.write(made := io.BytesIO())
    return made.getvalue()


def word(*parts, relation=""):
    """A document of Word, with parts and a relation besides."""
    document = Document()
    document.add_paragraph("路灯在东门。")
    document.save(stream := io.BytesIO())
    with zipfile.ZipFile(stream, "a") as packed:
        for name in parts:
            packed.writestr(name, b"x" * 64)
        if relation:
            kind, target = relation.split(" ", 1)
            office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            packed.writestr(
                "word/_rels/settings.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                f'Id="r1" Type="{office}/{kind}" Target="{target}" TargetMode="External"/></Relationships>',
            )
    return stream.getvalue()


def test_what_acts_when_it_is_opened_is_given_to_nobody(desk, console):
    acting = {
        "1.pdf": pdf("script"), "2.pdf": pdf("launch"), "3.docx": word("word/vbaProject.bin"),
        "4.docx": word("word/embeddings/oleObject1.bin"), "5.docx": word("word/activeX/activeX1.xml"),
        "6.docx": word(relation="attachedTemplate http://evil.example/a.dotm"),
        "7.docx": word(relation="attachedTemplate file://evil.example/share/a.dotm"),
        "9.docx": word(relation="frame file:////evil.example/share/a.htm"),
        "8.docx": word(relation="oleObject \\\\evil.example\\share\\a.xls"),
    }  # fmt: skip
    harmless = {
        "a.pdf": pdf(), "b.docx": word(), "c.docx": word("word/embeddings/Sheet1.xlsx"),
        "f.docx": word(relation="attachedTemplate letter.dotx"),
        "d.docx": word(relation="hyperlink http://example.gov.cn/"),
        "e.docx": word(relation="attachedTemplate file:///C:\\Users\\a\\letter.dotx"),
    }  # fmt: skip
    for given in (acting, harmless):
        items = list(given.items())
        for first in range(0, len(items), 3):
            files = read_files([SentFile(name, content) for name, content in items[first : first + 3]])
            taken = submit_case(
                read_letter("help", "路灯", TEXT, may_publish=False), desk, nonce=new_nonce(), files=files
            )
            scan_files(taken.case.pk)
    states = dict(Attachment.objects.values_list("name", "state"))
    assert {name for name, state in states.items() if state == "blocked"} == set(acting)
    assert {name for name, state in states.items() if state == "checked"} == set(harmless)
    case = Attachment.objects.get(name="1.pdf").case
    shown = console("alpha_clerk", "alpha").get(f"/admin/cases/{case.pk}/").content.decode()
    assert "打开时会自动执行的内容（整个文件）" in shown and "不能下载" in shown
    with pytest.raises(Refused, match="有害"):
        open_attachment(case, 1, desk, acting_user=person("alpha_clerk"))


def test_a_bomb_stays_where_it_is(send, console):
    bomb = zipped(**{"word/document.xml": b"<w>" + b"A" * 60_000_000, "[Content_Types].xml": b"<Types/>"})
    assert len(bomb) < LARGEST
    assert send({"炸弹.docx": bomb}).status_code == 200
    scan_now()
    assert Attachment.objects.get().state == "blocked"
    clerk = console("alpha_clerk", "alpha")
    path = f"/admin/cases/{Case.objects.get().pk}/"
    assert "不能下载" in clerk.post(path, {"act": "open", "place": "1"}).content.decode()


def test_what_was_found_is_named_for_who_may_open_it_and_for_reviewers(desk, console):
    taken = send_in()
    case = taken.case
    found = [{"rule": "id-card", "severity": "block", "where": "page 1"}]
    found += [{"rule": "mobile", "severity": "warn", "where": f"page {n}"} for n in (1, 1, 2, 3, 4, 5)]
    kept = {"kind": "pdf", "size": 3, "data": b"pdf"}
    case.attachments.create(place=1, name="苗女士的病历.pdf", state="checked", findings=found, **kept)
    case.attachments.create(place=2, name="b.pdf", state="blocked", **kept)
    case, page = handed_in(taken=taken)
    lines = ("身份证号码（第 1 页）", "手机号码（第 1 页、第 2 页、第 3 页、第 4 页等 6 处）")
    path = f"/admin/cases/{case.pk}/"
    shown = console("alpha_clerk", "alpha").get(path).content.decode()
    editor = console("beta_editor2", "beta").get(path).content.decode()
    assert all(line in shown for line in lines) and "发现 7 处" in editor
    # Who has not taken it up opens no file, and reads nothing out of one.
    assert not any(line in editor for line in lines)
    review = console("beta_content", "beta").get(f"/admin/review/{page.pk}/").content.decode()
    assert f"附件 1：{'；'.join(lines)}。附件 2：无法检查" in review and "苗女士" not in review


def test_the_verb_sends_and_opens(say, tmp_path):
    text, file, out = tmp_path / "letter.txt", tmp_path / "图.png", tmp_path / "out.png"
    text.write_text(TEXT, encoding="utf-8")
    file.write_bytes(picture())
    words = ("case", "submit", "--site", "alpha", "--kind", "help", "--title", "路灯", "--text", str(text), "--attach")
    say(*words, str(text), status=3)
    number = say(*words, str(file))["number"]
    scan_files(Case.objects.get().pk)
    opening = ("case", "open", number, "--as", "alpha_clerk", "--site", "alpha", "--place", "1", "--out", str(out))
    assert say(*opening)["state"] == "submitted" and out.read_bytes() == picture()


def test_names_are_text_and_short_enough():
    [kept] = read_files([SentFile("C:\\x\\" + "长" * 300 + "\x00\n.PNG", picture())])
    assert len(kept.name) == 120 and kept.name.endswith(".png")
