"""What the ledger learns when a page goes public or comes down, line by line on the sheet of consequences."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, QuerySet
from wagtail.models import Page

from content_library.models import Repost, Resource, ResourceFile
from govplatform.addresses.actions import enter_here
from govplatform.addresses.entering import end_objects, end_others, enter_past, enter_public, move_tree
from govplatform.addresses.known import Ending, Kind, KnownAddress, address_book
from govplatform.addresses.models import Address
from govplatform.locks.holding import locking
from govplatform.review.frame.pictures import frame_pictures
from govplatform.review.gate.requirements import structural_types
from govplatform.review.models import Clearance, ClearedFile
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant
from sites.columns.models import Column
from sites.media.models import SiteImage, SiteRendition
from sites.pages.rows import path_of

from .content import (
    addresses_of_page,
    file_addresses,
    frame_picture_addresses,
    library_addresses,
    page_address,
    rendition_address,
    shown_files,
)
from .frame import columns_above, columns_with_those_above, home_address, list_addresses


def enter_addresses(page: Page, clearance: Clearance) -> None:
    """Enter the addresses of the page that was just published, of its files, and of the lists that it made longer.

    The address that it had before a correction, if it was another, leads to it from now on.
    """
    tenant = current_tenant_or_none()
    if tenant is None:
        return
    here = addresses_of_page(page)
    shown = shown_files().filter(clearance=clearance)
    files = [*file_addresses(shown), *library_addresses(_reposts(tenant, page))]
    enter_public(tenant, [*here, *files])
    # A page that was never cleared before has no former address and no former file.
    if Clearance.objects.filter(page_id=page.pk).exclude(pk=clearance.pk).exists():
        end_objects(tenant, [Kind.PAGE], [page.pk], Ending.MOVED, but=here)
        _end_library_files(tenant, page, Ending.REPLACED, but=files)
        _end_files(tenant, page, Ending.REPLACED)
    renew_lists(tenant, columns_above(page))


def end_withdrawn(page: Page) -> None:
    """Note that a page was withdrawn, with what nothing but it shows."""
    _end(page, Ending.WITHDRAWN)


def end_expired(page: Page) -> None:
    """Note that the time of a page is over, with what nothing but it shows."""
    _end(page, Ending.EXPIRED)


def follow_frame(page: Page, before: str) -> None:
    """Enter where a column or home page is shown; what stood at or below ``before`` leads there from now on.

    ``before``: the ``url_path`` at which it was shown until now, '' when it was not.
    """
    tenant = current_tenant_or_none()
    if tenant is None or not page.live:
        return
    if page.depth == 2:
        enter_public(tenant, [home_address(page)])
        return
    if before and before != page.url_path:
        move_tree(tenant, path_of(before), path_of(page.url_path))
        _complete_moved(tenant, page, before)
    renew_lists(tenant, columns_above(page), names_too=True)
    if before and before != page.url_path:
        _renew_old_lists(tenant, before)


def hold_returned(tenant: Tenant) -> None:
    """Lock what is public of the site, which stands before the reposts that follow (decision 018)."""
    for _address in locking(Address.objects.filter(tenant=tenant, state=Address.State.PUBLIC)).only("pk").iterator():
        pass


def end_returned(tenant: Tenant, reason: str) -> None:
    """A site is what it was before: what is public there now is entered, what is not any more says ``reason``."""
    if not tenant.is_console:
        end_others(tenant, address_book().public_addresses(), reason)
        enter_here(tenant)


def enter_new_site(tenant: Tenant) -> None:
    """Enter the first pages of a new site."""
    if not tenant.is_console:
        enter_here(tenant)


def enter_renditions(image: SiteImage, renditions: Sequence[SiteRendition]) -> None:
    """Enter sizes of a picture that were just made, if a live page shows the picture."""
    tenant = current_tenant_or_none()
    if tenant is None or tenant.is_console:
        return
    shown = shown_files().filter(kind=ClearedFile.Kind.IMAGE, object_id=image.pk, name=image.file.name)
    if shown.exists() or image.pk in frame_pictures():
        enter_public(tenant, [rendition_address(rendition) for rendition in renditions])


def follow_listing(page: Page, columns: tuple[Column, ...]) -> None:
    """The lists of ``columns``, and of those above them, are longer or shorter: ``page`` is shown there, or no more."""
    tenant = current_tenant_or_none()
    if tenant is not None and page.live:
        renew_lists(tenant, columns_with_those_above(Column.objects.filter(pk__in=[column.pk for column in columns])))


def follow_frame_pictures(gone: frozenset[int]) -> None:
    """Enter the sizes that there are of the frame's pictures; those of ``gone`` end where nothing else shows them."""
    tenant = current_tenant_or_none()
    if tenant is None or tenant.is_console:
        return
    enter_public(tenant, list(frame_picture_addresses()))
    still = set(
        shown_files().filter(kind=ClearedFile.Kind.IMAGE, object_id__in=gone).values_list("object_id", flat=True)
    )
    if ended := sorted(gone - still - frame_pictures().keys()):
        end_objects(tenant, [Kind.IMAGE], ended, Ending.REPLACED)


def enter_mirrored(resource: Resource) -> None:
    """Enter the files of a version that mirrors on other sites show with the same commit as their source."""
    if resource.current.number == 1:
        return
    following = Repost.objects.filter(resource=resource, state=Repost.State.LIVE, version=resource.current.number)
    for repost in following.select_related("tenant").order_by("tenant_id"):
        enter_public(repost.tenant, library_addresses(Repost.objects.filter(pk=repost.pk)))


def renew_lists(tenant: Tenant, columns: Iterable[Column], *, names_too: bool = False) -> None:
    """Enter the lists of ``columns`` with as many numbered pages as they have now; those beyond lead to the list.

    Nothing is written where the ledger has that many already, unless the lists are called otherwise (``names_too``).
    """
    renewed = list(columns)
    public = Address.objects.filter(tenant=tenant, kind=Kind.LIST, state=Address.State.PUBLIC)
    of_these = public.filter(object_id__in=[column.pk for column in renewed]).order_by().values_list("object_id")
    entered = dict(of_these.annotate(Count("pk")))
    for column in renewed:
        lists = list(list_addresses(column, column.count_listed()))
        # a list has one feed beside its pages
        if entered.get(column.pk, 0) == len(lists) - 1 and not names_too:
            continue
        enter_public(tenant, lists)
        end_objects(tenant, [Kind.LIST], [column.pk], Ending.REPLACED, but=lists)


# --- inside ------------------------------------------------------------------------------


def _end(page: Page, ending: Ending) -> None:
    tenant = current_tenant_or_none()
    if tenant is None:
        return
    end_objects(tenant, [Kind.PAGE], [page.pk], ending)
    _end_library_files(tenant, page, ending)
    _end_files(tenant, page, ending)
    renew_lists(tenant, columns_above(page))


def _end_files(tenant: Tenant, page: Page, ending: Ending) -> None:
    """End the files that ``page`` once showed and no live page shows now."""
    shown_here = set(ClearedFile.objects.filter(clearance__page_id=page.pk).values_list("kind", "object_id"))
    for kind, file in ((Kind.FILE, ClearedFile.Kind.DOCUMENT), (Kind.IMAGE, ClearedFile.Kind.IMAGE)):
        once = {number for shown, number in shown_here if shown == file}
        if once:
            still = set(shown_files().filter(kind=file, object_id__in=once).values_list("object_id", flat=True))
            if file == ClearedFile.Kind.IMAGE:
                still |= frame_pictures().keys()
            end_objects(tenant, [kind], sorted(once - still), ending)


def _end_library_files(tenant: Tenant, page: Page, ending: Ending, *, but: Iterable[KnownAddress] = ()) -> None:
    """End the files of the library that ``page`` shows no more; the same file may stand in another repost as well."""
    if not end_objects(tenant, [Kind.LIBRARY], [page.pk], ending, but=but):
        return
    ended = Address.objects.filter(tenant=tenant, kind=Kind.LIBRARY, object_id=page.pk, state=Address.State.PAST)
    files = ResourceFile.objects.filter(blob_id__in=list(ended.values_list("variant", flat=True)))
    others = Repost.objects.filter(tenant=tenant, resource_id__in=files.values("version__resource_id"))
    enter_public(tenant, library_addresses(others.exclude(page_id=page.pk)))


def _renew_old_lists(tenant: Tenant, before: str) -> None:
    """The columns from which a column was moved away have shorter lists by now."""
    parts = before.rstrip("/").split("/")
    above = ["/".join(parts[:end]) + "/" for end in range(3, len(parts))]
    renew_lists(tenant, Column.objects.filter(url_path__in=above, live=True))


def _complete_moved(tenant: Tenant, column: Page, before: str) -> None:
    """Enter what lies below a moved column and was not in the ledger yet, at both addresses."""
    below = Page.objects.filter(path__startswith=column.path, first_published_at__isnull=False)
    below = below.exclude(content_type_id__in=structural_types()).only("pk", "title", "url_path", "live", "expired")
    pages = list(below)

    def moved_from(page: Page) -> KnownAddress:
        old = path_of(before) + page.url_path.removeprefix(column.url_path)
        return KnownAddress(old, Kind.PAGE, page.title, page.pk)

    def why(page: Page) -> Ending:
        return Ending.MOVED if page.live else Ending.EXPIRED if page.expired else Ending.WITHDRAWN

    enter_public(tenant, (page_address(page) for page in pages if page.live))
    enter_past(tenant, ((moved_from(page), why(page)) for page in pages))


def _reposts(tenant: Tenant, page: Page) -> QuerySet[Repost]:
    return Repost.objects.filter(tenant=tenant, page_id=page.pk)
