"""A picture turned and cut, written anew from its pixels: what was cut off is in no preview and no metadata."""

import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from govplatform.guarded import guarded_target
from govplatform.sentences import gettext_noop

TARGET = "sites.media.shaped_pixels.shape_in_child"
#: Fewer pixels on a side show nothing.
SMALLEST_SIDE = 16
_QUALITY = 92
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}

MOVING = gettext_noop("动图不能旋转或裁剪。请用看图软件改好后重新上传。")
TOO_SMALL = gettext_noop("选中的部分太小，裁剪后看不清。请把选框拉大。")
UNREADABLE = gettext_noop("图片读不出来，不能旋转或裁剪。请重新上传。")


@dataclass(frozen=True)
class Shape:
    """``quarters``: turns clockwise, 0 to 3. ``left``, ``top``, ``width``, ``height``: what stays of the picture that
    stands upright and was turned, as parts of its sides (0 to 1).
    """

    quarters: int = 0
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def __post_init__(self) -> None:
        """Raises ValueError for what is no part of a picture."""
        inside = 0 <= self.left <= 1 and 0 <= self.top <= 1 and 0 < self.width <= 1 and 0 < self.height <= 1
        if self.quarters not in (0, 1, 2, 3) or not inside:
            raise ValueError("no part of a picture")

    def box(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in pixels of a picture of that ``size``."""
        across, down = size
        left, top = round(self.left * across), round(self.top * down)
        return left, top, min(across, left + round(self.width * across)), min(down, top + round(self.height * down))

    def changes_nothing(self) -> bool:
        return self == Shape()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def shape_file(path: Path, target: Path, shape: Shape) -> str:
    """Write the picture at ``path`` as ``shape`` says to ``target`` in its own format.

    Returns '' or why it cannot be done. Raises what Pillow raises for damaged pictures.
    """
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    with Image.open(path) as picture:
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
            return MOVING
        form = "JPEG" if picture.format == "MPO" else str(picture.format)
        profile = picture.info.get("icc_profile")
        shown: Image.Image = ImageOps.exif_transpose(picture)
    if shape.quarters:
        shown = shown.transpose(_TURNS[shape.quarters])
    box = shape.box(shown.size)
    if min(box[2] - box[0], box[3] - box[1]) < SMALLEST_SIDE:
        return TOO_SMALL
    cut = shown.crop(box)
    cut.info = {"transparency": cut.info["transparency"]} if "transparency" in cut.info else {}
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if form == "JPEG":
        options |= {"quality": _QUALITY, "progressive": True}
        cut = cut if cut.mode in ("RGB", "L", "CMYK") else cut.convert("RGB")
    if form == "WEBP":
        options["quality"] = _QUALITY
    cut.save(target, form, **options)
    return ""


@guarded_target
def shape_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Run ``shape_file`` inside the guarded process. args: path, target, shape."""
    try:
        return {"refused": shape_file(Path(args["path"]), Path(args["target"]), Shape(**args["shape"]))}
    except MemoryError:
        raise
    except Exception:
        return {"refused": UNREADABLE}
