"""The body of a page as HTML, kept per published revision; pictures in the widths that are needed."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from govplatform.tenancy.hosts import current_host_kind

from .external_links import mark_external_links

#: Longer bodies are rendered each time: the cache counts entries, not bytes.
_LONGEST_KEPT = 60_000
#: For cards and lists: the full width and half of it, for small screens.
CARD_SIZES = ((800, 450), (400, 225))


@dataclass(frozen=True)
class RenderedBody:
    """``html``: the stream; ``attachments``: ``[{"title", "url", "extension", "size"}]``."""

    html: SafeString
    attachments: list[dict[str, Any]]


def rendered_body(page: Any, request: HttpRequest) -> RenderedBody:
    """HTML of ``page.body`` and the list of its attachments.

    A cleared revision never changes, so the result is kept under its id (the cache's keys carry
    the schema, trap T5); drafts and previews are rendered afresh. Consoles write addresses in full,
    so only what the public host rendered is kept.
    """
    is_preview = getattr(request, "is_preview", False)
    if not page.live or page.has_unpublished_changes or is_preview or current_host_kind.get() != "public":
        return _render(page)
    key = f"body:{page.pk}:{page.live_revision_id}"
    cache = caches["bodies"]
    kept: tuple[str, list[dict[str, Any]]] | None = cache.get(key)
    if kept is None:
        fresh = _render(page)
        if len(fresh.html) <= _LONGEST_KEPT:
            cache.set(key, (str(fresh.html), fresh.attachments))
        return fresh
    return RenderedBody(mark_safe(kept[0]), kept[1])


def rendered_rich_text(stored: str) -> SafeString:
    """A rich text field as citizens see it."""
    return mark_external_links(expand_db_html(stored))


def _render(page: Any) -> RenderedBody:
    blocks = list(page.body)
    while blocks and blocks[-1].block_type == "attachment":
        # attachments at the end stand in the list beneath the body, once
        blocks.pop()
    html = format_html_join("\n", '<div class="block-{}">{}</div>', ((b.block_type, b.render()) for b in blocks))
    return RenderedBody(mark_external_links(html), list_attachments(page))


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


def picture_of(page: Page, sizes: tuple[tuple[int, int], ...] = CARD_SIZES) -> dict[str, Any] | None:
    """``{"src", "width", "height", "alt", "srcset"}`` of the page's picture, or None.

    ``sizes``: (width, height) in pixels, the largest first; a small original gives fewer widths.
    """
    image = getattr(page, "picture", None)
    if image is None:
        return None
    specs = [f"fill-{width}x{height}|format-jpeg" for width, height in sizes]
    try:
        made = image.get_renditions(*specs)
    except (FileNotFoundError, OSError):
        # The original is gone from storage: the page still stands, and verify_gate names it.
        return None
    renditions = [made[spec] for spec in specs]
    widths = {rendition.width: rendition.url for rendition in renditions}
    largest = renditions[0]
    return {
        "src": largest.url,
        "width": largest.width,
        "height": largest.height,
        "alt": image.default_alt_text,
        "srcset": ", ".join(f"{url} {width}w" for width, url in widths.items()) if len(widths) > 1 else "",
    }
