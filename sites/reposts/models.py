"""转载: the page that shows a resource of the common library, rendered from the library at each request."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content_library.distribution.provenance import reasons_against_a_second_page, words_for_lost_source
from content_library.distribution.reposting import describe_repost, reasons_against_reposting
from content_library.models import Repost, Resource
from content_library.resources.records import LibraryRecord
from content_library.resources.showing import is_shown
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.confidentiality.subject import SubjectFile
from govplatform.tenancy.current import current_tenant
from sites.pages.content_page import ContentPage
from sites.public.errors import gone, withdrawn_reason

from .context import repost_context
from .panels import SourcePanel
from .permissions import RepostPermissionTester
from .queries import Shown, load_cleared, load_shown, repost_of
from .scanning import scan_facts, scan_files, scan_pieces


class RepostPage(ContentPage):
    """A page that reposts a resource of the common library.

    ``version``: the version that the reviewers of this site clear or cleared; ``version_digest``: its SM3. Both are
    part of the page's own digest, with resource and mode. Title and metadata are copies for the lists;
    the text stands in the library alone (deploy/decisions/011-reposts.md).
    """

    resource = models.UUIDField(_("转载的资源"), editable=False)
    mode = models.CharField(
        _("转载方式"), max_length=8, choices=[c for c in Repost.Mode.choices if c[0] != "copy"], editable=False
    )
    version = models.PositiveIntegerField(_("版本"), editable=False)
    version_digest = models.CharField("SM3", max_length=64, editable=False)

    #: The text stands in the library, where it is marked when it is cleaned (markup.py).
    link_marks = None

    template = "reposts/repost_page.html"
    parent_page_types = ["columns.Column"]
    # Made by ``actions.repost_resource`` alone.
    is_creatable = False
    exclude_fields_in_copy = ["index_number"]
    content_panels = [SourcePanel(heading=_("来源"))]
    promote_panels = [ContentPage.schedule_panel, ContentPage.address_panel]

    class Meta:
        verbose_name = _("转载")
        verbose_name_plural = _("转载")
        indexes = [models.Index(fields=["resource"], name="repostpage_resource")]

    def save(self, *args: Any, **kwargs: Any) -> Any:
        # Past ContentPage: 索引号 is that of the source, none is drawn here.
        return super(ContentPage, self).save(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> RepostPermissionTester:
        return RepostPermissionTester(user, self)

    def has_content(self) -> bool:
        return True

    def reasons_against_submitting(self) -> list[str]:
        """Return what speaks against a review, as sentences: what every page must have, and a source still as drafted.

        The source may not be withdrawn, and a mirror must have its newest version.
        """
        reasons = super().reasons_against_submitting()
        cleared = load_cleared(self)
        if cleared is None:
            return [*reasons, _t("信息资源库里没有所转载的这一版本，请删除草稿后重新转载。")]
        reasons += reasons_against_reposting(cleared.resource)
        reasons += reasons_against_a_second_page(cleared.resource, current_tenant(), self.pk)
        newest = cleared.resource.current.number
        if self.mode == Repost.Mode.MIRROR and self.version < newest:
            reasons.append(
                _t("来源已更新到第 %(newest)s 版，草稿还是第 %(version)s 版：请先采用新版本，再送审。")
                % {"newest": newest, "version": self.version}
            )
        return reasons

    def reasons_against_its_source(self) -> list[str]:
        """Asked above, of what the page shows."""
        return []

    def words_for_lost_source(self) -> str:
        """Return what is to be said of a repost whose source was taken back; '' while it stands."""
        source = Resource.objects.filter(uuid=self.resource).first()
        return words_for_lost_source(source, self.title)

    def library_record(self) -> LibraryRecord | None:
        """Return None: the resource of a repost is in the library already, and its provenance stays with it."""
        return None

    def verb_facts(self) -> dict[str, Any]:
        """Return what the verb ``show_page`` prints of a repost besides what it prints of every page."""
        repost = repost_of(self.pk)
        if repost is None:
            return {"mode": self.mode, "version": self.version, "pending_version": None}
        return describe_repost(repost)

    # --- as citizens see it ------------------------------------------------------------------

    def shown(self, request: HttpRequest) -> Shown | None:
        """Return the resource and version to show: for drafts and previews as named there. None: not in the library."""
        is_draft = getattr(request, "is_preview", False) or not self.live
        return load_cleared(self) if is_draft else load_shown(self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shown = self.shown(request)
        if shown is None or not is_shown(shown.resource):
            return gone(request, None, withdrawn_reason())
        if self.mode == Repost.Mode.LINK and shown.source_url:
            response = HttpResponseRedirect(shown.source_url)
            response.headers["Cache-Control"] = "no-cache"
            return response
        request.repost_shown = shown  # type: ignore[attr-defined]
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        shown = getattr(request, "repost_shown", None) or self.shown(request)
        if shown is not None:
            # A mirror that follows is called as its source is called now; this instance is never saved.
            self.title = shown.version.title
        context = super().get_context(request, *args, **kwargs)
        context.update(repost_context(self, shown, request, context))
        return context

    # --- as the confidentiality scan sees it ---------------------------------------------------

    def scan_pieces(self) -> Iterator[Piece]:
        return scan_pieces(self, load_cleared(self))

    def scan_facts(self) -> dict[str, Any]:
        return scan_facts(self, load_cleared(self))

    def scan_files(self) -> list[SubjectFile]:
        """Return the library's files that the page shows; they are scanned besides the site's own."""
        return scan_files(self, load_cleared(self))
