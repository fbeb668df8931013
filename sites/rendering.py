"""The body of a page as HTML, kept per published revision."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page


@dataclass(frozen=True)
class RenderedBody:
    """``html``: the stream; ``attachments``: ``[{"title", "url", "extension", "size"}]``."""

    html: SafeString
    attachments: list[dict[str, Any]]


def rendered_body(page: Any, request: HttpRequest) -> RenderedBody:
    """HTML of ``page.body`` and the list of its attachments.

    A cleared revision never changes, so the result is kept under its id (the cache's keys carry
    the schema, trap T5); drafts and previews are rendered afresh.
    """
    if not page.live or page.has_unpublished_changes or getattr(request, "is_preview", False):
        return _render(page)
    key = f"body:{page.pk}:{page.live_revision_id}"
    kept: tuple[str, list[dict[str, Any]]] | None = cache.get(key)
    if kept is None:
        fresh = _render(page)
        cache.set(key, (str(fresh.html), fresh.attachments), 600)
        return fresh
    return RenderedBody(mark_safe(kept[0]), kept[1])


def _render(page: Any) -> RenderedBody:
    html = page.body.render_as_block() if page.body else ""
    return RenderedBody(mark_safe(str(html)), list_attachments(page))


def list_attachments(page: Any) -> list[dict[str, Any]]:
    """Documents of the body's attachment blocks, for the list beneath it."""
    listed = []
    for block in page.body:
        if block.block_type != "attachment" or not block.value.get("document"):
            continue
        document = block.value["document"]
        listed.append(
            {
                "title": block.value.get("title") or document.title,
                "url": document.url,
                "extension": document.file_extension,
                "size": document.get_file_size(),
            }
        )
    return listed


def picture_of(page: Page, spec: str = "fill-800x450") -> dict[str, Any] | None:
    """``{"src", "width", "height", "alt"}`` of the page's picture, or None."""
    image = getattr(page, "picture", None)
    if image is None:
        return None
    rendition = image.get_rendition(f"{spec}|format-jpeg")
    return {
        "src": rendition.url,
        "width": rendition.width,
        "height": rendition.height,
        "alt": image.default_alt_text,
        "srcset": "",
    }
