"""The reposter that the library calls on sites (content_library.distribution.reposting.Reposter)."""

from collections.abc import Callable

from content_library.distribution.reposting import MadeRepost, SiteColumn
from content_library.models import Repost, Resource, ResourceVersion
from govplatform.accounts.models import User
from sites.columns.actions import find_column

from .actions import follow_source, make_draft, repost_resource, take_down
from .addresses import public_addresses
from .pushed import make_pushed_draft, prepare_pushed_draft, shows_exactly, site_columns


class SiteReposter:
    """The reposter of this platform's sites; every method is called inside the receiving site's schema."""

    def make_draft(
        self, resource: Resource, *, column: str, mode: str, acting_user: User | None, submit: bool = False
    ) -> MadeRepost:
        if acting_user is None:
            return make_draft(resource, column=find_column(column), mode=mode, acting_user=None)
        return repost_resource(resource, column=find_column(column), mode=mode, acting_user=acting_user, submit=submit)

    def take_down(self, page_id: int, *, reason: str, acting_user: User | None = None) -> list[str]:
        return take_down(page_id, reason=reason, acting_user=acting_user)

    def follow(self, repost: Repost) -> None:
        follow_source(repost)

    def columns(self) -> list[SiteColumn]:
        return site_columns()

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
        return make_pushed_draft(resource, hold_version, column=column, push=push, pushed_by=pushed_by, submit=submit)

    def prepare_pushed_draft(self, page_id: int) -> None:
        prepare_pushed_draft(page_id)

    def shows_exactly(self, page_id: int, version: ResourceVersion) -> bool:
        return shows_exactly(page_id, version)

    def public_addresses(self, page_id: int) -> list[str]:
        return public_addresses(page_id)
