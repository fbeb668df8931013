"""The illustrations of the demo, drawn and not photographed: no licence to observe, no bytes in the repository.

``draw_picture(motif, seed)`` gives a JPEG of 1600x900 pixels below 200 kB without any lettering, the same for the same
arguments. ``MOTIFS`` names what can be drawn.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from sites.demo.painting import HEIGHT, WIDTH, Colour, Painting, Point, mix, rgb
from sites.demo.scenes_land import forest, grain_fields, snow_hills, tea_garden, terraces, wind_farm
from sites.demo.scenes_office import portrait, street_map
from sites.demo.scenes_town import harbour, old_town, rail_viaduct, reservoir, school_yard, skyline

__all__ = ["HEIGHT", "MOTIFS", "WIDTH", "draw_picture"]

Scene = Callable[[int], Painting]


def river(
    seed: int, sky: tuple[str, ...], far: str, near: str, haze: str, sun: str, water: tuple[str, str]
) -> Painting:
    """Draw layered hills over a river, with the sun or moon low behind them; colours as "#rrggbb"."""
    art = Painting(seed, sky)
    rng = art.rng
    light, pale, dark = rgb(sun), rgb(haze), rgb(near)
    x = rng.choice((0.3, 0.36, 0.64, 0.7)) * WIDTH
    art.glow(x, 280, 600, light, 0.75)
    art.clouds(150, 70, 5, mix(pale, light, 0.5), 0.4)
    art.disc(x, 246, 44, mix(light, (255, 255, 255), 0.65), 0.95)
    for index in range(5):
        share = index / 4
        tone = mix(rgb(far), dark, share**1.25)
        level = 372 + 46 * index
        art.hill(art.ridge(level, 150 - 17 * index, 0.48, 2 + index), tone, mix(tone, pale, 0.72 - 0.4 * share), 640)
        art.mist(level + 96, 74, pale, 0.5 - 0.09 * index)
    art.water(612, rgb(water[0]), rgb(water[1]), calm=0.62)
    art.shimmer(616, 890, mix(light, (255, 255, 255), 0.5), 0.5, around=x)
    art.mist(612, 26, pale, 0.5)
    _boat(art, x + (260 if x < WIDTH / 2 else -260), 722, mix(dark, (10, 14, 22), 0.55))
    _reeds(art, dark)
    art.birds(WIDTH - x, 235, 7, mix(dark, pale, 0.15))
    return art


def _boat(art: Painting, x: float, y: float, colour: Colour) -> None:
    hull = [(x - 78, y - 9), (x - 52, y + 7), (x + 48, y + 7), (x + 82, y - 13), (x + 40, y - 2), (x - 44, y - 1)]
    awning = [(x - 30, y), (x - 27, y - 21), (x - 14, y - 29), (x + 10, y - 29), (x + 24, y - 21), (x + 27, y)]
    person = [(x + 49, y - 2), (x + 51, y - 31), (x + 55, y - 37), (x + 60, y - 31), (x + 61, y - 2)]
    art.shape([hull, awning, person], colour, colour)
    art.strokes([[(x + 64, y - 44), (x + 40, y + 24)]], 2, colour)
    art.shape(
        [[(x - 70, y + 9), (x + 70, y + 9), (x + 34, y + 21), (x - 40, y + 21)]], colour, colour, strength=0.3, blur=3
    )


def _reeds(art: Painting, dark: Colour) -> None:
    rng = art.rng
    blades: list[list[Point]] = []
    for start, count in ((-20.0, 46), (WIDTH - 330.0, 40)):
        for _ in range(count):
            x = start + rng.uniform(0, 350)
            height = rng.uniform(60, 165) * (1 - abs(x - start - 175) / 420)
            lean = rng.uniform(-26, 34)
            blades.append(
                [(x - 3, 905), (x + lean * 0.3 - 1, 905 - height * 0.6), (x + lean, 905 - height), (x + 3, 905)]
            )
    tone = mix(dark, (8, 14, 20), 0.6)
    art.shape(blades, tone, tone)


MOTIFS: dict[str, Scene] = {
    "river-dawn": lambda seed: river(
        seed,
        ("#7fa6c9", "#c3d3de", "#fbdcc0", "#f9c9a4"),
        "#9db4c6",
        "#2f4f63",
        "#fbe3cf",
        "#ffd9a3",
        ("#d9c9bd", "#4c7086"),
    ),
    "river-dusk": lambda seed: river(
        seed,
        ("#2d3a66", "#6f5f8d", "#d88c7f", "#f6b98a"),
        "#8d7c9c",
        "#232a4a",
        "#e9ab93",
        "#ffc98a",
        ("#c98f86", "#2b2f57"),
    ),
    "river-noon": lambda seed: river(
        seed,
        ("#5aa0d0", "#a5cde4", "#dcedf1", "#eef6f2"),
        "#9cc3c9",
        "#2c6657",
        "#e6f2ee",
        "#fffbe6",
        ("#a9d3d6", "#2a6f7d"),
    ),
    "river-moon": lambda seed: river(
        seed,
        ("#0f1d3a", "#22406a", "#54769b", "#8ea9bd"),
        "#5d7d9c",
        "#0f223d",
        "#8fa9bd",
        "#e6edf2",
        ("#6f8eaa", "#10233f"),
    ),
    "terraces-spring": lambda seed: terraces(seed, "spring"),
    "terraces-autumn": lambda seed: terraces(seed, "autumn"),
    "grain-fields": grain_fields,
    "forest-morning": lambda seed: forest(
        seed, ("#a9c9d3", "#dcebe6", "#f4f3df"), "#a5c3bb", "#12392f", "#eef4e6", "#fff6cf"
    ),
    "forest-evening": lambda seed: forest(
        seed, ("#5d6b93", "#c99a9a", "#f3c79d"), "#b3919c", "#251f3b", "#f0c3a2", "#ffe0a8"
    ),
    "tea-garden": tea_garden,
    "snow-hills": snow_hills,
    "wind-farm": wind_farm,
    "skyline-day": lambda seed: skyline(seed, night=False),
    "skyline-night": lambda seed: skyline(seed, night=True),
    "harbour": harbour,
    "reservoir": reservoir,
    "rail-viaduct": rail_viaduct,
    "school-yard": school_yard,
    "old-town": old_town,
    "portrait": portrait,
    "street-map": street_map,
}


def draw_picture(motif: str, seed: int) -> bytes:
    """Return a picture as JPEG bytes, 1600x900 pixels. Raise KeyError for a motif that is not in ``MOTIFS``."""
    image = MOTIFS[motif](seed).finished()
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=84, optimize=True, progressive=True, subsampling="4:2:0")
    return stream.getvalue()
