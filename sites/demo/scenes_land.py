"""Scenes of the land: terraces, fields, forest, tea, snow, wind."""

from __future__ import annotations

import math

from sites.demo.painting import HEIGHT, WIDTH, Painting, Point, conifer, crown, mix, rgb

WHITE = (255, 255, 255)


def terraces(seed: int, season: str) -> Painting:
    """Terraced fields stepping down a slope, water or grain between the dikes."""
    spring = season == "spring"
    sky = ("#8fbfdc", "#cfe4ea", "#f2f0e0") if spring else ("#86a9cc", "#e3d9cd", "#fae3bd")
    art = Painting(seed, sky)
    rng = art.rng
    haze = rgb("#eaf1ea" if spring else "#f9e5c6")
    light, deep = (rgb("#cfe3c4"), rgb("#2f6b46")) if spring else (rgb("#f2d48b"), rgb("#a5642a"))
    far = rgb("#a3bfcb" if spring else "#b7b3bd")
    art.glow(1180, 190, 520, rgb("#fff7dc"), 0.7)
    art.clouds(150, 60, 4, WHITE, 0.45)
    for index in range(3):
        tone = mix(far, rgb("#5f8d7c" if spring else "#977b66"), index / 3)
        art.hill(art.ridge(270 + 48 * index, 105 - 14 * index, 0.45, 3), tone, mix(tone, haze, 0.7), 560)
        art.mist(400 + 30 * index, 60, haze, 0.45)
    waves = [(rng.uniform(0.002, 0.0055), rng.uniform(0, math.tau), rng.uniform(0.5, 1)) for _ in range(3)]
    steps = 15
    for index in range(steps):
        share = index / (steps - 1)
        y = 400 + 470 * share**1.35
        swing = 16 + 62 * share
        line: list[Point] = []
        for x in range(0, WIDTH + 8, 8):
            bend = sum(
                math.sin(x * speed * (1.15 - 0.3 * share) + phase + index * 0.34 + 0.5 * math.sin(index * 1.7)) * part
                for speed, phase, part in waves
            )
            line.append((x, y - bend * swing * 0.62 + (x - 800) * 0.07 * (1 - share)))
        dike = mix(mix(deep, haze, 0.5 * (1 - share)), (20, 40, 25), 0.12)
        art.hill(line, dike, mix(dike, (20, 30, 20), 0.25), y + 190)
        drop = 5 + 9 * share
        wet = spring and index % 3 == 1
        fresh = mix(rgb("#d7e9ee"), rgb("#a9cddb"), share) if wet else mix(light, deep, 0.15 + 0.3 * rng.random())
        surface = mix(fresh, haze, 0.45 * (1 - share))
        lower = [(x, height + drop) for x, height in line]
        art.hill(lower, surface, mix(surface, deep, 0.3), y + 190)
    art.mist(430, 80, haze, 0.4)
    trees = [crown(rng.uniform(0, 330), 880 + rng.uniform(-20, 40), rng.uniform(34, 62), rng) for _ in range(12)]
    tone = mix(deep, (15, 35, 25), 0.55)
    art.shape(trees, mix(tone, light, 0.25), tone)
    art.birds(520, 190, 6, rgb("#5b6f78"))
    return art


def grain_fields(seed: int) -> Painting:
    """A plain of striped fields with a lane of poplars under a wide sky."""
    art = Painting(seed, ("#5f9ccb", "#a9cfe3", "#e9f0e6", "#f7e7c3"))
    rng = art.rng
    haze = rgb("#f4eedb")
    art.glow(380, 330, 620, rgb("#fff3cf"), 0.7)
    for level, strength in ((120, 0.65), (210, 0.55), (300, 0.4)):
        art.clouds(level, 26, 5, WHITE, strength)
    for index, code in enumerate(("#a8c1c9", "#8bb0a8")):
        art.hill(art.ridge(455 + 18 * index, 46, 0.42, 3), rgb(code), mix(rgb(code), haze, 0.65), 520)
    art.hill([(0, 500), (WIDTH, 494)], rgb("#c9cf8d"), rgb("#d7a93f"))
    vanish = (rng.uniform(700, 900), 488.0)
    tones = ("#e6c65f", "#cdb452", "#dfb545", "#b9b858", "#e9cd76", "#c5a53d", "#9fb052")
    edges = sorted(rng.uniform(-2600, 4200) for _ in range(17))
    for index in range(len(edges) - 1):
        tone = rgb(tones[(index * 3) % len(tones)])
        field = [vanish, (edges[index], HEIGHT), (edges[index + 1], HEIGHT)]
        art.shape([field], mix(tone, haze, 0.55), mix(tone, rgb("#8a6a1f"), 0.16))
    rows = [[vanish, (x, float(HEIGHT))] for x in range(-2600, 4200, 62)]
    art.strokes(rows, 1.1, rgb("#7d6a25"), strength=0.17)
    lane = [(vanish[0] - 1, vanish[1]), (vanish[0] + 1, vanish[1]), (1010, HEIGHT), (830, HEIGHT)]
    art.shape([lane], rgb("#e9dfc4"), rgb("#d8c79c"))
    for step in range(26, 0, -1):
        near = 1 / (0.86 + 0.42 * step)
        y = vanish[1] + (HEIGHT + 60 - vanish[1]) * near
        for side in (-1, 1):
            x = vanish[0] + (920 - vanish[0]) * near + side * 240 * near + side * 6
            tall = 330 * near * rng.uniform(0.9, 1.1)
            leaf = mix(rgb("#3c6b3a"), haze, 0.6 * (1 - near))
            outline = [
                (x + math.sin(t) * tall * 0.085 * (1 + 0.12 * rng.random()), y - tall * (0.54 - 0.46 * math.cos(t)))
                for t in [i / 14 * math.tau for i in range(14)]
            ]
            art.shape([outline], mix(leaf, haze, 0.2), leaf)
    art.mist(500, 40, haze, 0.5)
    art.birds(1200, 240, 6, rgb("#50697a"))
    return art


def forest(seed: int, sky: tuple[str, ...], far: str, near: str, haze: str, sun: str) -> Painting:
    """Rows of firs fading into mist."""
    art = Painting(seed, sky)
    rng = art.rng
    pale, light = rgb(haze), rgb(sun)
    x = rng.uniform(0.35, 0.65) * WIDTH
    art.glow(x, 300, 700, light, 0.85)
    art.hill(art.ridge(330, 130, 0.45, 2), mix(rgb(far), pale, 0.35), pale, 700)
    art.mist(470, 120, pale, 0.6)
    beams: list[list[Point]] = [
        [(x + d - 8, 250), (x + d + 8, 250), (x + d * 4 + 60, 600), (x + d * 4 - 60, 600)] for d in (-90, -30, 40, 110)
    ]
    art.shape(beams, light, light, strength=0.09, blur=16)
    for row in range(6):
        share = row / 5
        level = 420 + 88 * row
        ground = art.ridge(level, 62 - 4 * row, 0.4, 2)
        tone = mix(rgb(far), rgb(near), share**1.1)
        height = 74 + 190 * share
        trees = []
        at = -20.0
        while at < WIDTH + 20:
            base = ground[min(len(ground) - 1, max(0, int(at / 4)))][1]
            trees.append(conifer(at, base + height * 0.16, height * rng.uniform(0.6, 1.15), rng))
            at += height * rng.uniform(0.16, 0.42)
        art.shape([*trees, [*ground, (WIDTH, HEIGHT), (0, HEIGHT)]], tone, mix(tone, pale, 0.75 - 0.62 * share))
        if row < 5:
            art.mist(level + 105, 92, pale, 0.62 - 0.1 * row)
    art.birds(x + 240, 190, 6, mix(rgb(near), pale, 0.3))
    return art


def tea_garden(seed: int) -> Painting:
    """Rounded tea rows following the slope, hills in mist behind."""
    art = Painting(seed, ("#9ec7d6", "#d3e6e0", "#f6f2dc"))
    rng = art.rng
    haze = rgb("#edf3e3")
    art.glow(420, 220, 560, rgb("#fffbe0"), 0.8)
    for index, code in enumerate(("#a9c6c6", "#86b3a3", "#659a80")):
        art.hill(art.ridge(300 + 55 * index, 110 - 20 * index, 0.44, 3), rgb(code), mix(rgb(code), haze, 0.7), 560)
        art.mist(420 + 40 * index, 60, haze, 0.5)
    phase, tilt = rng.uniform(0, 6), rng.uniform(-0.05, 0.05)
    rows = 15
    for index in range(rows):
        share = index / (rows - 1)
        y = 440 + 500 * share**1.55
        thick = 14 + 50 * share
        line: list[Point] = []
        bump = 18 + 44 * share
        for x in range(0, WIDTH + 6, 6):
            curve = math.sin(x * 0.0027 + phase + share * 0.8) * (58 - 20 * share) + (x - 800) * tilt
            bush = abs(math.sin((x + index * 37) * math.pi / bump)) ** 0.6 * thick * 0.2
            line.append((x, y + curve - bush))
        bright = mix(rgb("#a8cc66"), haze, 0.5 * (1 - share))
        dark = mix(rgb("#23583a"), haze, 0.45 * (1 - share))
        art.hill(line, mix(bright, dark, 0.05), mix(bright, dark, 0.5), y + 70 + thick)
        furrow = [(x, height + thick * 0.75) for x, height in line]
        art.hill(furrow, dark, mix(dark, rgb("#1b3d2a"), 0.4), y + 170 + thick)
    for x, y, size in ((1240, 470, 50), (1305, 478, 38), (1186, 480, 34)):
        art.strokes([[(x, y + 60), (x, y)]], 6, rgb("#4b5b48"))
        art.shape([crown(x, y, size, rng)], rgb("#7da67c"), rgb("#4f8062"))
    art.mist(450, 70, haze, 0.4)
    art.birds(900, 210, 5, rgb("#59756f"))
    return art


def snow_hills(seed: int) -> Painting:
    """Snow on far peaks, a frozen plain and a few firs."""
    art = Painting(seed, ("#6f97c2", "#b3cde2", "#e9eef3", "#f9e6dc"))
    rng = art.rng
    art.glow(1200, 350, 560, rgb("#ffe9d6"), 0.8)
    art.clouds(180, 60, 5, WHITE, 0.5)
    for index in range(4):
        share = index / 3
        line = art.ridge(400 + 56 * index, 330 - 60 * index, 0.5, 4 + index)
        snow, shade = mix(rgb("#dfe8f1"), WHITE, share), mix(rgb("#9db6d0"), rgb("#7f9fc0"), share)
        art.hill(line, mix(snow, shade, 0.08), mix(shade, WHITE, 0.1), 720)
        art.mist(520 + 50 * index, 66, rgb("#f4f1f0"), 0.55)
    art.hill(art.ridge(690, 26, 0.35, 2), rgb("#f6f8fb"), rgb("#c3d4e6"))
    for _ in range(26):
        x = rng.choice((rng.uniform(0, 420), rng.uniform(1150, 1600)))
        near = rng.random()
        tree = conifer(x, 735 + near * 110, 70 + near * 120, rng)
        tone = mix(rgb("#6c8799"), rgb("#2f4b5e"), near)
        art.shape([tree], mix(tone, WHITE, 0.28), tone)
    return art


def wind_farm(seed: int) -> Painting:
    """White turbines along grassy ridges in the late light."""
    art = Painting(seed, ("#4f86b8", "#97c0d8", "#e5e6d6", "#fbd9ae"))
    rng = art.rng
    haze = rgb("#f8e6c8")
    art.glow(1120, 420, 640, rgb("#fff0c9"), 0.8)
    art.clouds(170, 80, 6, WHITE, 0.5)
    for index in range(5):
        share = index / 4
        line = art.ridge(450 + 80 * index, 150 - 12 * index, 0.36, 2)
        tone = mix(rgb("#a9bdb8"), rgb("#3f6e48"), share)
        if index < 4:
            spots = [rng.uniform(0, 330) + k * rng.uniform(480, 600) for k in range(3)]
            for x in spots:
                if x < WIDTH:
                    _turbine(art, x, line[int(x / 4)][1] + 6, 78 + 58 * index, share)
        art.hill(line, mix(tone, rgb("#dbe0a0"), 0.3), mix(tone, haze, 0.62 - 0.5 * share), HEIGHT)
        art.mist(560 + 76 * index, 70, haze, 0.42 - 0.08 * index)
    return art


def _turbine(art: Painting, x: float, foot: float, height: float, near: float) -> None:
    tone = mix(rgb("#e4e8e6"), WHITE, near)
    hub = foot - height
    tower = [
        (x - height * 0.016, foot),
        (x - height * 0.008, hub),
        (x + height * 0.008, hub),
        (x + height * 0.016, foot),
    ]
    turn = art.rng.uniform(0, math.tau)
    blades: list[list[Point]] = []
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        span = height * 0.56
        blades.append([
            (x, hub),
            (
                x + (along[0] * 0.2 + across[0] * 0.035) * span,
                hub + (along[1] * 0.2 + across[1] * 0.035) * span,
            ),
            (x + along[0] * span, hub + along[1] * span),
            (x - across[0] * span * 0.018, hub - across[1] * span * 0.018),
        ])  # fmt: skip
    art.shape([tower, *blades], tone, mix(tone, rgb("#b9c6cc"), 0.5))
