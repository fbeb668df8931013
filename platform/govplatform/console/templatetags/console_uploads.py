"""What the screens for many files at once tell their script."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from ..uploads import add_many_options

register = template.Library()


@register.simple_tag
def options_of_many(address: str, *, pictures: bool) -> SafeString:
    """The element that ``console/add_many.js`` reads; ``address``: where each file is posted."""
    return json_script(add_many_options(address, pictures=pictures), "add-many-options")
