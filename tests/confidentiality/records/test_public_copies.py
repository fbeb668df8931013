"""Citizens get pictures and office files without the properties of the original, which stays private."""

import io

import docx
from django.db import connection
from PIL import Image

from govplatform.confidentiality.models import PublicCopy
from govplatform.review.gate.scans import scan_now
from govplatform.review.queries import find_gate_faults
from sites.media.models import SiteDocument, SiteImage
from tests import factories
from tests.confidentiality.records.records_content import article_with, attached, docx_with_comment, jpeg_with_position


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def test_an_office_file_goes_out_without_its_author(alpha, citizen):
    stored = docx_with_comment(comment="请核对。", author="机要科")
    page = factories.publish(article_with(stored))
    item = SiteDocument.objects.get()
    assert page.live
    response = citizen("alpha").get(f"/documents/{item.pk}/{item.filename}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    sent = bytes_of(response)
    connection.set_tenant(alpha)
    assert sent != stored
    assert docx.Document(io.BytesIO(sent)).core_properties.author != "机要科"
    assert item.file.open("rb").read() == stored
    copy = PublicCopy.objects.get(kind="document", object_id=item.pk)
    assert response.headers["ETag"]
    assert copy.removed
    assert find_gate_faults() == (1, [])


def test_a_copy_has_no_address_of_its_own(alpha, citizen):
    factories.publish(article_with(docx_with_comment(comment="请核对。")))
    copy = PublicCopy.objects.get()
    assert citizen("alpha").get(copy.file.url).status_code == 404


def test_a_picture_goes_out_without_its_position(alpha, citizen):
    image = factories.image(uploader="alpha_editor")
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, io.BytesIO(jpeg_with_position()))
    image = SiteImage.objects.get(pk=image.pk)
    for spec in ("width-400", "width-300|format-png", "width-300|format-webp", "original"):
        rendition = image.get_rendition(spec)
        with Image.open(rendition.file.open("rb")) as shown:
            shown.load()
            assert len(shown.getexif()) == 0, spec
            assert not {"exif", "xmp", "comment"} & set(shown.info), spec
    body = [{"type": "image", "value": {"image": image.pk, "alt": "河岸"}}]
    factories.publish(factories.draft_article(body=body))
    copy = PublicCopy.objects.get(kind="image", object_id=image.pk)
    assert "GPS" in copy.removed


def test_copies_go_with_their_original(alpha, django_capture_on_commit_callbacks):
    item = factories.document(docx_with_comment(comment="请核对。"), "a.docx", uploader="alpha_editor")
    page = factories.draft_article(body=attached(item))
    scan_now(page, acting_user=None)
    storage, name = item.file.storage, PublicCopy.objects.get().file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        item.delete()
    assert not PublicCopy.objects.exists()
    assert not storage.exists(name)
