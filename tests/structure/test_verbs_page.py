"""docs/verbs.md says what the commands' own help says, and every argument says what it means."""

from pathlib import Path

import pytest
from django.core.management import get_commands

from govplatform.serving.verbs_page import arguments, parser_of, sub_verbs, write_page

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    name: app
    for name, app in get_commands().items()
    if app.split(".")[0] in ("govplatform", "content_library", "search", "sites")
}

pytestmark = pytest.mark.unit


def test_the_page_is_what_the_commands_say():
    assert (ROOT / "docs" / "verbs.md").read_text(encoding="utf-8") == write_page(), (
        "write it anew: manage.py describe_verbs --out docs/verbs.md"
    )


def test_every_verb_stands_on_the_page():
    page = write_page()
    assert OURS and [name for name in OURS if f"### {name}\n" not in page] == []


def test_every_argument_says_what_it_means():
    silent = []
    for name, app in OURS.items():
        parser = parser_of(name, app)
        for verb, part in [(name, parser), *((f"{name} {below}", sub) for below, sub in sub_verbs(parser))]:
            silent += [(verb, typed) for typed, meaning in arguments(part) if not meaning]
    assert silent == []


def test_every_verb_begins_its_help_with_a_verb_and_ends_it_with_a_full_stop():
    wrong = [name for name, app in OURS.items() if not str(parser_of(name, app).description).rstrip().endswith(".")]
    assert wrong == []
