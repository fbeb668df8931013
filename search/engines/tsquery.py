"""A question as PostgreSQL's ``tsquery``, each lexeme quoted: nothing that was typed is an operator."""

from collections.abc import Iterable

from ..engine import Alternative, Query


def matching(query: Query) -> str:
    """Return the ``tsquery`` of every hit; '' when every document is one."""
    return _and([*(_any(group.anywhere) for group in query.groups), filters(query), exclusions(query)])


def filters(query: Query) -> str:
    """Return the ``tsquery`` of the filters alone; '' when there are none."""
    return _and(_any_lexeme(lexemes) for lexemes in query.filters)


def exclusions(query: Query) -> str:
    """Return the ``tsquery`` of what a hit may not hold; '' when there is nothing."""
    return _and(f"!({_all(alternative)})" for alternative in query.without)


def in_title(query: Query) -> str:
    """Return the ``tsquery`` of hits whose title holds every group and counts; '' when there are no groups."""
    if not query.groups:
        return ""
    return _and([*(_any(group.in_title) for group in query.groups), _not_plain(query)])


def with_number(query: Query) -> str:
    """Return the ``tsquery`` of documents that bear one of the numbers; '' when none was asked for."""
    return _any_lexeme(query.numbers) if query.numbers else ""


def holding(needs: Alternative) -> str:
    """Return the ``tsquery`` of whatever has all of these."""
    return _all(needs)


def _not_plain(query: Query) -> str:
    if not query.plain:
        return ""
    unless = f" & !{_any_lexeme(query.plain_unless)}" if query.plain_unless else ""
    return f"!({_any_lexeme(query.plain)}{unless})"


def _and(parts: Iterable[str]) -> str:
    return " & ".join(part for part in parts if part)


def _any(alternatives: Iterable[Alternative]) -> str:
    return f"({' | '.join(f'({_all(alternative)})' for alternative in alternatives)})"


def _all(alternative: Alternative) -> str:
    return " & ".join(f"{_quoted(need.lexeme)}{':*' if need.begins else ''}" for need in alternative)


def _any_lexeme(lexemes: Iterable[str]) -> str:
    return f"({' | '.join(_quoted(lexeme) for lexeme in lexemes)})"


def _quoted(lexeme: str) -> str:
    doubled = lexeme.replace("\x00", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
