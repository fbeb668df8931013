"""A picture turned and cropped: a new one, and what was cleared or stands elsewhere does not change."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from govplatform.refusals import Refused
from govplatform.review.gate.digest import page_digest
from sites.media.models import SiteImage
from sites.media.shaped_pixels import Shape, shape_file
from sites.writing.models import PastedPicture
from sites.writing.shaping import shape_picture
from tests import factories
from tests.factories import user

RED, BLUE = (250, 20, 20), (20, 20, 250)
ORIENTATION, GPS = 0x0112, 0x8825


def two_halves(form="JPEG", size=(80, 40), orientation=1):
    """The left half red, the right half blue, as the camera wrote it; with the place where it was taken."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    tags.get_ifd(GPS).update({1: "N", 2: (39.0, 54.0, 26.0)})
    tags[GPS] = 0
    stream = io.BytesIO()
    picture.save(stream, form, exif=tags, **({"quality": 95} if form == "JPEG" else {}))
    return stream.getvalue()


def kept(content, title="现场", **fields):
    return SiteImage.objects.create(title=title, file=ContentFile(content, name="现场.jpg"), **fields)


def opened(image):
    with image.file.storage.open(image.file.name) as stored:
        picture = Image.open(io.BytesIO(stored.read()))
        picture.load()
    return picture


def near(colour, other):
    return all(abs(one - two) < 40 for one, two in zip(colour[:3], other, strict=True))


@pytest.mark.unit
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pixels_are_turned_as_they_are_seen_and_nothing_else_stays(tmp_path, form):
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(two_halves(form, orientation=6))  # seen upright: red above blue, 40 x 80
    assert shape_file(source, target, Shape(quarters=1, width=0.5)) == ""  # blue left, red right; the left half of it
    with Image.open(target) as made:
        assert (made.format, made.size) == (form, (40, 40))
        assert near(made.convert("RGB").getpixel((20, 20)), BLUE)
        assert not made.getexif() and "xmp" not in made.info


def test_a_new_picture_takes_the_words_and_the_old_one_stays(alpha):
    image = kept(two_halves(), description="栽植", map_number="GS(2026)1号")
    image.tags.add("春耕")
    before = (image.file.name, opened(image).tobytes())
    made = shape_picture(image, Shape(left=0.5, width=0.5), acting_user=user("alpha_editor"))
    assert (made.title, made.description, made.map_number) == ("现场（裁剪）", "栽植", "GS(2026)1号")
    assert list(made.tags.names()) == ["春耕"] and (made.width, made.height) == (40, 40)
    assert near(opened(made).getpixel((20, 20)), BLUE)
    image.refresh_from_db()
    assert (image.file.name, opened(image).tobytes()) == before
    assert PastedPicture.objects.filter(image=made).exists()
    again = shape_picture(made, Shape(quarters=2), acting_user=user("alpha_editor"))
    assert again.title == "现场（裁剪）", "the mark is not repeated"


def test_a_public_page_shows_what_was_cleared_until_another_is(alpha):
    image = kept(two_halves())
    value = {"image": image.pk, "alt": "现场", "caption": "", "decorative": False}
    page = factories.live_article(body=[{"type": "image", "value": value}])
    cleared = page_digest(page)
    made = shape_picture(image, Shape(quarters=1), acting_user=user("alpha_editor"))
    page.refresh_from_db()
    assert page_digest(page) == cleared
    page.body = [("image", {**value, "image": made})]
    assert page_digest(page) != cleared, "the new one is another content, and goes through the review"
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 5, 5
    with pytest.raises(Refused, match="通过了审查"):
        image.save()


def test_what_cannot_be_shaped_is_refused_in_words(alpha, subtests):
    frames = io.BytesIO()
    Image.new("RGB", (40, 40), RED).save(frames, "GIF", save_all=True, append_images=[Image.new("RGB", (40, 40), BLUE)])
    cases = {
        "nothing changed": (two_halves(), Shape(), "没有改动"),
        "hardly anything left": (two_halves(), Shape(width=0.05), "太小"),
        "moving": (frames.getvalue(), Shape(quarters=1), "动图"),
    }
    for case, (content, shape, words) in cases.items():
        with subtests.test(case), pytest.raises(Refused, match=words):
            shape_picture(kept(content), shape, acting_user=user("alpha_editor"))
    lost = kept(two_halves())
    lost.file.storage.delete(lost.file.name)
    with pytest.raises(Refused, match="读不出来"):
        shape_picture(lost, Shape(quarters=1), acting_user=user("alpha_editor"))


def test_the_doors_answer_what_the_script_asks(alpha, console):
    editor, image = console("alpha_editor", "alpha"), kept(two_halves(size=(2400, 1600)))
    door = f"/admin/writing/picture/{image.pk}/"
    drawn = editor.get(door).json()
    assert (drawn["width"], drawn["height"], drawn["full"]) == (1200, 800, 2400)
    asked = {"quarters": 1, "left": 0, "top": 0, "width": 1, "height": 0.5}
    made = editor.post(f"{door}shape/", json.dumps(asked), content_type="application/json").json()
    new = SiteImage.objects.get(pk=made["chosen"]["id"])
    assert (new.width, new.height) == (1600, 1200) and made["chosen"]["preview"]["url"]
    odd = (("quarters", 7), ("quarters", "1"), ("width", -1), ("top", "x"), ("top", []))
    for name, value in (("left", "NaN"), ("left", 10**400), *odd):
        wrong = {**asked, name: value}
        answer = editor.post(f"{door}shape/", json.dumps(wrong), content_type="application/json")
        assert answer.status_code == 400 and "没有读懂" in answer.json()["refused"][0]
    assert editor.get("/admin/writing/picture/999999/").status_code == 404


def test_citizens_get_less_weight_upright_and_bare(alpha):
    """A photograph of 12 million pixels, as a telephone writes it: turned by its EXIF, with noise that weighs."""
    noise = Image.effect_noise((1000, 750), 90).resize((4000, 3000)).convert("RGB")
    tags = Image.Exif()
    tags[ORIENTATION] = 6
    tags.get_ifd(GPS).update({1: "N", 2: (39.0, 54.0, 26.0)})
    tags[GPS] = 0
    stream = io.BytesIO()
    noise.save(stream, "JPEG", quality=98, exif=tags)
    image = kept(stream.getvalue())
    assert len(stream.getvalue()) > 4_000_000
    shown = image.get_renditions("width-800|format-webp", "width-800|format-jpeg")
    for rendition in shown.values():
        assert rendition.width == 800 and rendition.height > 1000, "upright"
        assert rendition.file.size < len(stream.getvalue()) / 10
        with Image.open(io.BytesIO(rendition.file.read())) as sent:
            assert not sent.getexif()
