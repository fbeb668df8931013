"""The documents lead somewhere: each file and folder that they name is there, each link too."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit

_DOCUMENTS = ("README.md", "CONTRIBUTING.md", "deploy/RUNBOOK.md", "docs/**/*.md", "deploy/decisions/*.md")
_NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:py|toml|html|conf|css|js)|[a-z_]+(?:/[\w-]+)*/)`")
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
#: Where a document writes a name for any name.
_ANY = re.compile(r"NAME|NNN")


def documents():
    return sorted({path for pattern in _DOCUMENTS for path in ROOT.glob(pattern)})


def places():
    """Every file of ours and every folder, as ``/platform/govplatform/…/``."""
    found = set()
    for top in ("platform", "content_library", "search", "themes", "sites", "tests", "deploy", "docs"):
        found |= {f"/{path.relative_to(ROOT)}{'/' if path.is_dir() else ''}" for path in (ROOT / top).rglob("*")}
    return found | {f"/{path.name}{'/' if path.is_dir() else ''}" for path in ROOT.iterdir()}


def test_what_a_document_names_is_there():
    there, missing = places(), {}
    for document in documents():
        text = document.read_text(encoding="utf-8")
        names = {name for name in _NAMED.findall(text) if not _ANY.search(name)}
        if gone := sorted(name for name in names if not any(place.endswith(f"/{name}") for place in there)):
            missing[str(document.relative_to(ROOT))] = gone
    assert missing == {}


def test_each_link_of_a_document_leads_somewhere():
    missing = {}
    for document in documents():
        links = {link for link in _LINK.findall(document.read_text(encoding="utf-8")) if "//" not in link}
        if gone := sorted(link for link in links if not (document.parent / link).exists()):
            missing[str(document.relative_to(ROOT))] = gone
    assert missing == {}
