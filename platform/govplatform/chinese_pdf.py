"""The Chinese font of the PDF files that the platform makes.

It is Adobe's name of a font that readers of PDF bring along, so that the installation needs none and no file carries
one.
"""

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

FACE = "STSong-Light"


def register_face() -> None:
    """Make FACE known to reportlab; once more changes nothing."""
    if FACE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FACE))


def not_in_face(text: str) -> str:
    """Return the characters of ``text`` that the font has not, each once, as they come.

    Its map (UniGB-UCS2) knows characters of 16 bits alone: what lies beyond, as rare characters of names do, would be
    two wrong signs.
    """
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) > 0xFFFF))
