"""Where the words of a page came from. It belongs to the words: a copy of a copy names the same origin.

A repost and a copy have a record in the library (``Repost``). A copied page says its origin itself besides
(``copied_from``, reviewed with the rest of it), and whatever is copied from that page says it too, without a record of
its own: its editor may make something new of it, and a recall of the origin reaches it all the same.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from content_library.models import Repost, Resource
from content_library.resources.showing import is_shown
from govplatform.tenancy.models import Tenant

from .reposting import reposts_on


def source_of_page(tenant: Tenant, page_id: int | None, copied_from: UUID | None) -> Resource | None:
    """What a page of ``tenant`` shows or was copied from: by the library's record, else by what it says itself.

    None for words of the site's own, and for an origin that this library does not have.
    """
    record = _record(tenant, page_id)
    return record.resource if record is not None else find_origin(copied_from)


def find_origin(copied_from: UUID | None) -> Resource | None:
    """The resource that a page names as the origin of its words."""
    if copied_from is None:
        return None
    return Resource.objects.select_related("tenant").filter(uuid=copied_from).first()


def reasons_against_handing_in(tenant: Tenant, page_id: int | None, copied_from: UUID | None, title: str) -> list[str]:
    """Why a page with copied words may not be reviewed (now); empty for words of the site's own.

    That its source forbids reposting by now does not count: it was copied while that was allowed.
    """
    record = _record(tenant, page_id)
    source = record.resource if record is not None else find_origin(copied_from)
    if source is None:
        return []
    if not is_shown(source):
        return [words_for_withdrawn(title)]
    return reasons_against_a_second_page(source, tenant, page_id) if record is not None else []


def reasons_against_a_second_page(resource: Resource, tenant: Tenant, page_id: int | None) -> list[str]:
    """A site shows a resource on one page: why it may not be shown on ``page_id`` too."""
    other = reposts_on(tenant, [resource], besides=page_id).get(resource.pk)
    if other is None:
        return []
    return [
        _("“%(title)s”本站已由另一页转载（页面 %(page)s，%(state)s），同一信息不能有两页。请使用那一页，或先将它撤下。")
        % {"title": resource.title, "page": other.page_id, "state": other.get_state_display()}
    ]


def words_for_withdrawn(title: str) -> str:
    """What editors and reviewers are told of a page whose source was taken back; nobody has to delete anything."""
    return _(
        "“%(title)s”的来源已经撤回原信息，不能送审或发布。正在审核的请退回；"
        "草稿不会公开，留在本站即可，来源恢复公开后可以再送审。"
    ) % {"title": title}


def words_for_lost_source(source: Resource | None, title: str) -> str:
    """What everybody reads of a page whose source was taken back, with the reason that was given; '' if it stands."""
    if source is None or is_shown(source):
        return ""
    said = words_for_withdrawn(title)
    if not source.is_withdrawn or not source.status_reason:
        return said
    return _("%(said)s来源给出的理由：%(reason)s") % {"said": said, "reason": source.status_reason}


def _record(tenant: Tenant, page_id: int | None) -> Repost | None:
    if page_id is None:
        return None
    return Repost.objects.select_related("resource__tenant").filter(tenant=tenant, page_id=page_id).first()
