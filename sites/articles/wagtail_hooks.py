"""What the texts of pages are made of, told to Wagtail."""

from typing import Any

from wagtail import hooks

from sites.pages.page_links import PublicPageLinkHandler


@hooks.register("register_rich_text_features", order=10)
def lead_to_public_pages(features: Any) -> None:
    """In the place of Wagtail's own links to pages, which it registers first."""
    features.register_link_type(PublicPageLinkHandler)
