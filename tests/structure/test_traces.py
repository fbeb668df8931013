"""What a process remembers is forgotten between tests: else one test decides how the next ends."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from tests.traces import leave_no_traces

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"platform": "platform", "content_library": ".", "search": ".", "sites": ".", "themes": "."}


def _remembered() -> list[tuple[str, str]]:
    """(module, name) of everything that some function of the product writes with ``global``."""
    found = set()
    for folder, base in FOLDERS.items():
        for path in (ROOT / folder).rglob("*.py"):
            # Asked at every collection, in every process: a file without the word is not taken apart.
            if "global " not in (text := path.read_text()):
                continue
            module = ".".join(path.relative_to(ROOT / base).with_suffix("").parts)
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Global):
                    found |= {(module, name) for name in node.names}
    return sorted(found)


@pytest.mark.parametrize(("module", "name"), _remembered())
def test_it_is_forgotten_after_each_test(module: str, name: str, monkeypatch: pytest.MonkeyPatch):
    kept = object()
    monkeypatch.setattr(import_module(module), name, kept)
    leave_no_traces()
    assert getattr(import_module(module), name) is not kept
