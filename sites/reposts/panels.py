"""The panel in which an editor reads the source of a repost, which cannot be changed here."""

from typing import Any

from wagtail.admin.panels import Panel

from content_library.models import Repost
from content_library.resources.showing import is_shown

from .context import console_files
from .markup import shown_html
from .queries import load_cleared, repost_of


class SourcePanel(Panel):
    """The panel 来源 of a repost: source, mode, version, text and, if there is one, the way to a newer version."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "reposts/source_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            cleared = load_cleared(page)
            newest = cleared.resource.current.number if cleared else None
            context.update(
                page=page,
                cleared=cleared,
                repost=repost_of(page.pk) if page.pk else None,
                newest=newest,
                is_behind=bool(cleared and newest > page.version and is_shown(cleared.resource)),
                html=shown_html(cleared.version, _prefix(page)) if cleared and page.mode != Repost.Mode.LINK else "",
            )
            return context


def _prefix(page: Any) -> str:
    return console_files(page.pk)
