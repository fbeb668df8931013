"""The pictures of the documentation are those that the script takes, and not heavier than it allows."""

import pytest

from .__main__ import MOST_BYTES, ROOT
from .screens import BY_HAND, SCREENS

FOLDER = ROOT / "docs" / "screenshots"


@pytest.mark.unit
def test_every_picture_is_of_a_screen_and_every_screen_has_its_pictures() -> None:
    named = {f"{screen.name}-{view}.webp" for screen in SCREENS for view in screen.views}
    found = {file.name: file.stat().st_size for file in FOLDER.iterdir() if file.name != "README.md"}
    assert set(found) == named | BY_HAND
    assert sum(found.values()) < MOST_BYTES


@pytest.mark.unit
def test_the_list_leads_to_all_of_them() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"({screen.name}-{view}.webp)" in listed for screen in SCREENS for view in screen.views)
