"""Values as bytes that nothing else has, so that a hash over them is of these values alone.

Each value is written with its type, and whatever has no fixed length with its length (as in bencoding): no character
of a text can end it, and no text looks like a number, a list, or the JSON of one.
"""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations, get_field_value
from wagtail.blocks import Block, ChooserBlock, ListBlock, StreamBlock, StreamValue, StructBlock
from wagtail.fields import StreamField

#: Keys of a row that stands below another: they are given when it is stored. Its place in the order counts.
_GIVEN_BY_STORING = "id"


def canonical_bytes(value: Any) -> bytes:
    """``value`` (text, numbers, times, lists, mappings of text) so that no other value gives the same bytes.

    Mappings are alike when they hold the same, in any order. Raises TypeError for what has no form here.
    """
    return b"".join(_parts(value))


def fields_of_page(page: Any, left_out: frozenset[str], *, elsewhere: bool = False) -> dict[str, Any]:
    """Name -> value of everything that a revision of ``page`` holds, for ``canonical_bytes``.

    Block streams by their blocks, without the ids of blocks: Wagtail draws a new one for a list item that was stored
    without. Everything else as it is. ``elsewhere``: ``page`` names rows of another site, which are not looked up here.
    """
    found = {
        field.name: _field_value(field, page, elsewhere)
        for field in page._meta.fields
        if field.serialize and field.name not in left_out
    }
    for relation in get_all_child_relations(page):
        name = relation.get_accessor_name()
        if name not in left_out:
            below = left_out | {relation.field.name, _GIVEN_BY_STORING}
            found[name] = [fields_of_page(child, below, elsewhere=elsewhere) for child in getattr(page, name).all()]
    for field in get_all_child_m2m_relations(page):
        if field.name not in left_out:
            found[field.name] = sorted(other.pk for other in getattr(page, field.name).all())
    return found


def _field_value(field: Any, instance: Any, elsewhere: bool) -> Any:
    if isinstance(field, StreamField):
        value = field.value_from_object(instance)
        return _stored_stream(value) if elsewhere else _stream(value)
    return get_field_value(field, instance)


def _stream(value: StreamValue) -> Any:
    if not value and value.raw_text is not None:
        # No blocks could be read: the text is all there is, and it is no list.
        return value.raw_text
    return [[child.block_type, _block(child.block, child.value)] for child in value]


def _block(block: Block, value: Any) -> Any:
    if isinstance(block, StreamBlock) and isinstance(value, StreamValue):
        return _stream(value)
    if isinstance(block, StructBlock) and isinstance(value, Mapping):
        return _cleared(block, {name: _block(child, value.get(name)) for name, child in block.child_blocks.items()})
    if isinstance(block, ListBlock) and value is not None:
        return [_block(block.child_block, item) for item in value]
    return block.get_prep_value(value)


def _stored_stream(value: StreamValue) -> Any:
    """As ``_stream`` gives it, of a value whose blocks were not read yet."""
    if not value and value.raw_text is not None:
        return value.raw_text
    return _stored_block(value.stream_block, list(value.raw_data))


def _stored_block(block: Block, stored: Any) -> Any:
    """As ``_block`` gives it, of what is stored; choosers by the number they name, whether or not it is here."""
    if isinstance(block, ChooserBlock):
        return stored
    if isinstance(block, StreamBlock):
        known = [item for item in stored if item["type"] in block.child_blocks]
        return [[item["type"], _stored_block(block.child_blocks[item["type"]], item["value"])] for item in known]
    if isinstance(block, StructBlock) and isinstance(stored, Mapping):
        told = {
            name: _stored_block(child, stored[name]) if name in stored else _block(child, child.get_default())
            for name, child in block.child_blocks.items()
        }
        return _cleared(block, told)
    if isinstance(block, ListBlock) and stored is not None:
        return [_stored_block(block.child_block, _item_of_list(item)) for item in stored]
    return block.get_prep_value(block.to_python(stored))


def _cleared(block: StructBlock, told: dict[str, Any]) -> dict[str, Any]:
    """``told`` without the parts that say what they said before there were any: ``digest_defaults`` of the block.

    Pages were cleared before those parts were there, and their digests hold on.
    """
    defaults = getattr(block, "digest_defaults", {})
    return {name: value for name, value in told.items() if name not in defaults or value != defaults[name]}


def _item_of_list(item: Any) -> Any:
    """The value of one item of a list block; before Wagtail 2.16 it was stored bare."""
    wrapped = isinstance(item, Mapping) and item.get("type") == "item" and "id" in item and "value" in item
    return item["value"] if wrapped else item


def _parts(value: Any) -> Iterator[bytes]:
    # A boolean is an int to Python, and a moment a date.
    if value is None:
        yield b"n"
    elif isinstance(value, bool):
        yield b"t" if value else b"f"
    elif isinstance(value, str):
        yield from _with_length(b"s", value)
    elif isinstance(value, int):
        yield b"i%d;" % value
    elif isinstance(value, float):
        yield from _with_length(b"r", repr(float(value)))
    elif isinstance(value, Decimal):
        yield from _with_length(b"c", format(value, "f"))
    elif isinstance(value, datetime.datetime):
        yield from _with_length(b"m", value.isoformat())
    elif isinstance(value, datetime.date):
        yield from _with_length(b"d", value.isoformat())
    elif isinstance(value, datetime.time):
        yield from _with_length(b"h", value.isoformat())
    elif isinstance(value, Mapping):
        yield b"o%d:" % len(value)
        for key in sorted(value, key=_key):
            yield from _with_length(b"k", key)
            yield from _parts(value[key])
    elif isinstance(value, (list, tuple)):
        yield b"l%d:" % len(value)
        for item in value:
            yield from _parts(item)
    else:
        raise TypeError(f"no canonical form for {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"no canonical form for a key of type {type(key).__name__}")
    return str(key)


def _with_length(kind: bytes, text: str) -> Iterator[bytes]:
    # Half a surrogate pair is no character, and still another text than none.
    coded = str(text).encode("utf-8", "surrogatepass")
    yield b"%b%d:" % (kind, len(coded))
    yield coded
