"""“May this be shown now” has one answer, in ``content_library/resources/showing.py``; no reader looks at a status."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit
#: What looks at the status of a resource alone, and so passes over what it was copied from.
_BY_STATUS = re.compile(
    r"\.is_withdrawn\b|\bResource\.Status\.WITHDRAWN|\b(?:x|y|r|s)\.status\s*(?:=|<>)\s*'withdrawn'|resource__status"
)
#: File -> why it asks for the status: it says what became of a resource, and gives nothing of it out.
ALLOWED = {
    "content_library/resources/showing.py": "the question itself",
    "content_library/resources/entering.py": "the lexeme of lists, to which the question is added when they are read",
    "content_library/resources/actions.py": "changes the status",
    "content_library/resources/exchange.py": "takes in what another platform withdrew",
    "content_library/outward/exposure.py": "the question stands beside it",
    "content_library/outward/queries.py": "writes tombstones",
    "content_library/outward/shapes.py": "the word in the API's shapes",
    "content_library/harvesting/taking_in.py": "takes in what another platform withdrew",
    "content_library/console/views/statistics.py": "counts by status",
    "content_library/distribution/wagtail_hooks.py": "offers no recall of what was recalled",
    "content_library/distribution/recalls/actions.py": "recalls what was not recalled yet",
    "content_library/distribution/merging.py": "a page that shows what was taken back has no stand-in",
    "content_library/distribution/reach.py": "counts what its source took back",
    "content_library/distribution/queries.py": "says what became of a duty",
    "content_library/distribution/provenance.py": "says why a source took back what is not shown",
    "content_library/distribution/pushes/upkeep.py": "says what became of a duty",
}


def test_readers_ask_whether_a_resource_may_be_shown():
    found = {
        str(path.relative_to(ROOT))
        for source in ("content_library", "sites", "search", "themes")
        for path in (ROOT / source).rglob("*.py")
        if "migrations" not in path.parts and _BY_STATUS.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)
