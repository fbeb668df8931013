"""How screens call people: by their name alone."""

import re

from django import template

register = template.Library()
#: The record signs with name and sign-in name; a screen says the name.
_SIGN_IN_NAME = re.compile(r"（[\w.@+-]+）(?=[、 ]|$)", re.ASCII)


@register.filter
def person(signed: object) -> str:
    """Return a name as it was signed for the record, or several joined by 、, without the sign-in names."""
    return _SIGN_IN_NAME.sub("", str(signed or ""))
