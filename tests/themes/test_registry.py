"""Every theme is found by its code, and templates are looked for in the theme before its parent."""

from __future__ import annotations

import pytest

from themes.registry import (
    BASE_CODE,
    THEMES,
    UnknownThemeError,
    get_theme,
    static_dirs,
    template_dirs,
    theme_chain,
)

pytestmark = pytest.mark.unit


def test_base_is_registered_and_has_no_parent() -> None:
    assert get_theme(BASE_CODE).parent is None


@pytest.mark.parametrize("code", THEMES)
def test_theme_has_its_folders(code: str) -> None:
    theme = get_theme(code)
    assert theme.code == code
    assert theme.template_dir.is_dir()
    assert (theme.static_dir / code).is_dir()


@pytest.mark.parametrize("code", THEMES)
def test_search_order_is_own_folder_first_and_base_last(code: str) -> None:
    dirs = template_dirs(code)
    assert dirs[0] == get_theme(code).template_dir
    assert dirs[-1] == get_theme(BASE_CODE).template_dir
    assert len(dirs) == len(theme_chain(code)) == len(set(dirs))


def test_unknown_theme_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(UnknownThemeError, match="base, portal, county"):
        get_theme("no-such-theme")


def test_static_files_of_two_themes_cannot_collide() -> None:
    names = [
        path.relative_to(folder).as_posix() for folder in static_dirs() for path in folder.rglob("*") if path.is_file()
    ]
    assert names
    assert len(names) == len(set(names))
