"""The panel in which an editor reads the source of a repost, which cannot be changed here."""

from typing import Any

from wagtail.admin.panels import Panel

from content_library.models import Repost
from content_library.resources.showing import is_shown

from .context import console_files
from .markup import shown_html
from .queries import load_cleared, load_shown, repost_of


class SourcePanel(Panel):
    """The panel 来源 of a repost: source, mode, text and versions: that of citizens, of the draft, of the source.

    Where something is left to adopt, it offers that.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "reposts/source_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            cleared = load_cleared(page)
            newest = cleared.resource.current.number if cleared else 0
            public = _public_version(page)
            # Citizens of a mirror that follows by itself read the newest already, and nobody has written anything new.
            left = newest > page.version and (page.has_unpublished_changes or public < newest)
            context.update(
                page=page,
                cleared=cleared,
                repost=repost_of(page.pk) if page.pk else None,
                newest=newest,
                public=public,
                is_behind=bool(cleared and newest > max(page.version, public)),
                may_adopt=bool(cleared and left and is_shown(cleared.resource)),
                html=shown_html(cleared.version, _prefix(page)) if cleared and page.mode != Repost.Mode.LINK else "",
            )
            return context


def _public_version(page: Any) -> int:
    """Return the number of the version that citizens read now; 0 while they read none."""
    stored = type(page).objects.filter(pk=page.pk, live=True).first() if page.pk and page.live else None
    shown = load_shown(stored) if stored is not None else None
    return shown.version.number if shown is not None and is_shown(shown.resource) else 0


def _prefix(page: Any) -> str:
    return console_files(page.pk)
