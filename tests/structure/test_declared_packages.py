"""What the product imports it declares: what another package brought along may be gone with its next release."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("platform/govplatform", "content_library", "search", "sites", "themes")
OWN = {"govplatform", "content_library", "search", "sites", "themes", "tests"}


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a module that runs: what only a type checker reads is left out."""
    for node in ast.iter_child_nodes(tree):
        # Nothing below an expression is a statement.
        if isinstance(node, ast.expr | ast.arguments | ast.expr_context):
            continue
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from statements(node)


def imported() -> dict[str, Path]:
    """Top-level name of each imported package, and a file that imports it."""
    found: dict[str, Path] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in statements(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names = [one.name for one in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                else:
                    continue
                found.update((name.partition(".")[0], path.relative_to(ROOT)) for name in names)
    return {name: path for name, path in found.items() if name not in OWN | sys.stdlib_module_names}


def bare(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name)[0]).lower()


def test_every_imported_package_is_declared():
    declared = {bare(one) for one in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]}
    brings = packages_distributions()
    known = imported()
    missing = [
        f"{name} ({path})"
        for name, path in sorted(known.items())
        if not {bare(one) for one in brings.get(name, [name])} & declared
    ]
    assert len(known) > 30
    assert missing == []
