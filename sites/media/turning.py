"""The stored pixels of a picture: made smaller when it is uploaded, and turned by quarters."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

#: The longest side that is kept of an uploaded picture. Citizens get at most 1600 pixels of it (``sites.home.pictures``).
LONGEST_SIDE = 2560
_QUALITY = 88
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


def reduced(file: Any, name: str) -> ContentFile | None:
    """Return ``file`` upright and with sides of at most ``LONGEST_SIDE`` pixels; None where it stays as it is.

    Moving pictures stay. What a picture says of camera and place goes with its being written anew.
    """
    file.seek(0)
    with Image.open(file) as picture:
        if getattr(picture, "is_animated", False):
            return None
        upright = picture.getexif().get(0x0112, 1) == 1
        if upright and max(picture.size) <= LONGEST_SIDE:
            return None
        form = picture.format or "PNG"
        pixels: Image.Image = ImageOps.exif_transpose(picture)
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _written(pixels, form, name)


def turned(file: Any, name: str, quarters: int) -> ContentFile:
    """Return the picture in ``file`` turned clockwise by ``quarters`` (1 to 3) quarters. Raises OSError, ValueError."""
    file.seek(0)
    with Image.open(file) as picture:
        if getattr(picture, "is_animated", False):
            raise ValueError("moving")
        form = picture.format or "PNG"
        upright: Image.Image = ImageOps.exif_transpose(picture)
        pixels = upright.transpose(_TURNS[quarters])
    return _written(pixels, form, name)


def _written(pixels: Image.Image, form: str, name: str) -> ContentFile:
    told: dict[str, Any] = {"icc_profile": pixels.info.get("icc_profile")}
    if form in ("JPEG", "MPO"):
        form, told["quality"], told["progressive"] = "JPEG", _QUALITY, True
        if pixels.mode not in ("RGB", "L", "CMYK"):
            pixels = pixels.convert("RGB")
    if form == "WEBP":
        told["quality"] = _QUALITY
    pixels.info.pop("exif", None)
    target = BytesIO()
    pixels.save(target, form, **{key: value for key, value in told.items() if value is not None})
    return ContentFile(target.getvalue(), name=name)
