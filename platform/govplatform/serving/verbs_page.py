"""The page docs/verbs.md, written from the commands' own help."""

import argparse
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class

from govplatform.verb_arguments import explain

#: Heading and the packages whose verbs stand below it, in the order of the page.
CHAPTERS = (
    ("Sites and people", ("govplatform.lifecycle", "govplatform.tenancy", "govplatform.accounts")),
    ("Rules", ("govplatform.rule_packs",)),
    ("Content", ("sites",)),
    ("Review and confidentiality", ("govplatform.review", "govplatform.confidentiality", "govplatform.dictionaries")),
    ("Common library", ("content_library",)),
    ("Search", ("search",)),
    ("Operation", ("govplatform",)),
)
_HEAD = """# Verbs

Each act of the platform is one callable in an `actions.py` and one verb for the shell:
`.venv/bin/python manage.py VERB …`. This page is written by `manage.py describe_verbs --out docs/verbs.md`; a test
compares the two.

With `--json` a verb prints exactly one JSON object. Exit status: 0 done, 1 faults found, 2 wrong use, 3 refused
(`{"refused": [reasons]}`). A page is `draft`, `in_review`, `returned`, `approved` (waits for its time), `live`,
`withdrawn` or `expired`, everywhere.
"""
#: Arguments that Django gives every command, and ``--json``, which is told once.
_EVERYWHERE = {
    "help", "json", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color",
    "skip_checks",
}  # fmt: skip


def write_page() -> str:
    """The whole page as Markdown."""
    left = {name: app for name, app in get_commands().items() if _is_ours(app)}
    parts = [_HEAD]
    for heading, packages in CHAPTERS:
        names = sorted(name for name, app in left.items() if any(_inside(app, package) for package in packages))
        if names:
            parts.append(f"## {heading}\n")
            parts += [_verb(name, left.pop(name)) for name in names]
    return "\n".join(parts)


def arguments(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """``(argument as it is typed, what it means)`` of one verb or sub-verb."""
    for action in parser._actions:
        if action.dest in _EVERYWHERE or isinstance(action, argparse._SubParsersAction):
            continue
        typed = action.option_strings[-1] if action.option_strings else ""
        value = "" if action.nargs == 0 else _value(action)
        needed = (not action.option_strings and action.nargs not in ("?", "*")) or action.required
        yield f"`{' '.join(filter(None, (typed, value)))}`{'' if needed else ' (may be left out)'}", action.help or ""


def parser_of(name: str, app: str) -> argparse.ArgumentParser:
    """The parser of a command, every argument explained."""
    parser = load_command_class(app, name).create_parser("manage.py", name)
    explain(parser)
    return parser


def sub_verbs(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _verb(name: str, app: str) -> str:
    parser = parser_of(name, app)
    lines = [f"### {name}\n", f"{parser.description}\n", *_rows(parser)]
    for below, sub in sub_verbs(parser):
        lines += [f"`{name} {below}`{f': {sub.description}' if sub.description else ''}\n", *_rows(sub)]
    return "\n".join(lines)


def _rows(parser: argparse.ArgumentParser) -> list[str]:
    rows = [f"| {typed} | {meaning.replace('|', chr(92) + '|')} |" for typed, meaning in arguments(parser)]
    return ["| argument | meaning |", "|---|---|", *rows, ""] if rows else []


def _value(action: argparse.Action) -> str:
    if action.choices and len(list(action.choices)) < 7:
        return " / ".join(map(str, action.choices))
    name = str(action.metavar or action.dest.upper())
    return f"{name}…" if action.nargs in ("+", "*") or isinstance(action, argparse._AppendAction) else name


def _is_ours(app: str) -> bool:
    return app.split(".")[0] in ("govplatform", "content_library", "search", "sites")


def _inside(app: str, package: str) -> bool:
    return app == package or app.startswith(f"{package}.")
