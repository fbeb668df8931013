"""Where lines of citizens' pages may not end, which no style sheet says."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

#: 8:30—17:30, 2021—2025: a range of figures, which a line would otherwise end within, with its dash at the next start.
_RANGE = re.compile(r"((?<![0-9:.])[:.]*+[0-9][0-9:.]*+(?:—|–|-|~|～)[0-9][0-9:.]*+)")


@register.filter
def ranges_kept(text: str) -> SafeString:
    """Return ``text`` as HTML in which no line ends within a range of figures."""
    parts = _RANGE.split(str(text))
    kept = (
        format_html('<span class="together">{}</span>' if place % 2 else "{}", part) for place, part in enumerate(parts)
    )
    return format_html_join("", "{}", ((part,) for part in kept))
