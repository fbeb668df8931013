"""How screens call a rule pack: by its name and version."""

from django import template

from ..queries import stamp_words

register = template.Library()


@register.filter
def pack_words(stamp: str) -> str:
    """Return the name and version of the pack with this stamp."""
    return stamp_words(str(stamp))
