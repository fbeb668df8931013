"""Every regular expression that reads what strangers and old sites write, and how each is used."""

import ast
import functools
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from pathlib import Path
from types import ModuleType
from typing import Any

from govplatform.confidentiality.scanning import disguises
from search import suggesting

ROOT = Path(__file__).resolve().parents[2]
#: Folder -> the name that its modules are imported by.
TREES = {
    "sites/documents_in": "sites.documents_in",
    "platform/govplatform/confidentiality": "govplatform.confidentiality",
    "platform/govplatform/untrusted_files": "govplatform.untrusted_files",
    "platform/govplatform/spreadsheets": "govplatform.spreadsheets",
    "platform/govplatform/dictionaries": "govplatform.dictionaries",
    "platform/govplatform/lifecycle/batches": "govplatform.lifecycle.batches",
    "search": "search",
    "sites/arrivals/reading": "sites.arrivals.reading",
    "platform/govplatform/addresses": "govplatform.addresses",
    "platform/govplatform/archive": "govplatform.archive",
    "platform/govplatform/cases": "govplatform.cases",
    "platform/govplatform/review": "govplatform.review",
    "themes/templatetags": "themes.templatetags",
}
USES = frozenset(("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"))
#: Patterns that a function builds at its first call, by the function's name. Whoever adds such a one names it here.
BUILT_IN_FUNCTIONS: dict[str, tuple[re.Pattern[str], ...]] = {
    "govplatform.confidentiality.scanning.disguises._odd_run": (
        disguises._odd_run(far=False),
        disguises._odd_run(far=True),
    ),
    "govplatform.confidentiality.scanning.disguises._odd_in_run": (disguises._odd_in_run(),),
    "govplatform.confidentiality.scanning.disguises._any_odd": (disguises._any_odd(),),
    # As a rule for templates of an old site has them.
    "sites.arrivals.reading.rules.holds_for": tuple(
        re.compile(translate(one)) for one in ("/a/*/b*.html", "*a*b*c*d?*")
    ),
    "search.suggesting._like": (suggesting._like("甲乙丙丁"), suggesting._like("甲" * 12)),
}
#: What is asked in one way only, which no call shows: tables of patterns, and names that two modules have.
USES_OF_TABLES = {
    "govplatform.confidentiality.place_words._FORMS": {"fullmatch"},
    "govplatform.review.findings.shown._INNER": {"fullmatch"},
}


@dataclass
class Used:
    """``pattern`` as ``place`` has it; ``uses``: the methods that it is called by, all of them when it is passed on."""

    pattern: re.Pattern[Any]
    place: str
    uses: set[str] = field(default_factory=set)


@functools.cache
def every_pattern() -> tuple[Used, ...]:
    """Each pattern once, with every use that is made of it."""
    trees = dict(_trees())
    found: dict[tuple[Any, int], Used] = {}

    def add(pattern: re.Pattern[Any], place: str, uses: set[str]) -> None:
        key = (pattern.pattern, pattern.flags)
        found.setdefault(key, Used(pattern, place)).uses.update(uses)

    calls = _calls_by_name(trees.values())
    for name, tree in trees.items():
        module = importlib.import_module(name)
        for place, pattern in held_by(module):
            add(pattern, f"{name}.{place}", USES_OF_TABLES.get(f"{name}.{place}") or calls.get(place) or set(USES))
        for function, use, written in _written_in_functions(tree):
            if f"{name}.{function}" in BUILT_IN_FUNCTIONS:
                for pattern in BUILT_IN_FUNCTIONS[f"{name}.{function}"]:
                    add(pattern, f"{name}.{function}", {use} if use in USES else set(USES))
                continue
            # A name of the function itself is none of the module's: such a pattern fails here, to be named above.
            pattern = eval(written, vars(module))
            add(pattern, f"{name}.{function}", {use} if use in USES else set(USES))
    return tuple(found.values())


def held_by(module: ModuleType) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """(name, pattern) of whatever a module keeps: by itself, in its classes, in tables of any depth."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", module.__name__) == module.__name__ or not isinstance(value, type):
            for pattern in _within(value, 0, module.__name__):
                yield name, pattern


def _within(value: Any, depth: int, owner: str) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth > 5 or isinstance(value, ModuleType | str | bytes | int):
        return
    elif isinstance(value, dict):
        for one in [*value.keys(), *value.values()]:
            yield from _within(one, depth + 1, owner)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one, depth + 1, owner)
    elif getattr(value, "__module__", "") == owner and hasattr(value, "__dict__") and not _is_function(value):
        for one in list(vars(value).values()):
            yield from _within(one, depth + 1, owner)


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for folder, package in TREES.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            if "migrations" in parts or "commands" in parts:
                continue
            names = [part for part in parts if part != "__init__"]
            yield ".".join([package, *names]), ast.parse(path.read_text(encoding="utf-8"))


def _calls_by_name(trees: Any) -> dict[str, set[str]]:
    """Name of a pattern -> what is called of it, in all modules: names are compared, so more is found than is."""
    calls: dict[str, set[str]] = defaultdict(set)
    passed: set[str] = set()
    for tree in trees:
        receivers = set()
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in USES and isinstance(called.value, ast.Name):
                calls[called.value.id].add(called.attr)
                receivers.add(called.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in receivers:
                passed.add(node.id)
    return {name: uses for name, uses in calls.items() if name not in passed}


def _written_in_functions(tree: ast.Module) -> Iterator[tuple[str, str, Any]]:
    """(function, use, code of the pattern) of each ``re.use(pattern, ...)`` inside a function or lambda."""
    for outer in tree.body:
        for owner in _functions(outer):
            for node in ast.walk(owner):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.func.attr in (*USES, "compile", "template")
                ):
                    yield getattr(owner, "name", "lambda"), node.func.attr, _compiling(node)


def _functions(node: ast.AST) -> Iterator[ast.AST]:
    """The outermost functions at or below a statement of a module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _functions(child)


_POSITION_OF_FLAGS = {"sub": 4, "subn": 4, "split": 3, "compile": 1}


def _compiling(call: ast.Call) -> Any:
    """The code of ``re.compile(pattern, flags)`` for such a call."""
    arguments = [call.args[0]]
    at = _POSITION_OF_FLAGS.get(getattr(call.func, "attr", ""), 2)
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"] or call.args[at : at + 1]
    function = ast.Attribute(ast.Name("re", ast.Load()), "compile", ast.Load())
    expression = ast.Expression(ast.Call(function, arguments + flags, []))
    return compile(ast.fix_missing_locations(ast.copy_location(expression, call)), "<pattern>", "eval")
