"""Where papers of applications lie: a private folder of the whole platform, which no host serves by address."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


@deconstructible
class PaperStorage(FileSystemStorage):
    """The folder ``PAPERS_ROOT``; its files have no address."""

    def __init__(self) -> None:
        super().__init__(location=settings.PAPERS_ROOT, base_url=None)


def paper_storage() -> Storage:
    """The storage of papers as the settings have it."""
    return storages["papers"]
