"""What happens to public copies when their original is deleted."""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from . import public_copies


def connect() -> None:
    post_delete.connect(forget_copies, sender=get_image_model(), dispatch_uid="public-copies-image")
    post_delete.connect(forget_copies, sender=get_document_model(), dispatch_uid="public-copies-document")


def forget_copies(*, sender: type, instance: Any, **_kwargs: Any) -> None:
    """A copy without its original serves nobody."""
    public_copies.forget("image" if sender is get_image_model() else "document", instance.pk)
