"""Portraits of people who do not exist, and maps of streets that do not: drawn for the structured pages."""

from __future__ import annotations

import math

from sites.demo.painting import HEIGHT, WIDTH, Colour, Painting, Point, mix, rgb

WHITE: Colour = (255, 255, 255)
_CENTRE = WIDTH / 2
_SUITS = ("#22304a", "#2f2f36", "#1f3a3a", "#3a2f3f")
_TIES = ("#7a2230", "#274f7d", "#3d5a3a", "#6b4b1f")
_SKINS = ("#e8c3a2", "#e2b996", "#edcdb0")
#: From this seed on a portrait is of a woman, with other hair and a blouse.
_WOMEN_FROM = 20


def portrait(seed: int) -> Painting:
    """A person in front of a plain ground, head and shoulders in the middle, where a portrait is cut out."""
    art = Painting(seed, ("#c9d8e4", "#a9bfd0", "#8aa5ba"))
    rng = art.rng
    skin, suit = rgb(rng.choice(_SKINS)), rgb(rng.choice(_SUITS))
    hair = mix(rgb("#1d1a1c"), rgb("#6c6668"), rng.uniform(0, 0.55))
    woman = seed >= _WOMEN_FROM
    art.glow(_CENTRE, 330, 520, WHITE, 0.55)
    if woman:
        art.shape([_oval(_CENTRE, 372, 152, 200)], hair, mix(hair, WHITE, 0.08))
    art.shape([_shoulders()], suit, mix(suit, (0, 0, 0), 0.25))
    art.shape([[(735, 590), (865, 590), (830, 740), (770, 740)]], WHITE, rgb("#e9eef2"))
    art.shape([[(752, 470), (848, 470), (858, 590), (800, 640), (742, 590)]], mix(skin, (120, 70, 40), 0.18), skin)
    if woman:
        art.shape([[(742, 590), (800, 670), (858, 590), (838, 610), (800, 650), (762, 610)]], suit, suit)
    else:
        tie = rgb(rng.choice(_TIES))
        art.shape([[(783, 618), (817, 618), (828, 900), (800, 930), (772, 900)]], tie, mix(tie, (0, 0, 0), 0.3))
        art.shape([[(742, 578), (800, 626), (766, 666)], [(858, 578), (800, 626), (834, 666)]], WHITE, WHITE)
    art.shape([_oval(_CENTRE, 372, 112, 142)], mix(skin, WHITE, 0.18), skin)
    _hair(art, hair, woman)
    _face(art, mix(skin, (90, 40, 30), 0.55), hair, glasses=not woman and seed % 2 == 0)
    return art


def _oval(x: float, y: float, across: float, down: float) -> list[Point]:
    return [(x + math.cos(t / 60 * math.tau) * across, y + math.sin(t / 60 * math.tau) * down) for t in range(60)]


def _shoulders() -> list[Point]:
    left = [(735, 590), (640, 626), (540, 672), (488, 760), (462, HEIGHT)]
    return [*left, *[(WIDTH - x, y) for x, y in reversed(left)]]


def _hair(art: Painting, hair: Colour, woman: bool) -> None:
    """The hair above the brow, a line that a parting breaks."""
    brow = 318 if woman else 300
    top = [(_CENTRE + math.cos(t / 30 * math.pi) * 118, 372 - math.sin(t / 30 * math.pi) * 158) for t in range(31)]
    inner = [(688, 352), (712, brow + 6), (770, brow - 12), (830, brow - 20), (884, brow + 8), (912, 352)]
    art.shape([[*top, *inner]], mix(hair, WHITE, 0.12), hair)
    if woman:
        art.shape(
            [[(682, 350), (712, 340), (706, 470), (676, 520)], [(918, 350), (888, 340), (894, 470), (924, 520)]],
            hair, hair,
        )  # fmt: skip


def _face(art: Painting, line: Colour, hair: Colour, *, glasses: bool) -> None:
    for x in (756, 844):
        art.shape([_oval(x, 372, 9, 7)], rgb("#2b2320"), rgb("#2b2320"))
        art.strokes([[(x - 24, 346), (x, 338), (x + 24, 346)]], 6, hair)
    art.strokes([[(800, 384), (792, 424), (808, 428)]], 4, line, strength=0.6)
    art.strokes([[(768, 458), (800, 468), (832, 458)]], 6, line, strength=0.8)
    if glasses:
        art.strokes([_oval(756, 374, 34, 26), _oval(844, 374, 34, 26), [(790, 372), (810, 372)]], 4, rgb("#3c3c40"))


def street_map(seed: int) -> Painting:
    """A map of streets with a river, a park and a mark in the middle."""
    art = Painting(seed, ("#f3f0e8", "#f3f0e8"))
    rng = art.rng
    river = [(x, 660 + 60 * math.sin(x / 260 + rng.uniform(-0.05, 0.05) + seed)) for x in range(-20, WIDTH + 40, 20)]
    art.strokes([river], 92, rgb("#b9d6e6"))
    art.shape([[(1060, 120), (1420, 90), (1450, 330), (1110, 380)]], rgb("#cfe3c0"), rgb("#c1dab2"))
    streets: list[list[Point]] = []
    for place in range(120, WIDTH, 190):
        lean = rng.uniform(-26, 26)
        streets.append([(place + lean, -10), (place - lean, HEIGHT + 10)])
    for level in (110, 250, 400, 550, 800):
        lean = rng.uniform(-22, 22)
        streets.append([(-10, level + lean), (WIDTH + 10, level - lean)])
    art.strokes(streets, 17, rgb("#d8d2c4"))
    art.strokes(streets, 12, WHITE)
    main = [[(-10.0, 420.0), (WIDTH + 10.0, 380.0)], [(810.0, -10.0), (790.0, HEIGHT + 10.0)]]
    art.strokes(main, 34, rgb("#e2bf7a"))
    art.strokes(main, 26, rgb("#fbe3ac"))
    blocks: list[list[Point]] = []
    for _count in range(70):
        x, y = rng.uniform(20, WIDTH - 120), rng.uniform(20, HEIGHT - 90)
        wide, tall = rng.uniform(34, 84), rng.uniform(24, 58)
        blocks.append([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)])
    art.shape(blocks, rgb("#e3dccd"), rgb("#ddd5c4"), strength=0.8)
    mark = rgb("#b3261e")
    art.shape([[(770, 318), (830, 318), (800, 396)]], mark, mark)
    art.disc(800, 296, 40, mark)
    art.disc(800, 296, 15, WHITE)
    return art
