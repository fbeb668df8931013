"""The storing of pictures from documents: checked by decoding, written anew without metadata."""

import io
import warnings as python_warnings
from pathlib import Path

from PIL import Image, ImageOps

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.document import ExtractedImage
from sites.documents_in.extraction.element import ReadImage
from sites.documents_in.extraction.limits import ExtractionLimits

FORMATS = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}


def store_images(
    found: list[ReadImage], folder: Path | None, limits: ExtractionLimits
) -> tuple[list[ExtractedImage | None], list[str]]:
    """Write each readable picture into the folder as image-001.png/.jpg.

    Without a folder they are only checked. Returns a list parallel to `found` (None: not taken) and warnings.
    Camera data, positions and comments in the pictures are left out, since they are a known leak.
    """
    stored: list[ExtractedImage | None] = []
    refused = 0
    total = 0
    for number, image in enumerate(found, start=1):
        if number > limits.images or total + len(image.data) > limits.images_total_bytes:
            stored.append(None)
            refused += 1
            continue
        result = _store_one(image, number, folder, limits)
        total += len(image.data)
        refused += result is None
        stored.append(result)
    notes = []
    if refused:
        notes.append(
            said(
                gettext_noop(
                    "有 %(refused)s 张图片无法读取、格式不支持或过大，未导入。请另存为 PNG 或 JPEG 后手工插入。"
                ),
                refused=refused,
            )
        )
    return stored, notes


def _store_one(image: ReadImage, number: int, folder: Path | None, limits: ExtractionLimits) -> ExtractedImage | None:
    if not image.data or len(image.data) > limits.image_bytes:
        return None
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(image.data), formats=["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]) as opened:
                if opened.width * opened.height > limits.image_pixels:
                    return None
                data, form, size = _rewrite(opened)
    except MemoryError:
        raise
    except Exception:
        return None
    extension, content_type = FORMATS[form]
    name = f"image-{number:03d}.{extension}"
    path = ""
    if folder is not None:
        target = folder / name
        target.write_bytes(data)
        path = str(target)
    return ExtractedImage(
        name=name,
        content_type=content_type,
        path=path,
        width=size[0],
        height=size[1],
        alt=image.alt,
    )


def _rewrite(opened: Image.Image) -> tuple[bytes, str, tuple[int, int]]:
    out = io.BytesIO()
    if opened.format == "JPEG" and opened.getexif().get(0x0112, 1) == 1 and opened.mode in ("L", "RGB"):
        opened.save(out, "JPEG", quality="keep", comment="", exif=b"")
        return out.getvalue(), "JPEG", opened.size
    picture = ImageOps.exif_transpose(opened)
    if opened.format == "JPEG":
        picture = picture.convert("RGB")
        picture.save(out, "JPEG", quality=92, exif=b"")
        return out.getvalue(), "JPEG", picture.size
    if picture.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        picture = picture.convert("RGB")
    clean = Image.new(picture.mode, picture.size)
    if picture.mode == "P":
        clean = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        clean.info.clear()
    else:
        clean.paste(picture)
    clean.save(out, "PNG", optimize=False)
    return out.getvalue(), "PNG", clean.size
