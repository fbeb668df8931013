"""Looks only override what base has, their words can be translated, their colours can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from themes.registry import BASE_CODE, PALETTES, PALETTES_DIR, THEMES, get_theme, theme_chain

pytestmark = pytest.mark.unit

LOOKS = [code for code in THEMES if code != BASE_CODE]
LEAST_TEXT_CONTRAST = 7.0
LEAST_SIGNAL_CONTRAST = 3.0

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "main-tint"),
    ("muted", "paper"),
    ("muted", "ground"),
    ("muted", "main-tint"),
    ("main", "paper"),
    ("main", "ground"),
    ("main", "main-tint"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("on-main", "main"),
    ("on-main", "main-deep"),
    ("on-main", "accent"),
    ("masthead-ink", "masthead"),
    ("footer-ink", "footer"),
]
SIGNAL_PAIRS = [
    ("focus", "paper"),
    ("focus", "ground"),
    ("focus", "main-tint"),
    ("focus-on-main", "main"),
    ("focus-on-main", "main-deep"),
]


def style_sheets(code: str) -> list[Path]:
    return sorted(get_theme(code).static_dir.rglob("*.css"))


def colours(code: str) -> dict[str, str]:
    """The colour properties that take effect under this theme: those of base, then the theme's."""
    found: dict[str, str] = {}
    for theme in reversed(theme_chain(code)):
        for sheet in style_sheets(theme.code):
            root = re.search(r":root\s*\{(.*?)\}", sheet.read_text("utf-8"), re.DOTALL)
            # A sheet of single pages takes the colours of the first.
            if root is not None:
                found.update(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6}|var\(--[a-z-]+\));", root[1]))
    assert found
    return found


def resolved(found: dict[str, str]) -> dict[str, str]:
    """The same, with each property that names another one as what that one is."""
    return {name: found[value[6:-1]] if value.startswith("var(") else value for name, value in found.items()}


def palette(code: str) -> dict[str, str]:
    sheet = (PALETTES_DIR / "palettes" / "colours.css").read_text("utf-8")
    block = re.search(rf'\[data-colours="{code}"\] \{{(.*?)\}}', sheet)
    assert block is not None
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block[1]))


#: A look with its own colours, and with each set that a site may choose.
COLOURED = [(look, code) for look in THEMES for code in ("", *PALETTES)]


def colours_of(look: str, code: str) -> dict[str, str]:
    return resolved({**colours(look), **(palette(code) if code else {})})


def test_the_sets_of_colours_are_those_of_the_settings() -> None:
    assert list(PALETTES) == settings.COLOUR_CODES
    assert {tuple(palette(code)) for code in PALETTES} == {("main", "main-deep", "main-tint", "main-line", "accent")}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG defines it, from 0 to 1."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("look", "code"), COLOURED)
def test_text_can_be_read(look: str, code: str) -> None:
    found = colours_of(look, code)
    ratios = {(text, ground): contrast(found[text], found[ground]) for text, ground in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST_TEXT_CONTRAST} == {}


@pytest.mark.parametrize(("look", "code"), COLOURED)
def test_focus_ring_can_be_seen(look: str, code: str) -> None:
    found = colours_of(look, code)
    ratios = {(signal, ground): contrast(found[signal], found[ground]) for signal, ground in SIGNAL_PAIRS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < LEAST_SIGNAL_CONTRAST} == {}


@pytest.mark.parametrize("code", LOOKS)
def test_look_only_overrides_templates_of_base(code: str) -> None:
    own = get_theme(code).template_dir
    base = get_theme(BASE_CODE).template_dir
    names = [path.relative_to(own) for path in own.rglob("*.html")]
    assert names
    assert [name for name in names if not (base / name).is_file()] == []


@pytest.mark.parametrize("code", LOOKS)
def test_look_sets_only_properties_that_base_has(code: str) -> None:
    known = set(colours(BASE_CODE))
    assert set(colours(code)) == known


@pytest.mark.parametrize("code", THEMES)
def test_style_sheets_use_defined_properties_and_fetch_nothing(code: str) -> None:
    sheets = [sheet.read_text("utf-8") for theme in theme_chain(code) for sheet in style_sheets(theme.code)]
    text = "\n".join(sheets)
    defined = set(re.findall(r"(--[a-z-]+):", text))
    used = set(re.findall(r"var\((--[a-z-]+)", text))
    assert used <= defined
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("code", THEMES)
def test_colours_are_named_only_at_the_root(code: str) -> None:
    """A look can change every colour: outside :root there are no colours but the printer's black."""
    for sheet in style_sheets(code):
        rules = re.sub(r":root\s*\{.*?\}", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        named = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[\s;,)])", rules))
        assert named <= {"#000"}


@pytest.mark.parametrize("code", THEMES)
def test_words_in_templates_can_be_translated(code: str) -> None:
    """Chinese outside template tags would stay Chinese in every other edition."""
    for path in get_theme(code).template_dir.rglob("*.html"):
        text = path.read_text("utf-8")
        text = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text)
        assert re.findall(r"[\u4e00-\u9fff]+", text) == [], path
