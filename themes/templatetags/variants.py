"""The addresses of a page in simplified and in traditional characters."""

from typing import Any

from django import template
from django.template import Context

from govplatform.tenancy.hosts import public_url
from govplatform.traditional.addresses import has_variant, variant_of

register = template.Library()
#: Each in its own characters, whoever reads them.
_PLAIN_NAME = "简体中文"
_VARIANT_NAME = "繁體中文"


@register.simple_tag(takes_context=True)
def ways_of_writing(context: Context) -> dict[str, str]:
    """``{"plain", "variant"}`` with the paths of the page at hand, with the host (``…_url``), and the names of both.

    Empty where the site shows no traditional pages, and in previews. What is being asked for is the plain page, also
    where the answer becomes the other one (``govplatform.traditional``).
    """
    tenant: Any = context.get("tenant")
    request = context.get("request")
    if request is None or context.get("is_preview") or not getattr(tenant, "traditional", False):
        return {}
    plain = request.get_full_path()
    if not has_variant(plain):
        return {}
    variant = variant_of(plain)
    return {
        "plain": plain,
        "plain_name": _PLAIN_NAME,
        "variant": variant,
        "variant_name": _VARIANT_NAME,
        "plain_url": public_url(tenant, plain),
        "variant_url": public_url(tenant, variant),
    }
