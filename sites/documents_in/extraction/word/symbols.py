"""The characters that Word's symbol fonts stand for."""

from sites.documents_in.extraction.word.symbol_tables import TABLES

_PRIVATE = 0xF000
#: Marks that a reader fills in or reads as an answer: as bullets they are text, not looks.
CHECK_MARKS = frozenset("□☐☑☒✓✔✗✘■")


def is_symbol_font(font: str) -> bool:
    """Say whether the font has pictures in place of letters."""
    return font.strip().lower() in TABLES


def symbol(font: str, code: int) -> str:
    """Return the character that a code is drawn as in a font, "" where nobody knows.

    Codes U+F000 to U+F0FF are the font's own places 0 to 255. A font with letters shows the character itself.
    """
    place = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    table = TABLES.get(font.strip().lower())
    if table is not None and 0x20 <= place <= 0xFF:
        found = table[place - 0x20]
        return found if place == 0x20 or found != " " else ""
    if place < 0x20 or 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF or code > 0x10FFFF:
        return ""
    return chr(code)


def symbols(font: str, text: str) -> str:
    """Return a text in a symbol font as it is drawn; what nobody knows stays as it is."""
    return "".join(symbol(font, ord(char)) or char for char in text)
