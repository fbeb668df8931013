"""Simple bar and line charts as PNG, drawn with Pillow.

Chinese lettering needs a font of the system; where none is found, Chinese labels are left out and numbers stay. The
chart's meaning never rests on the picture alone: every chart block carries an alternative text.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from sites.demo.content import Chart

SIZE = (1200, 675)
SCALE = 2
FONT_FILES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
INK, QUIET, GRID, MAIN = "#23323f", "#51636f", "#dfe6ea", "#1f5f8b"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_chart(chart: Chart) -> bytes:
    """Return a chart as PNG bytes, 1200x675 pixels. Raise ValueError when labels and values differ in number."""
    if len(chart.labels) != len(chart.values):
        raise ValueError(f"{chart.title}: {len(chart.labels)} labels, {len(chart.values)} values")
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), "#ffffff")
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = (value * SCALE for value in (110, 120, 1150, 590))
    _write(pen, (left, 40 * SCALE), chart.title, 34, INK, "ls", dy=30)
    _write(pen, (right, 40 * SCALE), chart.unit, 24, QUIET, "rs", dy=30)
    low, high, step = _scale(chart.values, from_zero=chart.form == "bar")

    def height(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    tick = low
    while tick <= high + step / 1000:
        y = height(tick)
        pen.line([(left, y), (right, y)], fill=GRID, width=SCALE)
        _write(pen, (left - 16 * SCALE, y), f"{tick:g}", 22, QUIET, "rm")
        tick = round(tick + step, 6)
    slot = (right - left) / len(chart.values)
    tops = [(left + slot * (index + 0.5), height(value)) for index, value in enumerate(chart.values)]
    if chart.form == "bar":
        half = min(slot * 0.29, 70 * SCALE)
        for x, y in tops:
            pen.rounded_rectangle(
                [x - half, y, x + half, bottom], 7 * SCALE, fill=MAIN, corners=(True, True, False, False)
            )
    else:
        pen.line(tops, fill=MAIN, width=5 * SCALE, joint="curve")
        for x, y in tops:
            radius = 8 * SCALE
            pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill="#ffffff", outline=MAIN, width=4 * SCALE)
    for (x, y), label, value in zip(tops, chart.labels, chart.values, strict=True):
        _write(pen, (x, y - 18 * SCALE), f"{value:g}", 26, INK, "ms")
        _write(pen, (x, bottom + 18 * SCALE), label, 24, QUIET, "ma")
    pen.line([(left, bottom), (right, bottom)], fill=QUIET, width=2 * SCALE)
    stream = io.BytesIO()
    image.reduce(SCALE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _scale(values: tuple[float, ...], *, from_zero: bool) -> tuple[float, float, float]:
    """Return start, end and step of the value axis; bars must start at zero, or their lengths would mislead."""
    low = 0.0 if from_zero else max(0.0, min(values) - (max(values) - min(values)))
    span = max(max(values) - low, 1e-9)
    step = next(size * 10.0**power for power in range(-6, 12) for size in (1, 2, 5) if span / (size * 10.0**power) <= 5)
    start = int(low / step) * step
    end = start
    while end < max(values) + step * 0.2:
        end += step
    return round(start, 6), round(end, 6), step


@cache
def _font(size: int) -> tuple[Font, bool]:
    """Return (the font, whether it has Chinese characters); ``size`` in pixels before scaling."""
    for name in FONT_FILES:
        if Path(name).is_file():
            # Index 2 of the Noto collection is the simplified Chinese face.
            return ImageFont.truetype(name, size * SCALE, index=2 if "Noto" in name else 0), True
    return ImageFont.load_default(size * SCALE), False


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, anchor: str, dy: int = 0
) -> None:
    font, chinese = _font(size)
    if not chinese:
        text = "".join(letter for letter in text if letter.isascii()).strip()
    if text:
        pen.text((at[0], at[1] + dy * SCALE), text, font=font, fill=colour, anchor=anchor)
