"""Pasted pictures that no page shows: taken back at once, or swept at night; what is shown anywhere stays."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from sites.media.models import SiteImage
from sites.writing.models import PastedPicture
from sites.writing.pasted_pictures import KEPT_UNUSED, note_pasted, sweep_pasted_pictures, take_back_pictures
from sites.writing.pasting import paste_piece
from tests import factories
from tests.factories import user
from tests.writing import fragments


def pasted(who="alpha_editor", days=0):
    """A picture as a pasting keeps it, ``days`` more than the time it may wait ago."""
    image = factories.image(uploader=who)
    note_pasted([image], pasted_by=user(who))
    if days:
        PastedPicture.objects.update(pasted_at=timezone.now() - KEPT_UNUSED - timedelta(days=days))
    return image


def shown(image):
    value = {"image": image.pk, "alt": "现场", "caption": "", "decorative": False}
    return factories.draft_article(body=[{"type": "image", "value": value}])


def is_there(image):
    return SiteImage.objects.filter(pk=image.pk).exists()


def test_a_pasting_names_its_pictures_and_they_go_when_it_is_taken_back(alpha):
    html = SimpleUploadedFile("piece.html", '<p>甲</p><p><img src="pasted-picture:0"></p>'.encode())
    made = paste_piece(html, [SimpleUploadedFile("0", fragments.GREEN)], acting_user=user("alpha_editor"))
    assert len(made.pictures) == 1 and SiteImage.objects.filter(pk__in=made.pictures).count() == 1
    assert take_back_pictures(made.pictures, acting_user=user("alpha_editor")) == []
    assert not SiteImage.objects.filter(pk__in=made.pictures).exists()
    assert Entry.objects.filter(act="picture.unpaste").exists()


def test_what_a_saved_version_shows_stays(alpha):
    image = pasted()
    page = shown(image)
    assert take_back_pictures([image.pk], acting_user=user("alpha_editor")) == [image.pk]
    page.body = []
    page.save_revision(user=user("alpha_editor"))
    assert take_back_pictures([image.pk], acting_user=user("alpha_editor")) == [image.pk], "an older version shows it"
    assert is_there(image)


def test_a_version_that_was_written_over_shows_nothing_any_more(alpha):
    image = pasted()
    page = shown(image)
    page.body = []
    with holding():  # as every request of the editor does
        page.save(clean=False)
        page.save_revision(user=user("alpha_editor"), overwrite_revision=page.get_latest_revision())
    assert take_back_pictures([image.pk], acting_user=user("alpha_editor")) == []
    assert not is_there(image)


def test_nobody_takes_back_what_others_pasted_or_what_was_uploaded(alpha, subtests):
    image, uploaded = pasted(), factories.image(uploader="both_content")
    for who in ("alpha_content", "alpha_admin", "beta_editor"):
        with subtests.test(who), pytest.raises(Refused):
            take_back_pictures([image.pk], acting_user=user(who))
    take_back_pictures([uploaded.pk], acting_user=user("alpha_editor"))
    assert is_there(image) and is_there(uploaded)


def test_the_sweep_takes_what_waited_too_long_and_forgets_what_is_used(alpha):
    used, unused = pasted(), pasted()
    PastedPicture.objects.update(pasted_at=timezone.now() - KEPT_UNUSED - timedelta(days=1))
    fresh = pasted()
    shown(used)
    assert sweep_pasted_pictures() == 1
    assert is_there(used) and is_there(fresh) and not is_there(unused)
    assert list(PastedPicture.objects.values_list("image_id", flat=True)) == [fresh.pk]
    assert sweep_pasted_pictures() == 0


def test_its_door_takes_numbers_of_pictures_and_nothing_else(alpha, console):
    editor = console("alpha_editor", "alpha")
    image = pasted()
    for sent in ("[]", "{", '{"pictures": 5}', '{"pictures": [{}]}', "null"):
        response = editor.post("/admin/writing/unpaste/", sent, content_type="application/json")
        assert response.status_code == 400 and response.json()["refused"]
    response = editor.post("/admin/writing/unpaste/", f'{{"pictures": [{image.pk}]}}', content_type="application/json")
    assert response.json() == {"kept": []} and not is_there(image)
    reviewer = console("alpha_content", "alpha")
    assert reviewer.post("/admin/writing/unpaste/", "{}", content_type="application/json").status_code in (403, 404)
