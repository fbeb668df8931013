"""A name that Wagtail's sprite does not have shows nothing, and says nothing about it."""

import re
from pathlib import Path

from wagtail.admin.icons import get_icons

_ROOT = Path(__file__).resolve().parents[2]
_NAMED = re.compile(r"""(?:header_icon|icon_name) = "([a-z-]+)"|\{% icon name=["']([a-z-]+)["']""")


def test_every_icon_that_a_screen_names_is_there(db):
    there = set(re.findall(r'id="icon-([\w-]+)"', get_icons()))
    missing = {}
    for top in ("platform", "content_library", "sites"):
        for path in [*(_ROOT / top).rglob("*.py"), *(_ROOT / top).rglob("*.html")]:
            named = {first or second for first, second in _NAMED.findall(path.read_text(encoding="utf-8"))}
            if gone := sorted(named - there):
                missing[str(path.relative_to(_ROOT))] = gone
    assert missing == {}
