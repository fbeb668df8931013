"""The rights on pages: one table of role x kind of page x act.

Wagtail asks a permission tester; ours answers from the table and from the state of the page.
Every secondary view (history, compare, copy, preview, choosers, admin API) asks the same tester.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from govplatform.accounts.permissions import current_roles, is_limited, is_supervisor
from govplatform.accounts.roles import (
    AUDITOR,
    CLERK,
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    SITE_ADMIN,
    SUPERVISOR,
)
from govplatform.confidentiality.models import Disposition
from govplatform.tenancy.current import current_tenant_or_none

from .models import Clearance, Decision
from .places import places_of

VIEW_DRAFT, ADD, EDIT, SUBMIT, DELETE_DRAFT, WITHDRAW = "view_draft", "add", "edit", "submit", "delete", "withdraw"
MANAGE_STRUCTURE = "manage_structure"
WITHDRAW_AT_ONCE, CONFIRM_WITHDRAWAL = "withdraw_at_once", "confirm_withdrawal"

#: role -> acts on content pages
CONTENT_ACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        EDITOR.code: frozenset({VIEW_DRAFT, ADD, EDIT, SUBMIT, DELETE_DRAFT}),
        CONTENT_REVIEWER.code: frozenset({VIEW_DRAFT, WITHDRAW, CONFIRM_WITHDRAWAL}),
        CONFIDENTIALITY_REVIEWER.code: frozenset({VIEW_DRAFT, WITHDRAW, CONFIRM_WITHDRAWAL}),
        # Manages people and columns, sees no draft:
        # 《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项.
        SITE_ADMIN.code: frozenset(),
        AUDITOR.code: frozenset(),
        CLERK.code: frozenset(),
    }
)
#: role -> acts on home page and columns
STRUCTURE_ACTS: Mapping[str, frozenset[str]] = MappingProxyType({SITE_ADMIN.code: frozenset({MANAGE_STRUCTURE})})
#: role in the console tenant -> acts on the content of every site
SUPERVISION_ACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {SUPERVISOR.code: frozenset({WITHDRAW_AT_ONCE, CONFIRM_WITHDRAWAL})}
)


def roles_for(act: str) -> frozenset[str]:
    """Return the codes of the roles that may do ``act`` with content pages."""
    return frozenset(role for role, acts in CONTENT_ACTS.items() if act in acts)


def may_on_content(user: Any, act: str) -> bool:
    """Tell whether ``user`` may do ``act`` with content pages of the current site at all."""
    return any(act in CONTENT_ACTS.get(role, ()) for role in current_roles(user))


def may_supervise(user: Any, act: str) -> bool:
    """Tell whether ``user`` may do ``act`` on every site, by a role in the console tenant."""
    return is_supervisor(user) and act in SUPERVISION_ACTS[SUPERVISOR.code]


def may_on_structure(user: Any) -> bool:
    """Tell whether ``user`` may manage columns and the home page of the current site."""
    return any(MANAGE_STRUCTURE in STRUCTURE_ACTS.get(role, ()) for role in current_roles(user))


def writing_places(user: Any) -> frozenset[str] | None:
    """Return the tree paths below which ``user`` writes on the current site; None: everywhere."""
    tenant = current_tenant_or_none()
    if tenant is None or not is_limited(user):
        return None
    kept: dict[int, frozenset[str]] = user.__dict__.setdefault("_writing_places", {})
    if tenant.pk not in kept:
        kept[tenant.pk] = places_of(user)
    return kept[tenant.pk]


def may_write_at(user: Any, page: Page) -> bool:
    """Tell whether ``page``, of content or a column, lies where ``user`` writes; what they may do is asked apart."""
    places = writing_places(user)
    return places is None or any(page.path.startswith(path) for path in places)


def reasons_against_writing_at(user: Any, *pages: Page) -> list[str]:
    """Say of which of ``pages`` the place is none where ``user`` writes; empty when each is."""
    return [
        _("%(user)s 只在给定的栏目写稿，“%(title)s”不在其中。需要时请站点管理员在“写稿范围”里增加。")
        % {"user": user, "title": page.get_admin_display_title()}
        for page in pages
        if not may_write_at(user, page)
    ]


class GovPagePermissionTester(PagePermissionTester):
    """The rights on content pages. Nobody publishes by hand: the last approval does."""

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self.permissions: set[str] = getattr(self, "permissions", set()) - {"publish", "bulk_delete"}

    def can_edit(self) -> bool:
        # The edit view is also Wagtail's door to drafts: revisions, comparison, preview, lock.
        return may_on_content(self.user, EDIT) and may_write_at(self.user, self.page)

    def can_view_draft(self) -> bool:
        return may_on_content(self.user, VIEW_DRAFT)

    def can_view_revisions(self) -> bool:
        return self.can_view_draft()

    def can_add_subpage(self) -> bool:
        return bool(may_on_content(self.user, ADD) and super().can_add_subpage())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Allow the deletion of drafts that were never public, never decided on and are not under review."""
        return bool(
            may_on_content(self.user, DELETE_DRAFT)
            and may_write_at(self.user, self.page)
            and not self.page.live
            and self.page.first_published_at is None
            and not self.page.workflow_in_progress
            and not Decision.objects.filter(page_id=self.page.pk).exists()
            and not Disposition.objects.filter(page_id=self.page.pk).exists()
        )

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        # Withdrawal needs a reason and has a verb and a screen of its own.
        return False

    def can_withdraw(self) -> bool:
        return bool(self.page.live and may_on_content(self.user, WITHDRAW))

    def can_submit_for_moderation(self) -> bool:
        may = may_on_content(self.user, SUBMIT) and may_write_at(self.user, self.page)
        return bool(may and super().can_submit_for_moderation())

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return bool(self.user_has_lock())

    def can_reorder_children(self) -> bool:
        return False

    def can_move(self) -> bool:
        """Allow it for drafts that were never public, returned ones among them."""
        return bool(
            self.can_edit()
            and not self.page.live
            and self.page.first_published_at is None
            and not self.page.workflow_in_progress
            and not Clearance.objects.filter(page_id=self.page.pk, status=Clearance.Status.VALID).exists()
        )

    def can_copy(self) -> bool:
        return may_on_content(self.user, EDIT)


class StructuralPermissionTester(PagePermissionTester):
    """The rights on home page and columns: editors write below them, the administrator arranges them."""

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        self.permissions: set[str] = getattr(self, "permissions", set())

    def can_add_subpage(self) -> bool:
        writes = may_on_content(self.user, ADD) and may_write_at(self.user, self.page)
        return bool((writes or may_on_structure(self.user)) and super().can_add_subpage())

    def can_edit(self) -> bool:
        return not self.page_is_root and may_on_structure(self.user)

    def can_publish(self) -> bool:
        return not self.page_is_root and may_on_structure(self.user)

    def can_publish_subpage(self) -> bool:
        return may_on_structure(self.user)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Allow the deletion of an empty column only: what was public needs its address answered."""
        return bool(may_on_structure(self.user) and self.page.depth > 2 and self.page.is_leaf())

    def can_unpublish(self) -> bool:
        return bool(
            may_on_structure(self.user)
            and self.page.live
            and self.page.depth > 2
            and not self.page.get_descendants().live().exists()
        )

    def can_move(self) -> bool:
        return bool(may_on_structure(self.user) and self.page.depth > 2)

    def can_copy(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return may_on_structure(self.user)

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        return False

    def can_view_revisions(self) -> bool:
        return self.can_edit()
