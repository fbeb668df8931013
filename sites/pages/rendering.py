"""The rendering of a page's body, cached per published revision, and of its picture in the widths that are needed."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.rich_text import RichText, expand_db_html

from govplatform.rendering.reads import Read, ReadOf, note_all, note_read, recording
from govplatform.tenancy.hosts import current_host_kind

from .external_links import Marked, Marker
from .kept_bodies import find_body, keep_body

#: Pictures of a text come in the widths that windows have. The library renders blocks without this: a version of it
#: says what was published, and reviewers of other sites have cleared its digest (decision 086).
_FOR_READERS = MappingProxyType({"by_width": True})
#: For cards and lists: the full width and half of it, for small screens.
CARD_SIZES = ((800, 450), (400, 225))
#: Of a person, upright.
PORTRAIT_SIZES = ((336, 448), (168, 224))


@dataclass(frozen=True)
class RenderedBody:
    """The body of a page, rendered.

    ``html``: its blocks but for attachments at the end; ``attachments``: ``[{"title", "url", "extension", "size"}]``,
    the size in bytes.
    """

    html: SafeString
    attachments: list[dict[str, Any]]


@dataclass(frozen=True)
class _Kept:
    """A rendered body as cached, its links marked for the hosts that the platform had at that time.

    ``named``: ids of the pages that it names; ``hidden``: those of them to which it does not lead, because they were
    not public then. ``reads``: what it was made of.
    """

    body: Marked
    attachments: list[dict[str, Any]]
    named: frozenset[int]
    hidden: frozenset[int]
    reads: frozenset[Read]

    def is_current(self) -> bool:
        """Whether another rendering would say the same: one statement where it names other pages, else none."""
        return self.body.is_current() and self.hidden == _not_public(self.named)


def rendered_body(page: Any, request: HttpRequest) -> RenderedBody:
    """Return the HTML of ``page.body`` and the list of its attachments.

    A cleared revision never changes, so its body is cached under its id (the cache's keys carry
    the schema, trap T5); drafts and previews are rendered afresh. Consoles write addresses in full,
    so only what the public host rendered is cached.
    """
    is_preview = getattr(request, "is_preview", False)
    if not page.live or page.has_unpublished_changes or is_preview or current_host_kind.get() != "public":
        return _shown(_render(page))
    key = f"body:{page.pk}:{page.live_revision_id}"
    kept: _Kept | None = find_body(key)
    if kept is None or not kept.is_current():
        kept = _render(page)
        keep_body(key, kept, len(kept.body.html))
    return _shown(kept)


def rendered_rich_text(page: Any, stored: str) -> SafeString:
    """Return ``stored``, a rich text field of ``page``, as HTML for citizens, with its external links marked."""
    return mark_safe(expand_db_html(Marker(page.link_marks).rich_text(stored)))


def _render(page: Any) -> _Kept:
    with recording() as reads:
        body, attachments, named = _put_together(page)
    return _Kept(body, attachments, named, _not_public(named), frozenset(reads))


def _put_together(page: Any) -> tuple[Marked, list[dict[str, Any]], frozenset[int]]:
    blocks = list(page.body)
    while blocks and blocks[-1].block_type == "attachment":
        # attachments at the end stand in the list beneath the body, once
        blocks.pop()
    marker = Marker(page.link_marks)
    html = format_html_join(
        "\n", '<div class="block-{}">{}</div>', ((block.block_type, _block_html(block, marker)) for block in blocks)
    )
    body = marker.marked(str(html))
    return body, list_attachments(page), _named_pages(page)


def _named_pages(page: Any) -> frozenset[int]:
    """Ids of the pages that the text of ``page`` names, public or not."""
    references = page._meta.get_field("body").extract_references(page.body)
    named = {int(number) for model, number, _model_path, _content_path in references if issubclass(model, Page)}
    if named:
        note_read(ReadOf.PAGE, *named)
    return frozenset(named)


def _not_public(named: frozenset[int]) -> frozenset[int]:
    """Those of ``named`` that are not public; deleted ones are among them. No statement where nothing is named."""
    if not named:
        return named
    return named.difference(Page.objects.live().filter(pk__in=named).values_list("pk", flat=True))


def _block_html(block: Any, marker: Marker) -> Any:
    if block.block_type != "rich_text":
        return block.render(context=_FOR_READERS)
    return block.block.render(RichText(marker.rich_text(str(block.value.source))))


def _shown(kept: _Kept) -> RenderedBody:
    note_all(kept.reads)
    return RenderedBody(mark_safe(kept.body.html), kept.attachments)


def list_attachments(page: Any) -> list[dict[str, Any]]:
    """Return ``[{"title", "url", "extension", "size"}]`` of the body's attachment blocks, for the list beneath it."""
    listed = []
    for block in page.body:
        if block.block_type != "attachment" or not block.value.get("document"):
            continue
        document = block.value["document"]
        note_read(ReadOf.DOCUMENT, document.pk)
        listed.append(
            {
                "title": block.value.get("title") or document.title,
                "url": document.url,
                "extension": document.file_extension,
                "size": document.get_file_size(),
            }
        )
    return listed


def portrait_of(page: Any, sizes: tuple[tuple[int, int], ...] = PORTRAIT_SIZES) -> dict[str, Any] | None:
    """As ``picture_of``, of a person whose name is the title. The words for it are those that were reviewed with the
    page, whatever is written at the picture later.
    """
    picture = picture_of(page, sizes)
    if picture is not None:
        picture["alt"] = _("%(name)s照片") % {"name": page.title}
    return picture


def picture_of(page: Page, sizes: tuple[tuple[int, int], ...] = CARD_SIZES) -> dict[str, Any] | None:
    """Return ``{"src", "width", "height", "alt", "srcset"}`` of the page's picture; None without one or its file.

    ``sizes``: (width, height) in pixels, the largest first; a small original gives fewer widths. ``srcset`` is empty
    when there is only one width.
    """
    image = getattr(page, "picture", None)
    return shown_image(image, sizes) if image is not None else None


def shown_image(image: Any, sizes: tuple[tuple[int, int], ...] = CARD_SIZES) -> dict[str, Any] | None:
    """Return ``{"src", "width", "height", "alt", "srcset"}`` of an image, cut to ``sizes``; None without its file."""
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
