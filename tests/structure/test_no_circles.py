"""No module needs itself by way of others. Imports inside functions count as well; those for type checkers do not."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_house_rules import ROOT

FOLDERS = {
    "govplatform": ROOT / "platform" / "govplatform",
    **{name: ROOT / name for name in ("sites", "search", "content_library", "themes")},
}
pytestmark = pytest.mark.unit


def modules(folders: dict[str, Path]) -> dict[str, Path]:
    """Dotted name -> file of every module below ``folders``; migrations stand for themselves."""
    found = {}
    for top, folder in folders.items():
        for path in folder.rglob("*.py"):
            if "migrations" in path.parts:
                continue
            parts = [top, *path.relative_to(folder).with_suffix("").parts]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: set[str]) -> set[str]:
    """Modules among ``known`` that the file names in an import, wherever in it that stands."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = set()
    for node in _imports(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
            continue
        above = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        # ``from package import module`` needs the module; anything else that is named stands in ``base`` itself.
        found |= {inner if (inner := f"{base}.{alias.name}") in known else base for alias in node.names}
    return found & known - {name}


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from _imports(other)
        elif not isinstance(child, ast.expr):
            # No statement stands inside an expression.
            yield from _imports(child)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other (Tarjan), each sorted, the whole sorted."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    found = []

    def visit(name: str) -> None:
        numbers[name] = lowest[name] = len(numbers)
        open_.append(name)
        for other in graph[name]:
            if other not in numbers:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in open_:
                lowest[name] = min(lowest[name], numbers[other])
        if lowest[name] == numbers[name]:
            group = open_[open_.index(name) :]
            del open_[open_.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in numbers:
            visit(name)
    return sorted(found)


def graph_of(folders: dict[str, Path]) -> dict[str, set[str]]:
    known = modules(folders)
    return {name: imported(name, path, set(known)) for name, path in known.items()}


def test_no_module_needs_itself_by_way_of_others():
    found = circles(graph_of(FOLDERS))
    assert not found, "\n".join(" <-> ".join(group) for group in found)


def test_an_import_inside_a_function_closes_a_circle_and_one_for_type_checkers_does_not(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "high.py").write_text("from . import low\n")
    (tmp_path / "low.py").write_text("def act():\n    from pack.high import low\n")
    assert circles(graph_of({"pack": tmp_path})) == [["pack.high", "pack.low"]]
    (tmp_path / "low.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pack.high import low\n"
    )
    assert circles(graph_of({"pack": tmp_path})) == []


def test_every_job_that_is_named_is_there():
    """``enqueue("package.tasks.job", ...)`` names a job that it does not import; a wrong name would fail at work."""
    from django.utils.module_loading import import_string
    from django_tasks.base import Task

    named = {
        node.args[0].value: str(path)
        for path in modules(FOLDERS).values()
        # A file without the word need not be taken apart.
        if "enqueue" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "enqueue"
        and isinstance(node.args[0], ast.Constant)
    }
    assert named
    assert not [name for name in named if not isinstance(import_string(name), Task)]
