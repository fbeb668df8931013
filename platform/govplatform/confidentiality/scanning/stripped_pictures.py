"""Pictures without EXIF, GPS, XMP and text: written anew from the pixels, turned as the camera held them."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

#: A decoded picture takes four bytes for each: beyond this it does not fit into the process.
PIXELS = 80_000_000
_WORDS = {
    "exif": "EXIF", "xmp": "XMP", "XML:com.adobe.xmp": "XMP", "photoshop": "IPTC", "comment": "comment",
    "Raw profile type exif": "EXIF",
}  # fmt: skip


def strip_picture(path_in: Path, path_out: Path) -> list[str]:
    """Write the picture anew in its own format, without metadata; return what was removed (``EXIF``, ``GPS``, ...).

    The colour profile stays, since colours would change without it. Raises whatever Pillow raises for damaged pictures.
    """
    Image.MAX_IMAGE_PIXELS = PIXELS // 2
    with Image.open(path_in) as image:
        removed = _met(image)
        written, profile = str(image.format), image.info.get("icc_profile")
        if written == "MPO":
            written = "JPEG"
        options = _options(image, written)
        if profile:
            options["icc_profile"] = profile
        if getattr(image, "n_frames", 1) > 1 and written in ("GIF", "WEBP", "PNG", "TIFF"):
            frames = [_bare(frame) for frame in ImageSequence.Iterator(image)]
            if written != "TIFF":
                options |= {"duration": _durations(image), "loop": image.info.get("loop", 0)}
            frames[0].save(path_out, written, save_all=True, append_images=frames[1:], **options)
        else:
            _bare(ImageOps.exif_transpose(image)).save(path_out, written, **options)
    with Image.open(path_out) as copy:
        copy.load()
    return removed


def _met(image: Any) -> list[str]:
    image.load()
    exif = image.getexif()
    found = {"EXIF"} if len(exif) else set()
    if 0x8825 in exif:
        found.add("GPS")
    found |= {word for key, word in _WORDS.items() if image.info.get(key)}
    texts = getattr(image, "text", None)
    if image.format == "PNG" and isinstance(texts, dict) and set(texts) - set(_WORDS):
        found.add("text")
    return sorted(found)


def _bare(image: Any) -> Any:
    """The pixels with nothing that a writer would take along."""
    copy = image.copy()
    kept = {key: image.info[key] for key in ("transparency", "duration", "disposal", "background") if key in image.info}
    copy.info = kept
    if hasattr(copy, "text"):
        copy.text = {}
    # Both are caches of the tags: writers would put them back.
    copy._exif = None
    if hasattr(copy, "tag_v2"):
        del copy.tag_v2
    return copy


def _options(image: Any, written: str) -> dict[str, Any]:
    if written == "JPEG":
        quantization = getattr(image, "quantization", None)
        # The tables of the original keep its quality exactly, whatever it was.
        return {"qtables": quantization, "subsampling": _subsampling(image)} if quantization else {"quality": 95}
    if written == "WEBP":
        return {"quality": 95, "method": 4, "exif": b"", "xmp": b""}
    if written == "TIFF":
        return {"compression": image.info.get("compression", "raw")}
    return {"optimize": True} if written == "PNG" else {}


def _subsampling(image: Any) -> int:
    from PIL import JpegImagePlugin

    return max(0, JpegImagePlugin.get_sampling(image)) if image.format in ("JPEG", "MPO") else 0


def _durations(image: Any) -> list[int]:
    found = []
    for number in range(image.n_frames):
        image.seek(number)
        found.append(int(image.info.get("duration", 100) or 100))
    return found
