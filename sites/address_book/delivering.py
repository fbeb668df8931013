"""What files of a site are out of date when something happens on it, or in the library: line by line on the sheet.

A page is shown at its own address, in the lists of its columns, on the pages beside it, on those that name it. What was
read of it when these were rendered (``govplatform.rendering.reads``) is named here when it changes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from wagtail.models import Page

from content_library.models import Repost, Resource
from content_library.vocabularies.models import Term
from govplatform.cases.models import Case
from govplatform.delivery.changes import note_change, note_changes, note_whole
from govplatform.delivery.models import DownList, SiteDelivery
from govplatform.delivery.queries import sites_showing
from govplatform.rendering.reads import Read, ReadOf
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant_or_none
from govplatform.tenancy.models import Tenant
from sites.interviews.shown import LIVE
from sites.pages.related import alike_keys, subject_of

_HOME_DEPTH = 2
#: More releases than a site has between two backups.
_BEYOND = 1_000_000


def bake_page(page: Page) -> None:
    """A page is public, or another version of it."""
    _note(page, down=False)


def bake_down(page: Page) -> None:
    """A page came down."""
    _note(page, down=True)


def bake_lists(page: Page, columns: Sequence[Any]) -> None:
    """A page is listed in columns besides its own, or no longer."""
    _note_lists(page, columns)


def bake_list(page: Page, column: Any) -> None:
    """A page stands first in the list of a column, or no longer."""
    _note_lists(page, [column])


def bake_home(page: Page) -> None:
    """The home page recommends ``page``, or no longer."""
    if (tenant := _delivered()) is not None:
        note_change(tenant, [(ReadOf.BELOW, page.path[: _HOME_DEPTH * Page.steplen])])


def bake_frame(page: Page) -> None:
    """Home page or column were changed: of a column every page shows something, of the home page itself alone."""
    if (tenant := _delivered()) is None:
        return
    if page.depth == _HOME_DEPTH:
        note_change(tenant, [(ReadOf.PAGE, str(page.pk)), (ReadOf.BELOW, page.path)])
    else:
        note_whole(tenant)


def bake_site() -> None:
    """What the head of every page shows is another."""
    if (tenant := _delivered()) is not None:
        note_whole(tenant)


def bake_new_files() -> None:
    """Pictures are there in new sizes: the ledger has addresses that no release has."""
    if (tenant := _delivered()) is not None:
        note_change(tenant, [])


def bake_saved_site(tenant: Tenant) -> None:
    """Names, look or state of a site are others; the sites below it show its name."""
    concerned = [tenant, *Tenant.objects.filter(parent=tenant)]
    for one in concerned:
        if not one.is_console:
            note_whole(one, down=one == tenant and not one.answers_citizens)
    bake_showing_site(tenant)


def bake_showing_site(tenant: Tenant) -> None:
    """Pages of other sites that show its name or lead to it."""
    _note_everywhere({(ReadOf.OTHER_SITE, str(tenant.pk))})


def bake_letters(page: Page) -> None:
    """An answer to a letter is public, another, or down: the columns of letters of every site with the same desk."""
    if not hasattr(page.specific_class, "case_number"):
        return
    desk = Case.objects.filter(number=page.specific.case_number).values_list("desk", flat=True).first()
    if desk is not None:
        _note_everywhere({(ReadOf.LETTERS, str(desk))})


def bake_live_text(page: Page) -> None:
    """Citizens are to see other live text of an interview: on its page and, before all else, where watchers look."""
    if (tenant := _delivered()) is not None:
        read = [(ReadOf.LIVE_TEXT, str(page.pk)), (ReadOf.AT, f"{site_path(page)}{LIVE}")]
        note_change(tenant, read, page=page.pk)


def bake_terms(term: Term, codes: Sequence[str]) -> None:
    """Words of a vocabulary are others: wherever one of them is shown, or asked for."""
    _note_everywhere({(ReadOf.TERM, f"{term.vocabulary}/{code}") for code in codes})


def bake_returned(tenant: Tenant) -> None:
    """A site is what it was before: every file of it is made anew, and what is not public any more goes first."""
    note_whole(tenant, down=True)


def bake_all() -> None:
    """The platform was restored: files are made of what it holds now.

    Front nodes and verifiers know releases and lists that the backup does not: numbers begin beyond them. What lies
    there may be of another day, so nothing of it is kept.
    """
    SiteDelivery.objects.update(sequence=F("sequence") + _BEYOND, whole=True)
    DownList.objects.update(sequence=F("sequence") + _BEYOND)
    for tenant in Tenant.objects.with_schema():
        if not tenant.is_console:
            note_whole(tenant)


def bake_resource(resource: Resource) -> None:
    """A resource of the library has another version: wherever it is shown, and what it interprets.

    A first one is shown by its own page alone, which tells for itself.
    """
    if resource.current.number > 1 or resource.interprets:
        _note_resources([resource])


def bake_taken_back(resource: Resource) -> None:
    """A resource may be shown nowhere any more: the pages that show it go first, those that name it follow."""
    note_changes(_shown_by([resource]), down=True)
    if interpreted := _interpreted([resource]):
        note_changes(_shown_by(interpreted))


def bake_given_back(resource: Resource) -> None:
    """A resource may be shown again."""
    _note_resources([resource])


def bake_reclassified(resource_ids: Sequence[int]) -> None:
    """Resources have another class: the pages that show it."""
    _note_resources(Resource.objects.filter(pk__in=resource_ids))


# --- inside ------------------------------------------------------------------------------


def _note_everywhere(reads: set[Read]) -> None:
    note_changes({site.pk: reads for site in sites_showing(reads)})


def _delivered() -> Tenant | None:
    tenant = current_tenant_or_none()
    return None if tenant is None or tenant.is_console else tenant


def _note(page: Any, *, down: bool) -> None:
    if (tenant := _delivered()) is not None:
        note_change(tenant, _reads_of(page), page=page.pk, down=down)


def _note_lists(page: Page, columns: Iterable[Any]) -> None:
    if (tenant := _delivered()) is not None and page.live:
        note_change(tenant, {read for column in columns for read in _below(column.path)})


def _reads_of(page: Any) -> set[Read]:
    path = site_path(page)
    reads: set[Read] = {(ReadOf.PAGE, str(page.pk)), (ReadOf.AT, path), (ReadOf.BESIDE, path)}
    reads.update(_below(page.path[: -Page.steplen]))
    # Lists of other columns that have it besides read it by its number, also before it was public.
    # What explains a document is named on the document, and the other way round.
    for name in ("policy_id", "about_id"):
        if explained := getattr(page, name, None):
            reads.add((ReadOf.PAGE, str(explained)))
    if hasattr(page, "named_on"):
        reads.update((ReadOf.PAGE, str(number)) for number in page.named_on())
    subject = subject_of(page) if hasattr(page, "keywords") and hasattr(page, "subject_class") else None
    if subject is not None:
        reads.update((ReadOf.ALIKE, key) for key in alike_keys(subject))
    return reads


def _below(path: str) -> set[Read]:
    """Every list that shows what stands at ``path``: its column's, those above, the home page, the site map."""
    steps = range(_HOME_DEPTH * Page.steplen, len(path) + 1, Page.steplen)
    return {(ReadOf.BELOW, ""), *((ReadOf.BELOW, path[:end]) for end in steps)}


def _note_resources(resources: Iterable[Resource]) -> None:
    """Pages of each site that shows one of them, or what it interprets; a site is told once."""
    known = list(resources)
    note_changes(_shown_by([*known, *_interpreted(known)], own=known))


def _interpreted(resources: Sequence[Resource]) -> list[Resource]:
    return list(Resource.objects.filter(uuid__in=[one.interprets for one in resources if one.interprets]))


def _shown_by(resources: Sequence[Resource], own: Sequence[Resource] | None = None) -> dict[int, set[Read]]:
    """Reads of the pages that show one of ``resources``, by site. ``own``: those whose own pages are meant too."""
    pages: dict[int, set[Read]] = {}
    for one in resources if own is None else own:
        if one.tenant_id is not None and one.page_id is not None:
            pages.setdefault(one.tenant_id, set()).add((ReadOf.PAGE, str(one.page_id)))
    shown = Repost.objects.filter(resource__in=resources, page_id__isnull=False)
    for site, page, resource in shown.values_list("tenant_id", "page_id", "resource_id"):
        pages.setdefault(site, set()).update({(ReadOf.PAGE, str(page)), (ReadOf.RESOURCE, str(resource))})
    return pages
