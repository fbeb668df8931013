"""Scenes that people built: skyline and bridge, harbour, dam, viaduct, school, old town."""

from __future__ import annotations

import math

from sites.demo.painting import HEIGHT, WIDTH, Colour, Painting, Point, crown, mix, rgb

WHITE = (255, 255, 255)


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def skyline(seed: int, *, night: bool) -> Painting:
    """A city over the river with a cable-stayed bridge."""
    sky = ("#101b3d", "#2a3f73", "#6f6d9b", "#d19a95") if night else ("#6aa5d2", "#b1d3e6", "#e8f0ee", "#f9ead2")
    art = Painting(seed, sky)
    rng = art.rng
    haze = rgb("#c99aa0" if night else "#eef1ea")
    near = rgb("#141f3f" if night else "#4d7793")
    art.glow(540, 520, 720, rgb("#ffc9a0" if night else "#fff6dc"), 0.6)
    art.clouds(170, 80, 6, rgb("#a98fae") if night else WHITE, 0.4)
    art.hill(art.ridge(500, 74, 0.42, 3), mix(near, haze, 0.55), mix(near, haze, 0.8), 640)
    for row in range(3):
        tone = mix(haze, near, (0.35, 0.62, 0.9)[row])
        towers: list[list[Point]] = []
        windows: list[list[Point]] = []
        x = -30.0
        while x < WIDTH + 20:
            wide = rng.uniform(34, 84) * (0.8 + 0.15 * row)
            centre = math.exp(-(((x - 640) / 420) ** 2))
            tall = (46 + 250 * centre * rng.uniform(0.45, 1.1) + rng.uniform(0, 46)) * (1.08 - 0.16 * row)
            top = 640 - tall
            towers.append(box(x, top, x + wide, 642))
            if rng.random() < 0.28 and tall > 150:
                towers.append([(x + wide * 0.2, top), (x + wide * 0.5, top - 36), (x + wide * 0.8, top)])
                towers.append(box(x + wide * 0.49, top - 74, x + wide * 0.51, top))
            for wy in range(int(top) + 9, 630, 11):
                for wx in range(int(x) + 5, int(x + wide) - 6, 9):
                    if rng.random() < (0.34 if night else 0.5):
                        windows.append(box(wx, wy, wx + 4, wy + (5 if night else 6)))
            x += wide + rng.uniform(2, 26)
        art.shape(towers, tone, mix(tone, haze, 0.4))
        if windows:
            art.shape(
                windows,
                *((rgb("#ffdf9e"),) * 2 if night else (WHITE,) * 2),
                strength=(0.35 if night else 0.12) + 0.12 * row,
            )
    trees = [crown(x + rng.uniform(-8, 8), 632, rng.uniform(12, 24), rng) for x in range(-10, WIDTH, 21)]
    art.shape(trees, rgb("#1a2b42" if night else "#5c8f73"), rgb("#15233a" if night else "#477a62"))
    art.water(645, rgb("#7d6d92" if night else "#b5d5de"), rgb("#131d40" if night else "#3d7a98"), calm=0.6)
    _cable_bridge(art, rgb("#e8d9d6" if night else "#f7f8f6"), rgb("#26325a" if night else "#5f8298"))
    if not night:
        art.birds(1120, 210, 7, rgb("#4f7188"))
    return art


def _cable_bridge(art: Painting, light: Colour, dark: Colour) -> None:
    deck = [(900.0, 674.0), (1600.0, 716.0)]
    slope = 42 / 700
    tower_x = 1285.0
    foot = 674 + (tower_x - 900) * slope
    cables: list[list[Point]] = []
    for index in range(1, 15):
        for side in (-1, 1):
            x = tower_x + side * index * 25
            cables.append([(tower_x, foot - 330 + index * 10), (x, 674 + (x - 900) * slope)])
    art.strokes(cables, 1.3, light, strength=0.75)
    art.shape(
        [[(tower_x - 20, foot + 96), (tower_x - 5, foot - 352), (tower_x + 5, foot - 352), (tower_x + 20, foot + 96)]],
        light,
        mix(light, dark, 0.35),
    )
    ends = [(deck[0][0], deck[0][1]), (1600.0, deck[1][1]), (1600.0, deck[1][1] + 17), (deck[0][0], deck[0][1] + 5)]
    art.shape([ends], mix(light, dark, 0.2), mix(light, dark, 0.5))
    piers = [
        box(x - 5, 678 + (x - 900) * slope, x + 5, 700 + (x - 900) * slope * 2.1) for x in (930, 1010, 1090, 1480, 1560)
    ]
    art.shape(piers, mix(light, dark, 0.5), dark)


def harbour(seed: int) -> Painting:
    """Cranes and stacked containers along the quay, a freighter passing."""
    art = Painting(seed, ("#6f9fc8", "#bcd4e0", "#f6e6d2", "#f8d6b4"))
    rng = art.rng
    haze = rgb("#f6e7d6")
    art.glow(430, 430, 620, rgb("#fff0d0"), 0.8)
    art.clouds(190, 80, 6, WHITE, 0.45)
    for index, code in enumerate(("#a9bccb", "#88a5b8")):
        art.hill(art.ridge(500 + 36 * index, 70, 0.42, 3), rgb(code), mix(rgb(code), haze, 0.7), 620)
    steel = rgb("#3d6480")
    for index in range(5):
        _crane(art, 740 + index * 195, 612, 250 - 12 * abs(index - 2), mix(steel, haze, 0.14 * (index % 2)))
    colours = [rgb(code) for code in ("#c8694f", "#3f7f95", "#d9a95a", "#5f8f7c", "#8d9bb0", "#b95a55")]
    for column in range(34):
        for level in range(rng.randint(1, 4)):
            tone = mix(rng.choice(colours), haze, 0.2)
            left = 640 + column * 29
            art_top = 612 - 15 * (level + 1)
            art.shape([box(left, art_top, left + 27, art_top + 14)], mix(tone, WHITE, 0.1), tone)
    art.shape([box(610, 611, WIDTH, 640)], rgb("#8796a0"), rgb("#5f7381"))
    art.water(628, rgb("#cfd6d4"), rgb("#36667f"), calm=0.55)
    art.shimmer(634, 890, rgb("#fff3da"), 0.45, around=430)
    hull = [(120, 676), (158, 724), (600, 724), (640, 668), (590, 684), (160, 684)]
    bridge = [*box(170, 612, 226, 686)]
    art.shape([hull], rgb("#2f5570"), rgb("#1f3f58"))
    art.shape([bridge, box(180, 596, 196, 614)], rgb("#f7f4ec"), rgb("#d6dad8"))
    for column in range(11):
        for level in range(2 + (column % 3 > 0)):
            tone = colours[(column * 5 + level * 2) % len(colours)]
            left = 240 + column * 31
            art.shape([box(left, 668 - 17 * level, left + 29, 684 - 17 * level)], mix(tone, WHITE, 0.15), tone)
    art.shape([[(130, 728), (600, 728), (560, 752), (180, 752)]], rgb("#1f3f58"), rgb("#1f3f58"), strength=0.3, blur=5)
    art.birds(560, 300, 8, rgb("#50697a"))
    return art


def _crane(art: Painting, x: float, foot: float, height: float, tone: Colour) -> None:
    top = foot - height
    frame: list[list[Point]] = [
        [(x, foot), (x + 14, top + 60)],
        [(x + 74, foot), (x + 60, top + 60)],
        [(x + 6, foot - 82), (x + 68, foot - 82)],
        [(x + 14, top + 60), (x + 37, top), (x + 60, top + 60)],
        [(x - 122, top + 62), (x + 142, top + 62)],
        [(x + 37, top), (x - 110, top + 60)],
        [(x + 37, top), (x + 130, top + 60)],
        [(x + 6, foot - 82), (x + 62, top + 64)],
    ]
    art.strokes(frame, 4.2, tone)
    art.strokes([[(x - 70, top + 62), (x - 70, top + 128)]], 1.6, tone)
    art.shape([box(x - 84, top + 128, x - 56, top + 142), box(x + 84, top + 48, x + 118, top + 66)], tone, tone)


def reservoir(seed: int) -> Painting:
    """A curved dam between wooded slopes, the still lake behind."""
    art = Painting(seed, ("#7db2d6", "#c6dfe8", "#f0f3e6"))
    rng = art.rng
    haze = rgb("#e9f1ec")
    art.glow(1050, 200, 540, rgb("#fffbe6"), 0.8)
    art.clouds(140, 60, 5, WHITE, 0.5)
    for index in range(4):
        tone = mix(rgb("#a3c2cc"), rgb("#4c8670"), index / 3)
        art.hill(art.ridge(290 + 42 * index, 120 - 20 * index, 0.47, 3), tone, mix(tone, haze, 0.65), 520)
        art.mist(400 + 30 * index, 55, haze, 0.4)
    art.water(470, rgb("#bcdcdf"), rgb("#3f8799"), calm=0.6, end=690)
    crest: list[Point] = [(x, 640 + 62 * math.sin((x - 150) / 1300 * math.pi)) for x in range(100, 1504, 12)]
    foot: list[Point] = [(x * 0.8 + 160, 800 + 95 * math.sin((x - 150) / 1300 * math.pi)) for x, _ in crest]
    art.hill([(0, 700), (WIDTH, 700)], rgb("#7fa98a"), rgb("#4b7d63"))
    art.shape([[*crest, *reversed(foot)]], rgb("#dfe4e0"), rgb("#a3b1b3"))
    ribs = [[crest[i], foot[i]] for i in range(6, len(crest) - 4, 6)]
    art.strokes(ribs, 2, rgb("#8b9b9f"), strength=0.5)
    spill: list[list[Point]] = []
    for i in range(50, 68, 4):
        spill.append([crest[i], crest[i + 2], (foot[i + 2][0] + 6, foot[i + 2][1]), (foot[i][0] - 6, foot[i][1])])
    art.shape(spill, rgb("#f4fafa"), WHITE, strength=0.9, blur=1.5)
    art.strokes([[(x, y - 5) for x, y in crest]], 9, rgb("#f2f3ee"))
    art.strokes([[(x, y + 3) for x, y in crest]], 2, rgb("#7f9196"), strength=0.7)
    art.shape(
        [box(x - 13, y - 44, x + 13, y) for x, y in (crest[48], crest[58], crest[68])], rgb("#f6f1e4"), rgb("#cfd2cb")
    )
    art.shape(
        [[(x - 20, y - 44), (x, y - 60), (x + 20, y - 44)] for x, y in (crest[48], crest[58], crest[68])],
        rgb("#8a5d4e"),
        rgb("#74493d"),
    )
    art.mist(890, 90, WHITE, 0.55)
    for side in (0, 1):
        slope = [(0.0, 560.0), (130, 640), (250, 790), (330, 900), (0, 900)]
        if side:
            slope = [(WIDTH - x, y) for x, y in slope]
        art.shape([slope], rgb("#4f8a66"), rgb("#2d5f49"))
        trees = []
        for _ in range(60):
            part = rng.random()
            x = rng.uniform(0, 40 + 270 * part)
            trees.append(
                crown(WIDTH - x if side else x, 590 + 310 * part + rng.uniform(0, 20), rng.uniform(16, 34), rng)
            )
        for tree in range(0, 60, 20):
            tone = mix(rgb("#6fa377"), rgb("#2b5c45"), tree / 45)
            art.shape(trees[tree : tree + 20], mix(tone, rgb("#c3d79a"), 0.25), tone)
    return art


def rail_viaduct(seed: int) -> Painting:
    """A white train on a long viaduct over a green valley."""
    art = Painting(seed, ("#74aedb", "#c0dcea", "#f1f2e4"))
    rng = art.rng
    haze = rgb("#edf2e6")
    art.glow(330, 210, 540, rgb("#fffbe3"), 0.8)
    art.clouds(150, 70, 6, WHITE, 0.55)
    for index in range(4):
        tone = mix(rgb("#a6c3d0"), rgb("#5e9b7b"), index / 3)
        art.hill(art.ridge(330 + 52 * index, 135 - 22 * index, 0.46, 3), tone, mix(tone, haze, 0.6), 760)
        art.mist(460 + 45 * index, 60, haze, 0.42)
    art.hill(art.ridge(690, 22, 0.3, 2), rgb("#9cc07c"), rgb("#5b9159"))
    for _ in range(26):
        x, y = rng.uniform(0, WIDTH), rng.uniform(690, 800)
        art.shape([crown(x, y, 9 + (y - 680) * 0.13, rng)], rgb("#74a873"), rgb("#4a8158"))

    def level(x: float) -> float:
        return 520 + (x - 200) ** 2 / 32000

    deck: list[Point] = [(x, level(x)) for x in range(0, WIDTH + 20, 20)]
    for x in range(90, WIDTH + 100, 168):
        y = level(x)
        wide = 13 + x / 130
        pier = [
            (x - wide, y + 30),
            (x + wide, y + 30),
            (x + wide * 0.62, y + 62),
            (x + wide * 0.62, HEIGHT),
            (x - wide * 0.62, HEIGHT),
            (x - wide * 0.62, y + 62),
        ]
        art.shape([pier], rgb("#eef0ea"), rgb("#a9b8b5"))
    art.shape([[*deck, *[(x, y + 20 + x / 90) for x, y in reversed(deck)]]], rgb("#f5f5ef"), rgb("#b9c4c2"))
    body: list[Point] = [(x, level(x) - 26 - x / 150) for x in range(340, 1320, 20)]
    under: list[Point] = [(x, level(x) - 1) for x in range(300, 1400, 20)]
    nose: list[Point] = [(1345, level(1345) - 30), (1378, level(1378) - 20), (1396, level(1396) - 8)]
    tail: list[Point] = [(306, level(306) - 9), (320, level(320) - 20)]
    art.shape([[*tail, *body, *nose, *reversed(under)]], WHITE, rgb("#d3dde0"))
    art.strokes([[(x, y + 12 + x / 400) for x, y in body[1:]]], 7, rgb("#33566d"), strength=0.85)
    art.strokes([[(x, level(x) - 9) for x in range(310, 1390, 20)]], 2.6, rgb("#2f86b0"))
    gaps = [[(x, level(x) - 26 - x / 150), (x, level(x) - 2)] for x in range(470, 1300, 138)]
    art.strokes(gaps, 2, rgb("#9fb0b6"))
    poles = [
        [(x, level(x)), (x, level(x) - 66 - x / 60), (x + 26, level(x) - 66 - x / 60)] for x in range(60, WIDTH, 168)
    ]
    art.strokes(poles, 2.4, rgb("#7e929b"))
    art.strokes([[(x, level(x) - 58 - x / 62) for x in range(0, WIDTH + 20, 20)]], 1.1, rgb("#7e929b"), strength=0.8)
    bushes = [
        crown(rng.uniform(-20, WIDTH + 20), 890 + rng.uniform(-16, 20), rng.uniform(24, 54), rng) for _ in range(44)
    ]
    art.shape(bushes, rgb("#5f9767"), rgb("#386e4e"))
    return art


def school_yard(seed: int) -> Painting:
    """A bright school building with a track and old trees."""
    art = Painting(seed, ("#6fb0e0", "#b8dbee", "#f2f4e8"))
    rng = art.rng
    art.glow(300, 190, 520, rgb("#fffbe0"), 0.8)
    for level in (120, 210):
        art.clouds(level, 34, 5, WHITE, 0.65)
    art.hill(art.ridge(430, 80, 0.42, 3), rgb("#9fc4bf"), rgb("#d7e8dc"), 600)
    art.shape(
        [crown(x + rng.uniform(-12, 12), 560, rng.uniform(34, 62), rng) for x in range(0, WIDTH, 56)],
        rgb("#8cba85"),
        rgb("#5f9770"),
    )
    wall, roof = rgb("#f8efe0"), rgb("#b9694f")
    for left, top, right in ((330, 392, 1270), (640, 330, 960)):
        art.shape([box(left, top, right, 640)], wall, rgb("#e6d6bd"))
        art.shape([box(left - 12, top - 16, right + 12, top + 2)], roof, rgb("#9c5541"))
    art.shape([[(628, 314), (800, 250), (972, 314)]], roof, rgb("#a35a45"))
    art.disc(800, 292, 17, WHITE)
    art.strokes([[(800, 292), (800, 281)], [(800, 292), (808, 296)]], 2, rgb("#5a4a44"))
    glass: list[list[Point]] = []
    for floor in range(4):
        y = 412 + floor * 56
        glass += [box(x, y, x + 34, y + 33) for x in range(352, 620, 54)]
        glass += [box(x, y, x + 34, y + 33) for x in range(984, 1252, 54)]
        if floor < 3:
            glass += [box(x, y - 52, x + 34, y - 17) for x in range(668, 920, 58)]
    art.shape(glass, rgb("#8fbdd1"), rgb("#5f97b3"))
    art.shape([box(742, 552, 858, 640)], rgb("#6e97a8"), rgb("#4e7c90"))
    art.strokes([[(800, 552), (800, 640)]], 4, wall)
    art.shape([box(716, 536, 884, 552)], roof, roof)
    art.hill([(0, 636), (WIDTH, 636)], rgb("#a6cf85"), rgb("#6aa866"))
    lanes = ((1180, 158, "#c96f55"), (1010, 118, "#8cc078"))
    for wide, tall, code in lanes:
        ellipse = [
            (800 + math.cos(t / 60 * math.tau) * wide * 0.72, 795 + math.sin(t / 60 * math.tau) * tall)
            for t in range(60)
        ]
        art.shape([ellipse], mix(rgb(code), WHITE, 0.12), rgb(code))
    for part in (0.875, 0.92, 0.96):
        ring = [
            (
                800 + math.cos(t / 90 * math.tau) * 1180 * 0.72 * part,
                795 + math.sin(t / 90 * math.tau) * 158 * (part - 0.03),
            )
            for t in range(91)
        ]
        art.strokes([ring], 1.6, WHITE, strength=0.6)
    for x, y, size in ((130, 560, 108), (1470, 548, 122), (1330, 600, 62), (262, 604, 58)):
        art.strokes([[(x, y + size * 1.35), (x, y)]], size * 0.16, rgb("#7d6650"))
        _tree(art, x, y, size, rgb("#3f7d4d"), rgb("#9cc774"))
    art.birds(1010, 190, 6, rgb("#5b7a8c"))
    return art


def old_town(seed: int) -> Painting:
    """White walls and dark roofs along a canal with a stone arch bridge."""
    art = Painting(seed, ("#8fb3c9", "#d3e0e2", "#f5ecdc"))
    rng = art.rng
    haze = rgb("#f0ece0")
    art.glow(900, 280, 620, rgb("#fff4dc"), 0.75)
    art.clouds(140, 50, 4, WHITE, 0.4)
    for index, code in enumerate(("#a9bfc6", "#8aa9a9")):
        art.hill(art.ridge(360 + 46 * index, 92, 0.44, 3), rgb(code), mix(rgb(code), haze, 0.7), 600)
    art.mist(480, 80, haze, 0.5)
    for row, (base, share) in enumerate(((545, 0.5), (600, 0.2), (655, 0.0))):
        x = -60.0
        while x < WIDTH:
            wide = rng.uniform(120, 230)
            tall = rng.uniform(70, 118) + 12 * row
            if not (row == 2 and 600 < x + wide / 2 < 1010):
                _house(art, x, base, wide, tall, share, haze)
            x += wide + rng.uniform(-8, 34)
    art.shape([box(0, 652, WIDTH, 676)], rgb("#a9a79c"), rgb("#7c8078"))
    arch: list[Point] = [
        (790 + math.cos(a) * 128, 676 - math.sin(a) * 112) for a in [i / 24 * math.pi for i in range(25)]
    ]
    back: list[Point] = [(560, 676), (640, 622), (735, 548), (790, 536), (845, 548), (940, 622), (1020, 676)]
    art.shape([[*back, *arch]], rgb("#d9d4c6"), rgb("#9b9b90"))
    art.strokes([[(x, y - 16) for x, y in back[1:-1]]], 5, rgb("#e9e5d9"))
    art.strokes(
        [
            [(x, y - 16), (x, y)]
            for x, y in ((640, 622), (688, 585), (735, 548), (790, 536), (845, 548), (892, 585), (940, 622))
        ],
        5,
        rgb("#e9e5d9"),
    )
    art.water(676, rgb("#c3d0cc"), rgb("#4f7378"), calm=0.7)
    for x, y, size in ((1130, 560, 74), (1236, 588, 52), (262, 566, 70)):
        art.strokes([[(x, 670), (x, y)]], size * 0.14, rgb("#6b6353"))
        _tree(art, x, y, size, rgb("#4f7f57"), rgb("#a9c983"))
    art.birds(420, 230, 6, rgb("#5d7076"))
    return art


def _house(art: Painting, x: float, base: float, wide: float, tall: float, share: float, haze: Colour) -> None:
    wall, roof = mix(rgb("#fbf8f0"), haze, share), mix(rgb("#3d4a52"), haze, share)
    top = base - tall
    art.shape([box(x, top, x + wide, base)], wall, mix(wall, rgb("#d9d3c4"), 0.6))
    eave = [
        (x - 14, top + 6),
        (x - 4, top - 4),
        (x + 14, top - 34),
        (x + wide - 14, top - 34),
        (x + wide + 4, top - 4),
        (x + wide + 14, top + 6),
    ]
    art.shape([eave], mix(roof, WHITE, 0.16), roof)
    panes = [box(px, top + 30, px + 20, top + 58) for px in range(int(x) + 20, int(x + wide) - 26, 44)]
    if panes:
        art.shape(panes, mix(rgb("#6b5546"), haze, share), mix(rgb("#57463a"), haze, share))


def _tree(art: Painting, x: float, y: float, size: float, dark: Colour, light: Colour) -> None:
    """A crown of overlapping clumps, lit from above left."""
    rng = art.rng
    for part in range(9):
        tone = mix(dark, light, part / 9)
        spread = size * 0.55
        at = (x + rng.uniform(-spread, spread) - part * 2, y + rng.uniform(-spread, spread) * 0.7 - part * 2)
        art.shape([crown(*at, size * rng.uniform(0.4, 0.62) * (1.1 - part / 18), rng)], mix(tone, WHITE, 0.12), tone)
