"""The brushes for the demo's illustrations: gradients, ridges, mist, water, light.

Every shape is drawn as a mask at twice the size and reduced, which smooths its edge; colour comes from gradients at the
final size. A mask is as large as its shape: most are windows and trees, and there are hundreds. All randomness comes
from one seeded generator, so the same call always gives the same picture.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900
SCALE = 2  # supersampling of masks
Colour = tuple[int, int, int]
Point = tuple[float, float]


def rgb(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour between two: ``share`` 0 gives the first, 1 the second."""
    (r, g, b), (red, green, blue) = first, second
    # Without a loop: there is a colour to each line of each gradient.
    return round(r + (red - r) * share), round(g + (green - g) * share), round(b + (blue - b) * share)


def gradient(stops: Sequence[Colour], width: int, height: int) -> Image.Image:
    """Return a vertical gradient of ``width`` x ``height`` pixels with evenly spaced ``stops``, from the top down."""
    strip = Image.new("RGB", (1, max(height, 1)))
    spans = len(stops) - 1
    colours = []
    for row in range(max(height, 1)):
        place = row / max(height - 1, 1) * spans
        index = min(int(place), spans - 1)
        colours.append(mix(stops[index], stops[index + 1], place - index))
    strip.putdata(colours)
    return strip.resize((width, max(height, 1)))


def fractal_line(rng: random.Random, count: int, roughness: float, octaves: int = 6, first: int = 3) -> list[float]:
    """Return ``count`` points of value noise, about -1 to 1; ``first``: number of waves in the lowest octave."""
    total = [0.0] * count
    strength, norm = 1.0, 0.0
    for octave in range(octaves):
        cells = first * 2**octave
        knots = [rng.uniform(-1, 1) for _ in range(cells + 2)]
        for index in range(count):
            place = index / count * cells
            cell = int(place)
            ease = (1 - math.cos((place - cell) * math.pi)) / 2
            total[index] += strength * (knots[cell] * (1 - ease) + knots[cell + 1] * ease)
        norm += strength
        strength *= roughness
    return [value / norm for value in total]


class Pen:
    """Draws on a mask in doubled coordinates of the whole canvas; ``at``: where the mask's corner lies in them."""

    def __init__(self, mask: Image.Image, at: tuple[int, int]) -> None:
        self._draw, self._at = ImageDraw.Draw(mask), at

    def polygon(self, points: Sequence[Point]) -> None:
        self._draw.polygon(self._moved(points), fill=255)

    def line(self, points: Sequence[Point], width: int) -> None:
        self._draw.line(self._moved(points), fill=255, width=width, joint="curve")

    def ellipse(self, corners: Sequence[Point]) -> None:
        self._draw.ellipse(self._moved(corners), fill=255)

    def _moved(self, points: Sequence[Point]) -> list[Point]:
        left, top = self._at
        return [(x * SCALE - left, y * SCALE - top) for x, y in points]


class Painting:
    """A canvas of 1600x900 pixels on which layers are laid from far to near; ``sky``: colours from the top down."""

    def __init__(self, seed: int, sky: Sequence[str]) -> None:
        self.rng = random.Random(seed)
        self.image = gradient([rgb(code) for code in sky], WIDTH, HEIGHT)

    def ridge(self, level: float, height: float, roughness: float = 0.45, first: int = 3) -> list[Point]:
        """Return the points of a mountain line around ``level`` (y) with swings of ``height``."""
        step = 4
        noise = fractal_line(self.rng, WIDTH // step + 2, roughness, first=first)
        return [(index * step, level - value * height) for index, value in enumerate(noise)]

    def fill(
        self,
        draw: Callable[[Pen], None],
        top: Colour,
        bottom: Colour,
        span: tuple[float, float],
        *,
        across: tuple[float, float] = (0, WIDTH),
        strength: float = 1.0,
        blur: float = 0,
    ) -> None:
        """Lay whatever ``draw`` paints through a mask between the y of ``span`` and the x of ``across``."""
        upper, lower = max(0, int(span[0])), min(HEIGHT, int(span[1]) + 1)
        left, right = max(0, int(across[0])), min(WIDTH, int(across[1]) + 1)
        if lower <= upper or right <= left:
            return
        mask = Image.new("L", ((right - left) * SCALE, (lower - upper) * SCALE))
        draw(Pen(mask, (left * SCALE, upper * SCALE)))
        mask = mask.reduce(SCALE)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if strength < 1:
            mask = mask.point([round(value * strength) for value in range(256)])
        box = (left, upper, right, lower)
        self.image.paste(top if top == bottom else gradient([top, bottom], right - left, lower - upper), box, mask)

    def shape(
        self,
        polygons: Sequence[Sequence[Point]],
        top: Colour,
        bottom: Colour,
        *,
        strength: float = 1.0,
        blur: float = 0,
    ) -> None:
        def draw(pen: Pen) -> None:
            for polygon in polygons:
                pen.polygon(polygon)

        down, across = _reach(polygons, blur * 3)
        self.fill(draw, top, bottom, down, across=across, strength=strength, blur=blur)

    def strokes(
        self, lines: Sequence[Sequence[Point]], width: float, colour: Colour, *, strength: float = 1.0, blur: float = 0
    ) -> None:
        def draw(pen: Pen) -> None:
            for line in lines:
                pen.line(line, max(1, round(width * SCALE)))

        down, across = _reach(lines, width + blur * 3)
        self.fill(draw, colour, colour, down, across=across, strength=strength, blur=blur)

    def hill(self, line: Sequence[Point], top: Colour, bottom: Colour, floor: float = HEIGHT) -> None:
        """Fill everything under ``line`` down to ``floor`` (y)."""
        self.shape([[*line, (line[-1][0], floor), (line[0][0], floor)]], top, bottom)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        radius *= 1.3
        size = int(radius * 2)
        # Pillow's radial gradient reaches 181 at the middle of an edge and 255 only in the corners.
        ramp = [round(255 * strength * max(0.0, 1 - value / 180) ** 1.9) for value in range(256)]
        mask = Image.radial_gradient("L").point(ramp).resize((size, size), Image.Resampling.BICUBIC)
        self.image.paste(colour, (int(x - radius), int(y - radius)), mask)

    def disc(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        def draw(pen: Pen) -> None:
            pen.ellipse([(x - radius, y - radius), (x + radius, y + radius)])

        down, across = _reach([[(x, y)]], radius + 2)
        self.fill(draw, colour, colour, down, across=across, strength=strength)

    def mist(self, y: float, height: float, colour: Colour, strength: float) -> None:
        """Lay a soft band of mist, densest at ``y``."""
        upper, lower = int(max(0, y - height)), int(min(HEIGHT, y + height))
        ramp = Image.new("L", (1, lower - upper))
        ramp.putdata(
            [round(255 * strength * max(0.0, 1 - abs(row + upper - y) / height) ** 1.8) for row in range(lower - upper)]
        )
        self.image.paste(colour, (0, upper), ramp.resize((WIDTH, lower - upper)))

    def clouds(self, level: float, spread: float, count: int, colour: Colour, strength: float) -> None:
        """Draw ``count`` long thin clouds around ``level`` (y), each a cluster of flat ellipses, blurred."""

        def draw(pen: Pen) -> None:
            for _ in range(count):
                x, y = self.rng.uniform(-100, WIDTH), level + self.rng.uniform(-spread, spread)
                length = self.rng.uniform(160, 460)
                for _ in range(7):
                    cx, cy = x + self.rng.uniform(0, length), y + self.rng.uniform(-7, 7)
                    rx, ry = self.rng.uniform(50, 130), self.rng.uniform(4, 12)
                    pen.ellipse([(cx - rx, cy - ry), (cx + rx, cy + ry)])

        self.fill(draw, colour, colour, (level - spread - 60, level + spread + 60), strength=strength, blur=9)

    def water(self, shore: float, tint: Colour, deep: Colour, *, calm: float = 0.55, end: float = HEIGHT) -> None:
        """Mirror what stands above ``shore`` into the surface below, darker and bluer towards the viewer."""
        top, bottom = int(shore), int(end)
        depth = bottom - top
        reach = min(top, int(depth * 1.5))
        mirror = self.image.crop((0, top - reach, WIDTH, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        mirror = mirror.resize((WIDTH, depth), Image.Resampling.BILINEAR).filter(ImageFilter.BoxBlur((3, 7)))
        surface = Image.blend(gradient([tint, deep], WIDTH, depth), mirror, calm)
        self.image.paste(surface, (0, top))
        self.shimmer(top, bottom, mix(tint, (255, 255, 255), 0.55), 0.22)
        self.shimmer(top, bottom, deep, 0.2)

    def shimmer(self, top: float, bottom: float, colour: Colour, strength: float, around: float | None = None) -> None:
        """Draw short level strokes on water, finer towards the shore.

        ``around``: the x where they gather, for the path of sun or moon; None spreads them over the whole width.
        """
        depth = bottom - top

        def draw(pen: Pen) -> None:
            for _ in range(150):
                near = self.rng.random() ** 1.4
                y = top + 3 + near * (depth - 4)
                length = (20 + 110 * near) * self.rng.uniform(0.4, 1.3)
                x = self.rng.uniform(-60, WIDTH)
                if around is not None:
                    x = self.rng.gauss(around, 22 + 70 * near) - length / 2
                thick = 0.6 + 1.7 * near
                pen.ellipse([(x, y - thick), (x + length, y + thick)])

        self.fill(draw, colour, colour, (top, bottom), strength=strength, blur=0.7)

    def birds(self, x: float, y: float, count: int, colour: Colour) -> None:
        lines = []
        for _ in range(count):
            bx, by, size = x + self.rng.uniform(-130, 130), y + self.rng.uniform(-45, 45), self.rng.uniform(6, 12)
            left = [(bx - size * (1 - t), by - size * 0.55 * math.sin(t * math.pi * 0.8)) for t in (0, 0.35, 0.7, 1)]
            lines.append(left + [(2 * bx - px, py) for px, py in reversed(left[:-1])])
        self.strokes(lines, 1.6, colour, strength=0.75)

    def finished(self, grain: int = 3) -> Image.Image:
        """Return the picture with a little grain, which keeps wide gradients from banding after JPEG compression."""
        small = (WIDTH // 2, HEIGHT // 2)
        noise = Image.frombytes("L", small, self.rng.randbytes(small[0] * small[1]))
        noise = noise.point([value * grain // 256 for value in range(256)]).resize((WIDTH, HEIGHT))
        return ImageChops.add(self.image, Image.merge("RGB", (noise, noise, noise)), 1, -(grain // 2))


def _reach(parts: Sequence[Sequence[Point]], margin: float) -> tuple[Point, Point]:
    """Return the y and the x between which ``parts`` lie, with ``margin`` around them."""
    xs, ys = [x for part in parts for x, _ in part], [y for part in parts for _, y in part]
    return (min(ys) - margin, max(ys) + margin), (min(xs) - margin, max(xs) + margin)


def conifer(x: float, base: float, height: float, rng: random.Random) -> list[Point]:
    """Return the outline of a fir with slightly uneven tiers; ``base``: the y of its foot."""
    half, tiers = height * rng.uniform(0.17, 0.23), 5
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        low = (tier + 1) / tiers
        reach = half * low * rng.uniform(0.85, 1.1)
        y = base - height * (1 - low) - height * 0.04
        left += [(x - reach, y), (x - reach * 0.55, y - height * 0.035)]
        right += [(x + reach, y), (x + reach * 0.55, y - height * 0.035)]
    return [(x, base - height), *left, (x, base), *reversed(right)]


def crown(x: float, y: float, radius: float, rng: random.Random) -> list[Point]:
    """Return the outline of a broadleaf crown, softly lobed, flatter below."""
    lobes, turn, depth = rng.randint(5, 8), rng.uniform(0, math.tau), rng.uniform(0.05, 0.1)
    points = []
    for index in range(40):
        angle = index / 40 * math.tau
        reach = radius * (0.95 + depth * abs(math.sin(angle * lobes / 2 + turn)))
        points.append(
            (x + math.cos(angle) * reach, y + math.sin(angle) * reach * (0.68 if math.sin(angle) > 0 else 0.9))
        )
    return points
