"""Rules of reposting, and the registry through which the library asks sites for it.

The library is a layer below the sites and never imports them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.tenancy.models import Tenant
from govplatform.untrusted_files.links import host_of, is_below
from govplatform.untrusted_files.network_addresses import is_on_the_internet

from ..metadata import Disclosure
from ..models import Repost, Resource, ResourceVersion
from ..resources.showing import is_shown

#: Rank of each level; the higher number is the superior one.
_RANKS = {str(Tenant.Level.COUNTY): 1, str(Tenant.Level.CITY): 2, str(Tenant.Level.PROVINCE): 3}


@dataclass(frozen=True)
class MadeRepost:
    """``reasons``: why the draft was not submitted, where that was asked; ``revision``: its first, where known."""

    page_id: int
    title: str
    mode: str
    version: int
    status: str
    reasons: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True)
class SiteColumn:
    """A live column of a site, with what the library needs to choose one."""

    page_id: int
    slug: str
    title: str
    column_type: str


class Reposter(Protocol):
    """The sites' part of reposting, as the library calls it, inside the receiving site's schema each time."""

    def make_draft(
        self, resource: Resource, *, column: str, mode: str, acting_user: User | None, submit: bool = False
    ) -> MadeRepost:
        """Make a draft on the column of that slug. Raises Refused.

        ``acting_user`` None: by the platform, for a push.
        """

    def take_down(self, page_id: int, *, reason: str, acting_user: User | None = None) -> list[str]:
        """Unpublish a repost or copy whose source may not be shown any more, or end its review.

        Returns the public paths that ended. May be called again.
        """

    def follow(self, repost: Repost) -> None:
        """Bring the newest version into the review of a site that does not follow by itself."""

    def columns(self) -> list[SiteColumn]:
        """Return the live columns in the order of the page tree."""

    def make_pushed_draft(
        self,
        resource: Resource,
        hold_version: Callable[[], ResourceVersion],
        *,
        column: SiteColumn,
        push: int,
        pushed_by: User,
        submit: bool,
    ) -> MadeRepost:
        """Make the draft of a mirror for one of many sites, submitted if asked; the caller holds the chain.

        ``hold_version`` holds the resource and gives its newest version, or raises Refused; it is called behind
        the lock of the column's page.
        """

    def prepare_pushed_draft(self, page_id: int) -> None:
        """Index the draft for the console's search, and scan it if it is under review. May be called again."""

    def shows_exactly(self, page_id: int, version: ResourceVersion) -> bool:
        """Is the newest revision of the page a mirror of that version, every word as it is when one is made?"""

    def public_addresses(self, page_id: int) -> list[str]:
        """Return the paths that showed citizens the page, its pictures and attachments; none if it never was public."""


_registered: list[Reposter] = []


def register_reposter(reposter: Reposter) -> None:
    """Register what the sites do for the library; called once, when the sites' app is ready."""
    _registered[:] = [reposter]


def reposter() -> Reposter:
    """Return the registered reposter. Raises LookupError when no site app is installed."""
    if not _registered:
        raise LookupError("nothing reposts here: the sites' app is not installed")
    return _registered[0]


def origin_of(resource: Resource) -> Resource:
    """Return what the resource was copied from in the end, or itself: the provenance of a repost is the origin."""
    seen = {resource.uuid}
    while resource.origin is not None and resource.origin not in seen:
        seen.add(resource.origin)
        found = Resource.objects.select_related("current", "tenant").filter(uuid=resource.origin).first()
        if found is None:
            break
        resource = found
    return resource


def reasons_against_reposting(resource: Resource) -> list[str]:
    """Say why nobody may repost the resource (now); empty when everybody may."""
    title = {"title": resource.title}
    reasons = []
    if not is_shown(resource):
        reasons.append(_("“%(title)s”已由来源撤回，不能转载。") % title)
    if not resource.repostable:
        reasons.append(_("“%(title)s”标明不得转载。需要时请与来源单位联系。") % title)
    if resource.disclosure != Disclosure.PROACTIVE:
        reasons.append(_("“%(title)s”不是主动公开的信息，不能转载。") % title)
    return reasons


def reasons_against_receiving(resource: Resource, tenant: Tenant, mode: str) -> list[str]:
    """Say why ``tenant`` may not repost ``resource``, an origin, by ``mode``; empty when it may."""
    reasons = []
    if mode not in Repost.Mode.values:
        known = "、".join(f"{value}（{label}）" for value, label in Repost.Mode.choices)
        reasons.append(_("没有“%(mode)s”这种转载方式。可用：%(known)s。") % {"mode": mode, "known": known})
    if tenant.is_console:
        reasons.append(_("监管控制台没有栏目，不能转载。"))
    if mode != Repost.Mode.LINK and tenant.pk == resource.tenant_id:
        reasons.append(
            _("“%(title)s”就是本站的信息，不能转载回本站；需要在另一栏目列出时请用链接方式。")
            % {"title": resource.title}
        )
    if mode == Repost.Mode.LINK and resource.url and resource.tenant_id is None and not is_public_address(resource.url):
        reasons.append(
            _("“%(title)s”的来源网址不是公众能够访问的地址，不能用链接方式转载。") % {"title": resource.title}
        )
    if mode == Repost.Mode.LINK and not resource.url:
        reasons.append(_("“%(title)s”没有来源网址，不能用链接方式转载。") % {"title": resource.title})
    return reasons


def is_public_address(url: str) -> bool:
    """Tell whether citizens can go to ``url``: no console of this platform, no host or network address within."""
    host = host_of(url).strip("[]")
    if is_below(host, settings.CONSOLE_PARENT_DOMAIN) or ("." not in host and ":" not in host):
        return False
    try:
        return is_on_the_internet(host)
    except ValueError:
        return not host.rsplit(".", 1)[-1].isdigit()


def reposts_on(tenant: Tenant, resources: Sequence[Resource], *, besides: int | None = None) -> dict[int, Repost]:
    """Resource id -> the page of ``tenant`` that shows it or is about to; what was taken down does not count.

    ``besides``: id of a page that is not asked for.
    """
    found = Repost.objects.filter(tenant=tenant, resource__in=resources).exclude(state=Repost.State.WITHDRAWN)
    return {repost.resource_id: repost for repost in found.exclude(page_id=besides or 0)}


def follows_at_once(resource: Resource, tenant: Tenant) -> bool:
    """Tell whether a mirror on ``tenant`` shows each new version at once.

    It does when the resource is of a site of this platform on a superior level.
    """
    if resource.tenant_id is None:
        return False
    return _RANKS.get(resource.level, 0) > _RANKS.get(tenant.level, 0)


def levels_below(level: str) -> list[str]:
    """Return the levels of the sites whose mirrors follow a source of ``level`` at once."""
    return [name for name, rank in _RANKS.items() if rank < _RANKS.get(level, 0)]


def note_new_version(resource: Resource, version: ResourceVersion) -> tuple[int, list[int]]:
    """Tell the reposts of a new version, in the transaction that makes it.

    Returns (number of mirrors that show it from now on, ids of the reposts told). One statement each, however many
    sites there are. A version that may not be reposted is shown nowhere by itself.
    """
    number = version.number
    live = Repost.objects.filter(resource=resource, mode=Repost.Mode.MIRROR, state=Repost.State.LIVE)
    following = 0
    if resource.tenant_id is not None and not reasons_against_reposting(resource):
        below = levels_below(resource.level)
        following = live.filter(tenant__level__in=below, version__lt=number).update(version=number, pending=None)
    told = Repost.objects.filter(
        resource=resource, mode__in=(Repost.Mode.MIRROR, Repost.Mode.PINNED), version__lt=number
    ).exclude(state=Repost.State.WITHDRAWN)
    ids = list(told.values_list("pk", flat=True))
    Repost.objects.filter(pk__in=ids).update(pending=number)
    return following, ids


def describe_repost(repost: Repost) -> dict[str, Any]:
    """Return what the verb ``show_page`` prints in addition for a repost."""
    return {
        "mode": repost.mode,
        "version": repost.version,
        "pending_version": repost.pending,
        "resource": str(repost.resource.uuid),
        "repost_state": repost.state,
    }
