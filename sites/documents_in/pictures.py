"""The pictures of an imported document, as pictures of the site."""

from pathlib import Path

from django.core.files.base import ContentFile

from govplatform.accounts.models import User
from sites.media.models import SiteImage

from .extraction import ExtractedDocument
from .page_building import alternative_text


def store_image(document: ExtractedDocument, number: int, path: Path, uploader: User) -> SiteImage:
    """Store the picture ``number`` of a document, whose bytes lie at ``path``; return its new row.

    The extraction wrote it anew, without camera data and positions.
    """
    alt = alternative_text(document, number)
    return SiteImage.objects.create(
        title=alt,
        description=alt,
        file=ContentFile(path.read_bytes(), name=document.images[number].name),
        uploaded_by_user=uploader,
    )
