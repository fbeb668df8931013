"""What a page offers so that somebody takes it along: its address as a QR code, drawn on the server."""

from collections.abc import Iterator

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
#: Light modules around the code, without which it is not found (ISO/IEC 18004).
_QUIET = 4


@register.simple_tag
def qr_code(text: str, label: str) -> SafeString:
    """Return ``text`` as a QR code: SVG with one path, in the colour of the text around it. ``label``: its name.

    One mask for all: choosing among the eight takes four times as long, and phones read either.
    """
    code = segno.make(text, error="l", boost_error=False, micro=False, mask=4)
    side = len(code.matrix) + 2 * _QUIET
    return format_html(
        '<svg class="qr-code" viewBox="0 0 {} {}" role="img" aria-label="{}" focusable="false"><path d="{}"/></svg>',
        side, side, label, "".join(_runs(code.matrix)),
    )  # fmt: skip


def _runs(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """Yield a stroke for each run of dark modules, row by row."""
    for y, row in enumerate(matrix, _QUIET):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                yield f"M{x + _QUIET} {y}.5h{end - x}"
            x = max(end, x + 1)
