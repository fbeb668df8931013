"""Acts of writing and arranging: drafts one by one and many at once, pins, lists, who writes where."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sites.columns.listing import list_page_in
from sites.columns.pinning import pin_page, unpin_page
from sites.columns.writing_rights import limit_editor, set_department
from sites.media.shaped_pixels import Shape
from sites.writing.batches import move_pages, plan_pages, submit_pages
from sites.writing.copying import copy_as_draft
from sites.writing.pasted_pictures import note_pasted, take_back_pictures
from sites.writing.pasting import paste_piece
from sites.writing.placing import Place, place_draft
from sites.writing.planning import plan_draft
from sites.writing.shaping import shape_picture
from sites.writing.uploading import upload_file
from tests import factories
from tests.writing.fragments import RED

from .acts import Doing, act


@act("sites.writing.placing.place_draft", may="alpha_editor")
def _place() -> Doing:
    page = factories.draft_article()
    return lambda who: place_draft(page, Place(kind="policy"), acting_user=who)


@act("sites.writing.copying.copy_as_draft", may="alpha_editor")
def _copy() -> Doing:
    page = factories.draft_article()
    return lambda who: copy_as_draft(page, acting_user=who)


def _tomorrow() -> Any:
    return timezone.now() + timedelta(days=1)


@act("sites.writing.planning.plan_draft", may="alpha_editor")
def _plan() -> Doing:
    page = factories.draft_article()
    return lambda who: plan_draft(page, _tomorrow(), acting_user=who)


@act("sites.writing.batches.plan_pages", may="alpha_editor")
def _plan_many() -> Doing:
    page = factories.draft_article()
    return lambda who: plan_pages([page.pk], _tomorrow(), acting_user=who)


@act("sites.writing.batches.move_pages", may="alpha_editor")
def _move_many() -> Doing:
    page = factories.draft_article()
    return lambda who: move_pages([page.pk], factories.column("notices"), acting_user=who)


@act("sites.writing.batches.submit_pages", may="alpha_editor")
def _submit_many() -> Doing:
    page = factories.draft_article()
    return lambda who: submit_pages([page.pk], acting_user=who)


@act("sites.columns.pinning.pin_page", may="alpha_editor")
def _pin_page() -> Doing:
    page = factories.live_article()
    return lambda who: pin_page(page, factories.column(), timezone.localdate(), acting_user=who)


@act("sites.columns.writing_rights.limit_editor", may="alpha_admin")
def _limit_editor() -> Doing:
    return lambda who: limit_editor(factories.user("alpha_editor"), [factories.column()], acting_user=who)


@act("sites.columns.writing_rights.set_department", may="alpha_admin")
def _set_department() -> Doing:
    return lambda who: set_department("宣传科", [factories.user("alpha_editor")], [factories.column()], acting_user=who)


@act("sites.columns.listing.list_page_in", may="alpha_editor")
def _list_page_in() -> Doing:
    page = factories.draft_article()
    return lambda who: list_page_in(page, [factories.column("notices")], acting_user=who)


@act("sites.columns.pinning.unpin_page", may="alpha_editor")
def _unpin_page() -> Doing:
    page = factories.live_article()
    pin_page(page, factories.column(), timezone.localdate(), acting_user=factories.user("alpha_editor"))
    return lambda who: unpin_page(page, factories.column(), acting_user=who)


@act("sites.writing.pasted_pictures.take_back_pictures", may="alpha_editor")
def _take_back_pictures() -> Doing:
    image = factories.image()
    note_pasted([image], pasted_by=factories.user("alpha_editor"))
    return lambda who: take_back_pictures([image.pk], acting_user=who)


@act("sites.writing.uploading.upload_file", may="alpha_editor")
def _upload() -> Doing:
    return lambda who: upload_file(SimpleUploadedFile("说明.txt", "甲".encode()), acting_user=who)


@act("sites.writing.shaping.shape_picture", may="alpha_editor")
def _shape() -> Doing:
    image = factories.image()
    return lambda who: shape_picture(image, Shape(quarters=1), acting_user=who)


@act("sites.writing.pasting.paste_piece", may="alpha_editor")
def _paste() -> Doing:
    return lambda who: paste_piece(
        SimpleUploadedFile("piece.html", '<p>甲</p><img src="pasted-picture:0">'.encode()),
        [SimpleUploadedFile("picture", RED)],
        acting_user=who,
    )
