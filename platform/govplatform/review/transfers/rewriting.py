"""One walk over everything in a page that can name another thing, forwards by a mapping and back by a trail.

Each place that can name something has a number: foreign keys, choosers in blocks, and every ``<a>`` and ``<embed>``
of rich text, in the order of the model's fields. Places are counted by what a block *can* hold, so two ways of storing
the same words have the same numbers. What was changed is kept as a trail, ``[[place, before, after], ...]``; with it
the result is walked back to exactly what was there, without the site it came from.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.db import models
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.coreutils import resolve_model_string
from wagtail.fields import RichTextField, StreamField

from ..gate.digest import BOOKKEEPING

#: ``[[place, before, after], ...]``: numbers of things (None for none), a slug, or a whole tag of rich text.
Trail = list[list[Any]]
_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")


class BrokenTrail(Exception):
    """A trail that does not fit the content: one of them is not what was written."""


class Targets(Protocol):
    """Where things are now. What is asked for stands in one page."""

    def slug(self, slug: str) -> str:
        """Return the page's own slug there."""

    def number(self, model: type[models.Model], number: Any) -> Any:
        """Return the key there of the row of ``model`` with that key, None when it is not there."""

    def tag(self, tag: str) -> str:
        """Return a tag of rich text (``<a linktype="page" id="3">``, ``<embed .../>``) as it has to read there."""


def rewrite(model: type[models.Model], content: Mapping[str, Any], targets: Targets) -> tuple[dict[str, Any], Trail]:
    """Return (content with every reference leading where ``targets`` says, the trail).

    ``content``: of a page of ``model`` as ``serializable_data()`` gives it and a revision keeps it. Fields that are no
    part of what is reviewed (``BOOKKEEPING``) stay as they are; so do keys of rows below the page.
    """
    walk = _Forward(targets)
    return walk.fields(model, content, BOOKKEEPING), walk.trail


def undo(model: type[models.Model], content: Mapping[str, Any], trail: Trail) -> dict[str, Any]:
    """Return the content from which ``rewrite`` made ``content`` and ``trail``. Raises BrokenTrail."""
    walk = _Back(trail)
    result = walk.fields(model, content, BOOKKEEPING)
    if walk.left:
        raise BrokenTrail(f"places {sorted(walk.left)} are not there")
    return result


@dataclass(frozen=True)
class _Plan:
    """What a model has that can name another thing. ``fields``: (name, what it is, its block or the model it names);
    ``rows``: (name, model, what is left out there) of rows below it; ``keys``: (name, model) of many-to-many fields.
    """

    fields: tuple[tuple[str, str, Any], ...]
    rows: tuple[tuple[str, type[models.Model], frozenset[str]], ...]
    keys: tuple[tuple[str, Any], ...]


@cache
def _plan(model: type[models.Model], left_out: frozenset[str]) -> _Plan:
    fields: list[tuple[str, str, Any]] = []
    field: Any
    for field in model._meta.fields:
        if not field.serialize or field.name in left_out:
            continue
        if field.name == "slug":
            fields.append((field.name, "slug", None))
        elif isinstance(field, StreamField):
            fields.append((field.name, "stream", field.stream_block))
        elif isinstance(field, RichTextField):
            fields.append((field.name, "rich text", None))
        elif isinstance(field, models.ForeignKey):
            fields.append((field.name, "key", resolve_model_string(field.related_model)))
    rows = [
        (name, relation.related_model, left_out | {relation.field.name})
        for relation in get_all_child_relations(model)
        if (name := relation.get_accessor_name()) not in left_out
    ]
    keys = [
        (one.name, resolve_model_string(one.related_model))
        for one in get_all_child_m2m_relations(model)
        if one.name not in left_out
    ]
    return _Plan(tuple(fields), tuple(rows), tuple(keys))


class _AsTheyAre:
    """Targets of a walk that leads everywhere by its trail."""

    def slug(self, slug: str) -> str:
        return slug

    def number(self, model: type[models.Model], number: Any) -> Any:
        return number

    def tag(self, tag: str) -> str:
        return tag


class _Walk:
    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self.place = -1

    def visit(self, value: Any, change: Callable[[Any], Any] | None) -> Any:
        """Count a place, and return what stands there now. ``change`` None: nothing stands there."""
        raise NotImplementedError

    def fields(self, model: type[models.Model], content: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
        result = dict(content)
        plan = _plan(model, left_out)
        for name, kind, known in plan.fields:
            value = content.get(name)
            if kind == "slug":
                new = self.visit(value, self.targets.slug if value else None)
            elif kind == "stream":
                new = self._stream_text(known, value)
            elif kind == "rich text":
                new = self._rich_text(value)
            else:
                new = self._number(known, value)
            if name in content:
                result[name] = new
        for name, related, below in plan.rows:
            if rows := content.get(name):
                result[name] = [self.fields(related, row, below) for row in rows]
        for name, related in plan.keys:
            if keys := content.get(name):
                result[name] = [self._number(related, key) for key in keys]
        return result

    def _number(self, model: Any, value: Any) -> Any:
        return self.visit(value, None if value is None else lambda number: self.targets.number(model, number))

    def _rich_text(self, value: Any) -> Any:
        if not isinstance(value, str) or "<" not in value:
            return value
        return _TAG.sub(lambda found: self.visit(found[0], self.targets.tag), value)

    def _stream_text(self, block: StreamBlock, value: Any) -> Any:
        if value is None:
            return None
        as_text = isinstance(value, str)
        try:
            blocks = json.loads(value) if as_text else value
        except ValueError:
            return value
        if not isinstance(blocks, list):
            return value
        blocks = self._block(block, blocks)
        return json.dumps(blocks, ensure_ascii=False) if as_text else blocks

    def _block(self, block: Block, value: Any) -> Any:
        if isinstance(block, ChooserBlock):
            return self._number(resolve_model_string(block.model_class), value)
        if isinstance(block, RichTextBlock):
            return self._rich_text(value)
        if isinstance(block, StructBlock):
            given = value if isinstance(value, dict) else {}
            changed = {name: self._block(child, given.get(name)) for name, child in block.child_blocks.items()}
            # what the block does not know is nobody's reference; what is not there stays away
            return {name: changed.get(name, old) for name, old in given.items()} if value is given else value
        if isinstance(block, StreamBlock):
            if not isinstance(value, list):
                return value
            return [self._stream_child(block, item) for item in value]
        if isinstance(block, ListBlock):
            if not isinstance(value, list):
                return value
            return [self._list_item(block, item) for item in value]
        return value

    def _stream_child(self, block: StreamBlock, item: Any) -> Any:
        child = block.child_blocks.get(item.get("type")) if isinstance(item, dict) else None
        if child is None:
            return item
        return {**item, "value": self._block(child, item.get("value"))}

    def _list_item(self, block: ListBlock, item: Any) -> Any:
        if block._item_is_in_block_format(item):
            return {**item, "value": self._block(block.child_block, item["value"])}
        return self._block(block.child_block, item)


class _Forward(_Walk):
    def __init__(self, targets: Targets) -> None:
        super().__init__(targets)
        self.trail: Trail = []

    def visit(self, value: Any, change: Callable[[Any], Any] | None) -> Any:
        self.place += 1
        if change is None:
            return value
        new = change(value)
        if new != value:
            self.trail.append([self.place, value, new])
        return new


class _Back(_Walk):
    def __init__(self, trail: Trail) -> None:
        super().__init__(_AsTheyAre())
        self.left = {place: (before, after) for place, before, after in trail}

    def visit(self, value: Any, change: Callable[[Any], Any] | None) -> Any:
        self.place += 1
        if self.place not in self.left:
            return value
        before, after = self.left.pop(self.place)
        if value != after:
            raise BrokenTrail(f"place {self.place}: {value!r} instead of {after!r}")
        return before
