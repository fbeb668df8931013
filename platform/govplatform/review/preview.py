"""The preview of a page as citizens will see it, on the console host, inside the console's own request.

Wagtail's way makes up a second request to the public host and sends it through the middleware:
that would leave the site's schema in the middle of the outer request and answer with the public
host's headers, which forbid frames.
"""

import copy
from typing import Any

from django.http import HttpRequest, HttpResponse


def console_preview(page: Any, request: HttpRequest, mode: str = "") -> HttpResponse:
    """Render ``page`` (specific, from a revision or a form) in the theme of the site."""
    asked = copy.copy(request)
    asked.method = "GET"
    asked.is_preview = True  # type: ignore[attr-defined]
    asked.preview_mode = mode  # type: ignore[attr-defined]
    response: Any = page.serve_preview(asked, mode)
    if hasattr(response, "render") and not response.is_rendered:
        response.render()
    response.headers["Cache-Control"] = "no-store, private"
    return response  # type: ignore[no-any-return]


class ConsolePreviewMixin:
    """The mixin of page types whose preview in Wagtail's editor comes from ``console_preview``."""

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if original_request is None:
            raise ValueError("a preview belongs to a request of the console")
        asked = copy.copy(original_request)
        for name, value in (extra_request_attrs or {}).items():
            setattr(asked, name, value)
        return console_preview(self, asked, preview_mode or "")
