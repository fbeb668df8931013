"""A picture in its display size is checked like an original: what was put in its place is sent to nobody, and named."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image
from wagtail.images.models import SourceImageIOError

from govplatform.audit.sm3 import sm3_hex
from govplatform.refusals import Refused
from govplatform.review.gate.digest import stored_sm3
from govplatform.review.queries import find_gate_faults, site_path
from sites.media.models import SiteImage, SiteRendition
from tests import factories

from .conftest import execute, past_the_gate, refused

pytestmark = pytest.mark.django_db


def other_picture():
    stream = io.BytesIO()
    Image.new("RGB", (800, 450), "crimson").save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def shown(alpha, citizen):
    """(a live page with a picture, a rendition of it that citizens were sent)."""
    page = factories.live_article(picture=factories.image(uploader="alpha_editor"))
    assert citizen("alpha").get(site_path(page)).status_code == 200
    connection.set_tenant(alpha)
    rendition = SiteRendition.objects.filter(image_id=page.picture_id).order_by("pk").first()
    if rendition is None:
        rendition = page.picture.get_rendition("width-200")
    return page, rendition


@pytest.fixture
def status(alpha, citizen):
    def ask(rendition):
        answer = citizen("alpha").get(f"/media/{alpha.schema_name}/{rendition.file.name}")
        if answer.streaming:
            # Not close(), which ends the connection of the test.
            b"".join(answer.streaming_content)
        connection.set_tenant(alpha)
        return answer.status_code

    return ask


def faults():
    return [(fault["page"], fault["problem"]) for fault in find_gate_faults()[1]]


def test_each_rendition_is_recorded_as_it_is_made(shown):
    page, _rendition = shown
    page.picture.get_renditions("width-100", "width-120", "fill-60x60|format-webp")
    page.picture.get_rendition("width-140")
    made = list(SiteRendition.objects.filter(image_id=page.picture_id))
    assert len(made) >= 5
    assert all(one.sm3 == sm3_hex(Path(one.file.path).read_bytes()) for one in made)


@pytest.mark.parametrize("way", ["exchanged", "gone"])
def test_what_was_put_in_its_place_is_not_sent_and_is_named(shown, status, way):
    page, rendition = shown
    assert status(rendition) == 200 and faults() == []
    if way == "exchanged":
        Path(rendition.file.path).write_bytes(other_picture())
    else:
        Path(rendition.file.path).unlink()
    assert status(rendition) == 404
    ((named, problem),) = faults()
    assert named == page.pk and f"image {page.picture_id}" in problem and rendition.filter_spec in problem


def test_the_record_cannot_be_changed_to_fit(shown):
    _page, rendition = shown
    for statement in (
        f"UPDATE media_siterendition SET sm3 = '{'0' * 64}' WHERE id = {rendition.pk}",
        f"UPDATE media_siterendition SET sm3 = '' WHERE id = {rendition.pk}",
        f"UPDATE media_siterendition SET file = 'images/other.jpg' WHERE id = {rendition.pk}",
    ):
        with refused("stays as it was made"):
            execute(statement)


def test_no_rendition_is_made_of_an_exchanged_original(shown, alpha, citizen):
    page, _rendition = shown
    Path(page.picture.file.path).write_bytes(other_picture())
    for specs in (["width-77"], ["width-78", "width-79"]):
        with pytest.raises(SourceImageIOError):
            page.picture.get_renditions(*specs)
    assert not SiteRendition.objects.filter(filter_spec__in=["width-77", "width-78", "width-79"]).exists()
    # The page still stands.
    assert citizen("alpha").get(site_path(page)).status_code == 200


def test_a_draft_may_show_what_nobody_cleared(alpha):
    picture = factories.image(uploader="alpha_editor")
    Path(picture.file.path).write_bytes(other_picture())
    assert picture.get_rendition("width-90").sm3


def test_one_from_before_is_made_anew_when_it_is_first_asked_for(shown, status):
    _page, rendition = shown
    whole = rendition.sm3
    past_the_gate("media_siterendition", rendition, sm3="")
    Path(rendition.file.path).write_bytes(other_picture())
    assert status(rendition) == 200
    rendition.refresh_from_db()
    assert rendition.sm3 == stored_sm3(rendition.file.storage, rendition.file.name) == whole
    assert status(rendition) == 200 and faults() == []


def test_one_from_before_of_an_exchanged_original_is_not_sent(shown, status):
    page, rendition = shown
    past_the_gate("media_siterendition", rendition, sm3="")
    Path(page.picture.file.path).write_bytes(other_picture())
    assert status(rendition) == 404


def test_an_exchanged_rendition_enters_no_library(alpha):
    picture = factories.image(uploader="alpha_editor")
    block = {"type": "image", "value": {"image": picture.pk, "alt": "图", "decorative": False}}
    page = factories.draft_article(body=[block])
    first = picture.get_rendition("format-jpeg|width-800")
    first.file.storage.delete(first.file.name)
    first.file.storage.save(first.file.name, ContentFile(other_picture()))
    with pytest.raises(Refused):
        factories.publish(page)


def forge_rendition(alpha, image_id: int, file_name: str, sm3: str) -> SiteRendition:
    """A row as the application's login can write it: the cleared picture, but the file of something else."""
    execute(
        "INSERT INTO media_siterendition (filter_spec, focal_point_key, file, width, height, image_id, sm3)"
        " VALUES ('width-1', '', %s, 1, 1, %s, %s)",
        [file_name, image_id, sm3],
    )
    return SiteRendition.objects.get(image_id=image_id, filter_spec="width-1")


@pytest.mark.parametrize("what", ["document", "picture", "rendition"])
def test_a_row_that_passes_another_file_off_as_a_size_of_the_picture_sends_nothing_and_is_named(
    shown, status, alpha, what
):
    page, _rendition = shown
    secret = factories.document(b"not for the public") if what == "document" else factories.image("草图", "black")
    file = secret.get_rendition("width-50").file if what == "rendition" else secret.file
    forged = forge_rendition(alpha, page.picture_id, file.name, stored_sm3(file.storage, file.name))
    assert status(forged) == 404
    ((named, problem),) = faults()
    assert named == page.pk and "width-1" in problem


def test_a_size_whose_name_was_taken_is_sent_all_the_same(shown, status, alpha):
    """A file that was left behind makes the storage choose another name, as an upload of the same name does."""
    page, _rendition = shown
    stem = Path(page.picture.file.name).stem
    storage = page.picture.file.storage
    storage.save(f"images/{stem}.width-77.jpg", ContentFile(b"left behind"))
    made = page.picture.get_rendition("width-77")
    assert made.file.name != f"images/{stem}.width-77.jpg"
    assert status(made) == 200 and faults() == []


def test_a_size_of_another_picture_of_nearly_the_same_name_is_not_sent(shown, status, alpha):
    page, _rendition = shown
    stem = Path(page.picture.file.name).stem
    other = SiteImage.objects.create(
        title="草图", description="草图", file=ContentFile(other_picture(), name=f"{stem}_abcd123.jpg")
    )
    assert Path(other.file.name).stem == f"{stem}_abcd123"
    file = other.get_rendition("width-1").file
    forged = forge_rendition(alpha, page.picture_id, file.name, stored_sm3(file.storage, file.name))
    assert status(forged) == 404 and faults()
