"""The mixins of every page type of the platform: the gate in save(), rights by role and state."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.permissions import roles_are_read
from govplatform.confidentiality.subject import SubjectFile
from govplatform.events.sheet import follow
from govplatform.locks.holding import hold_chain, holding
from govplatform.refusals import Refused

from .events import FrameSaved, FrameShown
from .frame.guard import require_cleared_words
from .gate.requirements import (
    reasons_against_deleting,
    require_clearance,
    require_nothing_shown_below,
    require_public_columns_above,
    require_withdrawal,
)
from .gate.status import state_words
from .permissions import GovPagePermissionTester, StructuralPermissionTester, reasons_against_writing_at
from .preview import ConsolePreviewMixin

#: Columns whose bookkeeping needs no clearance (a new draft of a live page touches only these).
_BOOKKEEPING_ONLY = frozenset(
    {
        "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "locked",
        "locked_at", "locked_by", "path", "depth", "numchild", "url_path", "expired", "go_live_at",
        "wagtail_admin_comments",
    }
)  # fmt: skip

#: What the stored page says, whatever a revision says: Wagtail looks each of them up and then takes the stored one.
_OF_THE_STORED_PAGE = ("owner", "locale", "content_type", "latest_revision", "live_revision", "locked_by", "alias_of")


def chain_before_rows() -> None:
    """Hold the site's audit chain before any row of a page, inside a transaction (``govplatform.locks``).

    Whoever saves a page in a transaction of its own records nothing in it, and needs no chain.
    """
    if connection.in_atomic_block:
        hold_chain()


class _ChainFirstCopies(models.Model):
    """Copies and aliases of a page: the tree changes the column's row before the copy is saved, and the chain comes
    before rows.
    """

    class Meta:
        abstract = True

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        with holding():
            return super().copy(*args, **kwargs)  # type: ignore[misc]

    def create_alias(self, *args: Any, **kwargs: Any) -> Any:
        with holding():
            return super().create_alias(*args, **kwargs)  # type: ignore[misc]


class ReviewedPageMixin(ConsolePreviewMixin, _ChainFirstCopies):
    """The mixin of content pages: live only with a clearance whose digest covers the page."""

    is_structural = False
    never_shown: ClassVar[bool] = False
    SCANNED_FIELDS: ClassVar[tuple[tuple[str, str], ...]] = ()
    digest_defaults: ClassVar[dict[str, Any]] = {}
    live: Any  # Wagtail's columns, which Page brings
    live_revision_id: Any
    first_published_at: Any
    last_published_at: Any
    expired: Any

    class Meta:
        abstract = True

    def scan_files(self) -> Iterable[SubjectFile]:
        """Return no files; the scan finds the site's own by their references (``ReviewedPage``)."""
        return ()

    def verb_facts(self) -> dict[str, Any]:
        """Return nothing to add to the verb ``show_page`` (``ReviewedPage``)."""
        return {}

    def save(self, *args: Any, **kwargs: Any) -> Any:
        chain_before_rows()
        fields = kwargs.get("update_fields")
        touches_public = fields is None or not set(fields) <= _BOOKKEEPING_ONLY
        if self.live and self.never_shown:
            raise Refused(_("“%(title)s”只答复来信人本人，不能公开。") % {"title": self.title})  # type: ignore[attr-defined]
        if self.live and touches_public:
            require_clearance(self)  # type: ignore[arg-type]
        elif touches_public and self.pk is not None:
            require_withdrawal(self)  # type: ignore[arg-type]
        return super().save(*args, **kwargs)

    def save_revision(self, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Save a version. Whoever writes in given columns alone writes none elsewhere, whichever way they come.

        Whoever comes by a screen or an act has had their roles read; what names a person without is the platform's own.
        """
        known = user is not None and roles_are_read(user)
        if known and (reasons := reasons_against_writing_at(user, self)):  # type: ignore[arg-type]
            raise Refused(reasons)
        return super().save_revision(user, *args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        chain_before_rows()
        if reasons := reasons_against_deleting(self):  # type: ignore[arg-type]
            raise Refused(reasons)
        return super().delete(*args, **kwargs)

    def with_content_json(self, content: Any) -> Any:
        """Return the revision as a page; its publish times are the stored ones, whatever the revision says."""
        kept = {name: value for name, value in content.items() if name not in _OF_THE_STORED_PAGE}
        page = super().with_content_json(kept)  # type: ignore[misc]
        page.live_revision_id = self.live_revision_id
        # The place in the tree is the stored one too, so its parent need not be read again.
        page._cached_parent_obj = self.get_parent()  # type: ignore[attr-defined]
        page.first_published_at, page.last_published_at = self.first_published_at, self.last_published_at
        page.expired = self.expired
        return page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            # Wagtail's default is live (trap T15); content always begins as a draft.
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    @property
    def status_string(self) -> str:
        """The state as Wagtail's lists and choosers show it."""
        return state_words(self)  # type: ignore[arg-type]

    def reasons_against_approving(self) -> list[str]:
        """Return nothing: words of the site's own hang on nothing that happens elsewhere (``ReviewedPage``)."""
        return []

    def words_for_lost_source(self) -> str:
        """Return '': words of the site's own have no source that could take them back (``ReviewedPage``)."""
        return ""

    def permissions_for_user(self, user: Any) -> GovPagePermissionTester:
        return GovPagePermissionTester(user or AnonymousUser(), self)


class StructuralPageMixin(ConsolePreviewMixin, _ChainFirstCopies):
    """The mixin of a site's frame: home page and columns, managed by the site's administrator."""

    is_structural = True
    live: Any
    first_published_at: Any
    last_published_at: Any
    url_path: Any
    title: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        chain_before_rows()
        require_cleared_words(self, kwargs.get("update_fields"))
        if self.live:
            require_public_columns_above(self)  # type: ignore[arg-type]
        else:
            require_nothing_shown_below(self)  # type: ignore[arg-type]
        with holding():
            before = Page.objects.filter(pk=self.pk, live=True).values_list("url_path", "title").first()
            saved = super().save(*args, **kwargs)
            if self.live and before != (self.url_path, self.title):
                follow(FrameShown(page=self, before=before[0] if before else ""))  # type: ignore[arg-type]
            if self.live or before:
                follow(FrameSaved(page=self))  # type: ignore[arg-type]
        return saved

    @property
    def status_string(self) -> str:
        """The state as lists show it; what waits for a second person is marked by the listing."""
        state = str(super().status_string)  # type: ignore[misc]
        if not self.__dict__.get("frame_waits"):
            return state
        return _("%(state)s，文字待确认") % {"state": state}

    def move(self, *args: Any, **kwargs: Any) -> Any:
        # With the addresses of everything below it, or not at all.
        with holding():
            return super().move(*args, **kwargs)  # type: ignore[misc]

    def add_child(self, **kwargs: Any) -> Any:
        # The tree locks the column's row before the page below it is saved, and the chain comes before rows.
        with holding():
            return super().add_child(**kwargs)  # type: ignore[misc]

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if self.live and self.first_published_at is None:
            now = timezone.now()
            self.first_published_at, self.last_published_at = now, now
        super().full_clean(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> StructuralPermissionTester:
        return StructuralPermissionTester(user or AnonymousUser(), self)
