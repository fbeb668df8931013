"""What becomes of pasted pictures that no page shows: the pasting was taken back, or the draft was never saved.

Used is a picture that any stored version of a page refers to, or any other row of the site.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.utils import timezone
from wagtail.models import Page, ReferenceIndex, Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import holding
from govplatform.review.gate.digest import referred_files
from govplatform.review.models import ClearedFile
from sites.media.models import SiteImage

from .models import PastedPicture
from .permissions import require_writer

#: A picture may wait so long for its draft to be saved.
KEPT_UNUSED = timedelta(days=7)


def note_pasted(images: Sequence[SiteImage], *, pasted_by: User) -> None:
    """Keep in mind that nothing shows ``images`` yet. Call in the act that stores them."""
    now = timezone.now()
    PastedPicture.objects.bulk_create(
        PastedPicture(image=image, pasted_by=pasted_by, pasted_at=now) for image in images
    )


def take_back_pictures(image_ids: Collection[int], *, acting_user: User) -> list[int]:
    """Delete those of one's own pasted pictures that nothing refers to; return the ids of the others of them.

    Those stay for a later attempt or for the nightly sweep: a version saved a moment ago may still show them. Raises
    Refused for anyone but an editor.
    """
    require_writer(acting_user)
    with acting(acting_user):
        require_writer(acting_user)
        asked = PastedPicture.objects.filter(image_id__in=image_ids, pasted_by=acting_user)
        left = _remove_unused(list(asked.select_related("image").order_by("pk")), acting_user=acting_user)
    return [row.image_id for row in left]


def sweep_pasted_pictures() -> int:
    """Delete what has waited longer than ``KEPT_UNUSED`` and nothing refers to; return how many pictures.

    Of pictures that are used nothing is kept in mind any longer.
    """
    before = timezone.now() - KEPT_UNUSED
    with holding():
        waiting = PastedPicture.objects.filter(pasted_at__lt=before).select_related("image").order_by("pk")
        rows = list(waiting)
        used = _remove_unused(rows, acting_user=None)
        PastedPicture.objects.filter(pk__in=[row.pk for row in used]).delete()
    return len(rows) - len(used)


def _remove_unused(rows: list[PastedPicture], *, acting_user: User | None) -> list[PastedPicture]:
    """Delete the pictures of ``rows`` that nothing refers to, on record; return the rows of the others."""
    used = _used(rows) if rows else set()
    unused = [row for row in rows if row.image_id not in used]
    if unused:
        removed = [row.image_id for row in unused]
        for row in unused:
            row.image.delete()
        record_act("picture.unpaste", acting_user=acting_user, detail={"pictures": removed})
    return [row for row in rows if row.image_id in used]


def _used(rows: list[PastedPicture]) -> set[int]:
    used = {row.image_id for row in rows if ReferenceIndex.get_references_to(row.image).exists()}
    open_ids = {row.image_id for row in rows} - used
    if not open_ids:
        return used
    # Nothing that was saved before the first of them was pasted can show one; autosaving writes over a version.
    since = min(row.pasted_at for row in rows)
    pages = Revision.page_revisions.filter(created_at__gte=since).order_by("pk")
    for revision in pages.iterator():
        if not Page.objects.filter(pk=revision.object_id).exists():
            continue
        named = referred_files(revision.as_object())
        used |= {file.object_id for file in named if file.kind == ClearedFile.Kind.IMAGE} & open_ids
    return used
