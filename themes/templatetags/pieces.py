"""Pieces of a page that many pages share: the frame around each page is put together once for all that say the same."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.cache import caches
from django.core.signals import setting_changed
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from themes.loader import current_theme

register = template.Library()
_PLAIN = (str, int, float, bool, type(None))


@register.simple_tag(takes_context=True)
def piece(context: Context, name: str, **values: Any) -> SafeString:
    """Include the template ``name`` with ``values`` and nothing else: ``{% piece "layout/footer.html" mark=text %}``.

    As it knows nothing but what stands in the tag, its markup is the same whenever theme, language and values are, and
    is kept under these (and under the schema, as everything is). Such a template asks neither the database nor the
    clock. ``values``: texts (also in translation), numbers, None, lists and dictionaries of these; raises TypeError for
    anything else.
    """
    written = f"{current_theme()} {get_language()} {name} {_written(values)}"
    key = hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
    kept: str | None = caches["pieces"].get(key)
    if kept is None:
        found = context.template.engine.get_template(name)  # type: ignore[union-attr]
        kept = str(found.render(context.new(values)))
        caches["pieces"].set(key, kept)
    return mark_safe(kept)


@register.simple_tag
def meta_markup(tags: Iterable[Mapping[str, str]]) -> SafeString:
    """Write ``[{"name", "content"}]`` as meta tags, one a line; '' for none."""
    return format_html_join(
        "", '<meta name="{}" content="{}">\n', ((tag["name"], tag["content"]) for tag in tags or ())
    )


def _written(value: Any) -> str:
    """``value`` in a form that tells it from every other one."""
    kind = type(value)
    if kind in _PLAIN:
        return repr(value)
    if kind is SafeString:
        return f"safe {value!r}"
    if isinstance(value, Promise):
        return repr(str(value))
    if kind is list:
        return f"[{','.join(map(_written, value))}]"
    if kind is dict:
        return "{" + ",".join(f"{name!r}:{_written(held)}" for name, held in value.items()) + "}"
    raise TypeError(f"a piece takes plain values alone, not {kind.__name__}")


def _forget(**_changed: Any) -> None:
    caches["pieces"].clear()


# Sent by tests alone: another storage of static files gives them other names.
setting_changed.connect(_forget, dispatch_uid="themes-pieces")
