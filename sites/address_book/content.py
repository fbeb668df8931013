"""The addresses of pages of content, and of the pictures and attachments that they show."""

from collections.abc import Iterable, Iterator

from django.db.models import F, Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from content_library.distribution.listing import recalled_pages, without_recalled
from content_library.models import Repost, ResourceFile
from govplatform.addresses.known import Ending, Kind, KnownAddress, PastAddress
from govplatform.review.frame.pictures import frame_pictures
from govplatform.review.gate.requirements import structural_types
from govplatform.review.models import Clearance, ClearedFile
from govplatform.tenancy.current import current_schema, current_tenant
from sites.interviews.models import InterviewPage
from sites.interviews.shown import LIVE
from sites.pages.rows import path_of

_CHUNK = 2_000
#: Which of the addresses of an interview's page it is.
_LIVE = "live"
_OF_COPIES = (Repost.Mode.MIRROR, Repost.Mode.PINNED)


def page_address(page: Page) -> KnownAddress:
    return KnownAddress(path_of(page.url_path), Kind.PAGE, page.title, page.pk)


def live_text_address(page: Page) -> KnownAddress:
    """Where watchers of an interview look again and again."""
    return KnownAddress(f"{path_of(page.url_path)}{LIVE}", Kind.PAGE, page.title, page.pk, _LIVE)


def addresses_of_page(page: Page) -> list[KnownAddress]:
    """The address of a live page and, of an interview, that of its live text."""
    is_interview = page.cached_content_type.model_class() is InterviewPage
    return [page_address(page), *([live_text_address(page)] if is_interview else [])]


def content_addresses() -> Iterator[KnownAddress]:
    """Every live page of content, and every file that such a page shows, each once."""
    pages = without_recalled(_content(Page.objects.filter(live=True)))
    for page in pages.only("pk", "title", "url_path").iterator(chunk_size=_CHUNK):
        yield page_address(page)
    yield from _live_texts(pages)
    shown = shown_files()
    yield from document_addresses(shown)
    yield from picture_addresses(shown)
    yield from frame_picture_addresses()
    yield from library_addresses(Repost.objects.filter(tenant=current_tenant()))


def addresses_of_pages(pages: QuerySet[Page]) -> Iterator[KnownAddress]:
    """The addresses of those among ``pages`` that are public, and of the files that they show."""
    public = without_recalled(_content(pages.filter(live=True)))
    for page in public.only("pk", "title", "url_path").iterator(chunk_size=_CHUNK):
        yield page_address(page)
    yield from _live_texts(public)
    ids = list(public.values_list("pk", flat=True))
    shown = shown_files().filter(clearance__page_id__in=ids)
    yield from document_addresses(shown)
    yield from picture_addresses(shown)
    yield from library_addresses(Repost.objects.filter(tenant=current_tenant(), page_id__in=ids))


def past_pages() -> Iterator[PastAddress]:
    """Pages of content that were public and are not."""
    gone = _content(Page.objects.filter(first_published_at__isnull=False))
    gone = gone.filter(Q(live=False) | recalled_pages())
    for page in gone.only("pk", "title", "url_path", "expired").iterator(chunk_size=_CHUNK):
        yield PastAddress(page_address(page), Ending.EXPIRED if page.expired else Ending.WITHDRAWN)


def shown_files() -> QuerySet[ClearedFile]:
    """The files that live pages show, as the public host sends them (``sites.public.files.cleared_file``)."""
    shown = ClearedFile.objects.filter(
        clearance__status=Clearance.Status.VALID,
        clearance__page__live=True,
        clearance__revision_id=F("clearance__page__live_revision_id"),
    )
    return without_recalled(shown, "clearance__page_id")


def file_addresses(shown: QuerySet[ClearedFile]) -> list[KnownAddress]:
    """Attachments and pictures among the files ``shown``; one statement where there are none, as on most pages."""
    if not shown.exists():
        return []
    return [*document_addresses(shown), *picture_addresses(shown)]


def document_addresses(shown: QuerySet[ClearedFile]) -> Iterator[KnownAddress]:
    """The attachments among the files ``shown``."""
    names = _names(shown, ClearedFile.Kind.DOCUMENT)
    for part in _parts(sorted(names)):
        for document in get_document_model().objects.filter(pk__in=part).order_by("pk"):
            if document.file.name in names[document.pk]:
                path = f"/documents/{document.pk}/{document.filename}"
                yield KnownAddress(_literal(path), Kind.FILE, document.title, document.pk)


def picture_addresses(shown: QuerySet[ClearedFile]) -> Iterator[KnownAddress]:
    """The sizes that there are of the pictures among the files ``shown``; sizes made later enter when they are made."""
    names = _names(shown, ClearedFile.Kind.IMAGE)
    renditions = get_image_model().get_rendition_model().objects.select_related("image").order_by("image_id", "pk")
    for part in _parts(sorted(names)):
        for rendition in renditions.filter(image_id__in=part):
            if rendition.image.file.name in names[rendition.image_id]:
                yield rendition_address(rendition)


def frame_picture_addresses() -> Iterator[KnownAddress]:
    """The sizes that there are of the pictures on the home page and in the head of all pages."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image").order_by("image_id", "pk")
    for rendition in renditions.filter(image_id__in=frame_pictures()):
        yield rendition_address(rendition)


def rendition_address(rendition: object) -> KnownAddress:
    """The address of one size of a picture."""
    size = ".".join(filter(None, [rendition.focal_point_key, rendition.filter_spec]))  # type: ignore[attr-defined]
    return KnownAddress(
        _literal(f"/media/{current_schema()}/{rendition.file.name}"),  # type: ignore[attr-defined]
        Kind.IMAGE,
        rendition.image.title,  # type: ignore[attr-defined]
        rendition.image_id,  # type: ignore[attr-defined]
        size,
    )


def library_addresses(reposts: QuerySet[Repost]) -> Iterator[KnownAddress]:
    """The pictures and attachments of the library that live ``reposts`` of the current site show."""
    live = reposts.filter(state=Repost.State.LIVE, mode__in=_OF_COPIES)
    for page_id, resource_id, number in live.values_list("page_id", "resource_id", "version").iterator():
        files = ResourceFile.objects.filter(version__resource_id=resource_id, version__number=number)
        for sm3, name, title in files.values_list("blob_id", "name", "title"):
            yield KnownAddress(_literal(f"/library/files/{sm3}/{name}"), Kind.LIBRARY, title, page_id, sm3)


# --- inside ------------------------------------------------------------------------------


def _live_texts(pages: QuerySet[Page]) -> Iterator[KnownAddress]:
    interviews = pages.filter(pk__in=InterviewPage.objects.values("pk"))
    for page in interviews.only("pk", "title", "url_path").iterator(chunk_size=_CHUNK):
        yield live_text_address(page)


def _content(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.filter(depth__gt=2).exclude(content_type_id__in=structural_types()).order_by("path")


def _names(shown: QuerySet[ClearedFile], kind: str) -> dict[int, set[str]]:
    """Ids of the objects of ``kind`` -> the names in storage under which they may be sent."""
    names: dict[int, set[str]] = {}
    for object_id, name in shown.filter(kind=kind).values_list("object_id", "name").distinct():
        names.setdefault(object_id, set()).add(name)
    return names


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _literal(path: str) -> str:
    """``path``, in which ``?`` and the like are part of a file's name."""
    return path.replace("%", "%25").replace("?", "%3F").replace("#", "%23")
