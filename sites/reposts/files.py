"""The files of the library on this site, sent only while a live page of the site shows a version that has them.

The answer is 410 for files that were public here once and no longer are, and 404 for all others, so that nobody learns
what exists.
"""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from content_library.distribution.place import place_of_rows
from content_library.models import Repost, ResourceFile
from content_library.resources.blobs import blob_name, blob_storage, open_blob
from content_library.resources.showing import shown_sql
from govplatform.review.permissions import VIEW_DRAFT, may_on_content
from sites.public.access import for_citizens
from sites.public.errors import gone, withdrawn_reason
from sites.public.files import PLAYED, send_stored

from .models import RepostPage
from .queries import load_cleared

_USES = f"""
SELECT v.number = r.version, r.state, r.published_at IS NOT NULL, {shown_sql("x")}
FROM public.content_library_resourcefile f
JOIN public.content_library_resourceversion v ON v.id = f.version_id
JOIN public.content_library_resource x ON x.id = v.resource_id
JOIN public.content_library_repost r ON r.resource_id = x.id AND r.tenant_id = %s
WHERE f.blob_id = %s AND f.name = %s AND v.number <= r.version AND r.mode IN ('mirror', 'pinned')
"""


@for_citizens
def library_file(request: HttpRequest, sm3: str, name: str) -> HttpResponseBase:
    """Send a picture or attachment of a reposted resource by its SM3 and name; see the module for 410 and Http404."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_USES, [place_of_rows().tenant_id, sm3, name])
        uses = cursor.fetchall()
    if any(
        is_its_version and state == Repost.State.LIVE and may_be_shown
        for is_its_version, state, _published, may_be_shown in uses
    ):
        return send_blob(request, sm3, name)
    if any(published for _version, _state, published, _shown in uses):
        return gone(request, None, withdrawn_reason())
    raise Http404


def draft_file(request: HttpRequest, page_id: int, sm3: str, name: str) -> HttpResponseBase:
    """Send a file of the version that a draft or its page names, in the console; Http404 unless the person may look."""
    if not may_on_content(request.user, VIEW_DRAFT):
        raise Http404
    page = RepostPage.objects.filter(pk=page_id).first()
    drafts = [page] if page is not None else []
    if page is not None and (latest := page.get_latest_revision()) is not None:
        drafts.append(latest.as_object())
    for draft in drafts:
        cleared = load_cleared(draft)
        if cleared and ResourceFile.objects.filter(version=cleared.version, blob_id=sm3, name=name).exists():
            return send_blob(request, sm3, name)
    raise Http404


def send_blob(request: HttpRequest, sm3: str, name: str) -> HttpResponseBase:
    """Send the bytes of the library's file ``sm3`` under the name that readers see; Http404 when gone or exchanged."""
    try:
        # Opening checks the bytes: a file exchanged in storage is served to nobody.
        open_blob(sm3).close()
        file = _Stored(blob_name(sm3))
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    played = (*PLAYED, ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
    return send_stored(request, file, name, as_attachment=not name.lower().endswith(played))


class _Stored:
    """The attributes of a file field that ``send_stored`` uses, for a file of the library."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.storage = blob_storage()

    @property
    def size(self) -> int:
        return self.storage.size(self.name)
