"""The check at start-up that refuses page types which the library cannot take in."""

from typing import Any

from django.core.checks import CheckMessage

from govplatform.review.page_checks import content_page_types, page_errors

from .resources.library_page import LibraryPage


def check_library_pages(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Return an error for each content page type that lacks something ``LibraryPage`` lists."""
    return page_errors(content_page_types(), LibraryPage, "content_library.E001")
