"""Reports files that are deleted, by whatever way, by means of Django's signals."""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from govplatform.events.sheet import follow

from .events import OriginalDeleted


def connect_signals() -> None:
    """Listen to Django's own signals; called once at the start."""
    post_delete.connect(note_deleted, sender=get_image_model(), dispatch_uid="originals-image")
    post_delete.connect(note_deleted, sender=get_document_model(), dispatch_uid="originals-document")


def note_deleted(*, sender: type, instance: Any, **_kwargs: Any) -> None:
    """Send OriginalDeleted for an image or document that was deleted."""
    follow(OriginalDeleted(item=instance, kind="image" if sender is get_image_model() else "document"))
