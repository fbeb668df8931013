"""The pictures of a home page and of the head of all pages: from a number to what citizens are sent."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from govplatform.review.frame.pictures import BYTES, PICTURE
from govplatform.review.gate.digest import stored_sm3
from sites.media.models import SiteImage

from .layout import ROWS, Row

#: Wagtail's filters of what stands on every page; the logo keeps what is transparent in it.
LOGO, BANNER = "max-480x128|format-png", "fill-1600x200|format-jpeg"
#: (width, height) of a picture in the carousel, the largest first.
CAROUSEL = ((1600, 640), (800, 320))


def with_bytes(rows: Sequence[Row]) -> list[Row]:
    """Return rows of pictures as they are stored: the number as a number, and the SM3 of its bytes as they are now.

    What is no number of a picture stays as it was given, for ``reasons_against_pictures`` to say.
    """
    found = _images(rows)
    stored = []
    for row in rows:
        image = found.get(_number(row))
        stored.append({**row, PICTURE: image.pk, BYTES: _sm3(image)} if image is not None else row)
    return stored


def reasons_against_pictures(name: str, rows: Sequence[Row]) -> Iterator[str]:
    """Yield, for each row of the field ``name``, why its picture cannot be shown."""
    found = _images(rows)
    for number, row in enumerate(rows, 1):
        at = {"field": ROWS[name].label, "row": number}
        if not row.get(PICTURE):
            continue
        image = found.get(_number(row))
        if image is None:
            yield _("“%(field)s”第 %(row)d 行：本站没有编号为 %(id)s 的图片，请核对编号，或在“网站设置”中上传。") % {
                **at, "id": str(row[PICTURE])[:20],
            }  # fmt: skip
        elif _sm3(image) != row.get(BYTES):
            yield _("“%(field)s”第 %(row)d 行：图片“%(title)s”与提出时的不同，请重新选择后再提出。") % {
                **at, "title": image.title,
            }  # fmt: skip


def shown_picture(row: Row, *filters: str) -> dict[str, Any] | None:
    """``{"src", "width", "height", "alt", "srcset"}`` of the picture of a row; None when its file is gone."""
    image = _images([row]).get(_number(row))
    if image is None:
        return None
    try:
        made = image.get_renditions(*filters)
    except (FileNotFoundError, OSError):
        return None
    renditions = [made[spec] for spec in filters]
    largest = renditions[0]
    widths = {rendition.width: rendition.url for rendition in renditions}
    return {
        "src": largest.url,
        "width": largest.width,
        "height": largest.height,
        "alt": row.get("alt", ""),
        "srcset": ", ".join(f"{url} {width}w" for width, url in widths.items()) if len(widths) > 1 else "",
    }


def slides(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """``[{"picture", "title", "url"}]`` of the carousel, without those whose files are gone."""
    filters = [f"fill-{width}x{height}|format-jpeg" for width, height in CAROUSEL]
    drawn = [(row, shown_picture(row, *filters)) for row in rows]
    return [{"picture": picture, "title": row["title"], "url": row.get("url", "")} for row, picture in drawn if picture]


def masthead(logo: Sequence[Row], banner: Sequence[Row]) -> dict[str, Any]:
    """What all pages show of logo and banner, as the site's row keeps it; a key is missing where there is none."""
    drawn = {
        "logo": shown_picture(logo[0], LOGO) if logo else None,
        "banner": shown_picture(banner[0], BANNER) if banner else None,
    }
    return {name: picture for name, picture in drawn.items() if picture is not None}


# --- inside ------------------------------------------------------------------------------


def _number(row: Row) -> int:
    given = str(row.get(PICTURE, ""))
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def _images(rows: Sequence[Row]) -> dict[int, SiteImage]:
    numbers = {_number(row) for row in rows} - {0}
    return {image.pk: image for image in SiteImage.objects.filter(pk__in=numbers)} if numbers else {}


def _sm3(image: SiteImage) -> str:
    try:
        return stored_sm3(image.file.storage, str(image.file.name))
    except OSError:
        return ""
