"""The public addresses of a page, its pictures and its attachments, which end when the page comes down."""

from urllib.parse import quote

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from content_library.models import Repost, ResourceFile
from govplatform.review.models import ClearedFile
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_schema, current_tenant


def public_addresses(page_id: int) -> list[str]:
    """Return the paths on the public host of a page and its files, the page's own first; empty if it never was public.

    A file that another live page of the site shows as well keeps its address and is left out.
    """
    page = Page.objects.filter(pk=page_id, first_published_at__isnull=False).first()
    if page is None:
        return []
    return [site_path(page), *_library_files(page_id), *_own_files(page_id)]


def _library_files(page_id: int) -> list[str]:
    repost = Repost.objects.filter(tenant=current_tenant(), page_id=page_id).first()
    if repost is None or repost.mode not in (Repost.Mode.MIRROR, Repost.Mode.PINNED):
        return []
    files = ResourceFile.objects.filter(
        version__resource_id=repost.resource_id, version__number__lte=repost.version
    ).values_list("blob_id", "name")
    others = Repost.objects.filter(tenant=current_tenant(), state=Repost.State.LIVE).exclude(pk=repost.pk)
    shared = set(
        ResourceFile.objects.filter(version__resource__in=others.values("resource")).values_list("blob_id", "name")
    )
    return [f"/library/files/{sm3}/{quote(name)}" for sm3, name in sorted(set(files) - shared)]


def _own_files(page_id: int) -> list[str]:
    cleared = ClearedFile.objects.filter(clearance__page_id=page_id)
    elsewhere = set(
        ClearedFile.objects.filter(clearance__status="valid", clearance__page__live=True)
        .exclude(clearance__page_id=page_id)
        .values_list("kind", "object_id")
    )
    ids: dict[str, set[int]] = {"image": set(), "document": set()}
    for kind, object_id in cleared.values_list("kind", "object_id").distinct():
        if (kind, object_id) not in elsewhere:
            ids[kind].add(object_id)
    documents = get_document_model().objects.filter(pk__in=ids["document"]).order_by("pk")
    renditions = get_image_model().get_rendition_model().objects.filter(image_id__in=ids["image"]).order_by("pk")
    return [
        *(f"/documents/{item.pk}/{quote(item.filename)}" for item in documents),
        *(f"/media/{current_schema()}/{quote(name)}" for name in renditions.values_list("file", flat=True)),
    ]
