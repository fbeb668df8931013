"""What home pages and columns have in common as kinds of the frame."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django.urls import reverse
from wagtail.models import Page

from .kinds import FrameKind, Texts

#: Fields of every page of Wagtail that the forms of the frame do not have and no template shows.
UNSEEN_OF_PAGES = MappingProxyType(
    {
        "path": "place in the tree, given by the platform",
        "draft_title": "the console's copy of the title",
        "url_path": "made of the slugs",
        "seo_title": "in no form of the frame and shown by no template",
        "search_description": "in no form of the frame and shown by no template",
    }
)


class FramePageKind(FrameKind):
    """A kind whose objects are pages of Wagtail's tree."""

    unseen: ClassVar = UNSEEN_OF_PAGES

    def shown(self) -> Iterable[Any]:
        return self.model_class().objects.filter(live=True).order_by("pk")

    def title_of(self, obj: Any) -> str:
        return str(obj.title)

    def page_ids(self, obj: Any) -> Sequence[int]:
        return (obj.pk,)

    def address(self, obj: Any) -> str:
        return reverse("page_edit", args=[obj.pk])

    def apply(self, obj: Any, texts: Texts, *, acting_user: Any, is_new: bool = False) -> None:
        for name, words in texts.items():
            setattr(obj, name, words)
        obj.draft_title = obj.title
        if is_new:
            obj.live = True
        save_arranged(obj, acting_user=acting_user)


def save_arranged(page: Any, *, acting_user: Any) -> None:
    """Store a page of the frame as it is now, for the editor too.

    The editor begins with the newest version: an older one would bring back what was there before.
    """
    page.save()
    if page.latest_revision_id is None:
        return
    revision = page.save_revision(user=acting_user, clean=False, log_action=False)
    kept = {"live_revision": revision, "has_unpublished_changes": False}
    Page.objects.filter(pk=page.pk).update(**kept)
