"""Links of a text to other pages of the site, which are stored by the number of the page."""

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from govplatform.rendering.reads import ReadOf, note_read
from govplatform.tenancy.hosts import current_host_kind

#: What Wagtail writes in the place of a link that leads nowhere; the words in it stay.
NO_LINK = "<a>"


class PublicPageLinkHandler(PageLinkHandler):  # type: ignore[misc]
    """Leads citizens to public pages alone: the address of any other is its editor's to change, and nobody's to read.

    In the console, where drafts are written and reviewed, every page is led to.
    """

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        in_console = current_host_kind.get() == "console"
        note_read(ReadOf.PAGE, *[attrs["id"] for attrs in attrs_list if "id" in attrs])
        return [
            f'<a href="{escape(page.url)}">' if page is not None and (page.live or in_console) else NO_LINK
            for page in cls.get_many(attrs_list)
        ]
