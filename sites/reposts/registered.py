"""What the library asks of sites (content_library.distribution.reposting.Reposter)."""

from content_library.distribution.reposting import MadeRepost, SiteColumn
from content_library.models import Repost, Resource, ResourceVersion
from govplatform.accounts.models import User
from sites.columns.actions import find_column


class SiteReposter:
    """Each call inside the receiving site's schema."""

    def make_draft(
        self, resource: Resource, *, column: str, mode: str, acting_user: User | None, submit: bool = False
    ) -> MadeRepost:
        from .actions import make_draft, repost_resource

        if acting_user is None:
            return make_draft(resource, column=find_column(column), mode=mode, acting_user=None)
        return repost_resource(resource, column=find_column(column), mode=mode, acting_user=acting_user, submit=submit)

    def take_down(self, repost: Repost, *, reason: str, acting_user: User | None = None) -> list[str]:
        from .actions import take_down

        return take_down(repost, reason=reason, acting_user=acting_user)

    def follow(self, repost: Repost) -> None:
        from .actions import follow_source

        follow_source(repost)

    def columns(self) -> list[SiteColumn]:
        from .pushed import site_columns

        return site_columns()

    def make_pushed_draft(
        self,
        resource: Resource,
        version: ResourceVersion,
        *,
        column: SiteColumn,
        push: int,
        pushed_by: User,
        submit: bool,
    ) -> MadeRepost:
        from .pushed import make_pushed_draft

        return make_pushed_draft(resource, version, column=column, push=push, pushed_by=pushed_by, submit=submit)

    def prepare_pushed_draft(self, page_id: int) -> None:
        from .pushed import prepare_pushed_draft

        prepare_pushed_draft(page_id)

    def public_addresses(self, page_id: int) -> list[str]:
        from .addresses import public_addresses

        return public_addresses(page_id)
