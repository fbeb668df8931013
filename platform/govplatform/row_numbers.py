"""Numbers of rows as addresses and forms bring them: anything may stand there."""

#: So many digits fit into the largest key that PostgreSQL has (bigint).
_DIGITS = 18


def row_number(text: str) -> int:
    """Return the number that ``text`` writes with ASCII digits; 0, which no row has, for anything else.

    A text of thousands of digits is no number either: Python refuses to read it, and no column holds it.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0
