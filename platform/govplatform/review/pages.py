"""What every page type of the platform inherits: the gate in save(), rights by role and state."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from govplatform.refusals import Refused

from .gate.requirements import reasons_against_deleting, require_clearance, require_withdrawal
from .permissions import GovPagePermissionTester, StructuralPermissionTester
from .preview import ConsolePreviewMixin

#: Columns whose bookkeeping needs no clearance (a new draft of a live page touches only these).
_BOOKKEEPING_ONLY = frozenset(
    {
        "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "locked",
        "locked_at", "locked_by", "path", "depth", "numchild", "url_path", "expired", "go_live_at",
        "wagtail_admin_comments",
    }
)  # fmt: skip


class ReviewedPageMixin(ConsolePreviewMixin, models.Model):
    """Content: live only with a clearance whose digest covers it."""

    is_structural = False
    live: Any  # Wagtail's columns, which Page brings
    first_published_at: Any
    last_published_at: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        fields = kwargs.get("update_fields")
        touches_public = fields is None or not set(fields) <= _BOOKKEEPING_ONLY
        if self.live and touches_public:
            require_clearance(self)  # type: ignore[arg-type]
        elif touches_public and self.pk is not None:
            require_withdrawal(self)  # type: ignore[arg-type]
        return super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        if reasons := reasons_against_deleting(self):  # type: ignore[arg-type]
            raise Refused(reasons)
        return super().delete(*args, **kwargs)

    def with_content_json(self, content: Any) -> Any:
        """The revision as a page; its publish times are the stored ones, whatever the revision says."""
        page = super().with_content_json(content)  # type: ignore[misc]
        page.first_published_at, page.last_published_at = self.first_published_at, self.last_published_at
        return page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            # Wagtail's default is live (trap T15); content always begins as a draft.
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> GovPagePermissionTester:
        return GovPagePermissionTester(user or AnonymousUser(), self)


class StructuralPageMixin(ConsolePreviewMixin, models.Model):
    """The frame of a site: home and columns, managed by the site's administrator."""

    is_structural = True
    live: Any
    first_published_at: Any
    last_published_at: Any

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.live and self.first_published_at is None:
            now = timezone.now()
            self.first_published_at, self.last_published_at = now, now
        super().full_clean(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> StructuralPermissionTester:
        return StructuralPermissionTester(user or AnonymousUser(), self)
