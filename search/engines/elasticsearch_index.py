"""Indices on a cluster: their shape, the template that gives it, and the two aliases by which they are known.

An index is called ``<SEARCH_INDEX>-search-v<SHAPE>-<number>`` and nobody asks it by that name. Questions go to the
alias ``…-v<SHAPE>``; while a new index is being filled it has the alias ``…-v<SHAPE>-next``. The shape is part of
both: a version of the platform that writes another shape does not find the index of the one before it, says that it
has to be made anew, and the processes of the old version go on with theirs until then.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from ..engine import SHAPE, EngineBroken

#: A document that was written is found after so long at the latest.
_REFRESH = "200ms"
#: While an index is filled nobody asks it.
_REFRESH_FILLING = "60s"

MAPPING: dict[str, Any] = {
    # nothing comes in that is not named here, and no field is guessed from the first value
    "dynamic": "strict",
    "_meta": {"shape": SHAPE},
    # the truth lies in PostgreSQL; what is in the lists of terms need not be kept a second time
    "_source": {"excludes": ["lexemes"]},
    "properties": {
        "id": {"type": "long"},
        "lexemes": {"type": "keyword", "doc_values": False},
        "sites": {"type": "long", "index": False},
        "kind": {"type": "keyword", "index": False},
        "year": {"type": "integer", "index": False},
        # microseconds since 1970: a date of the engine's keeps thousandths
        "published": {"type": "long", "index": False},
        "title_key": {"type": "keyword", "doc_values": False},
        "topic": {"type": "keyword", "index": False},
        "organisation": {"type": "keyword", "index": False},
        "validity": {"type": "keyword", "index": False},
        "columns": {"type": "keyword", "index": False},
        "removed": {"type": "boolean", "doc_values": False},
    },
}


@dataclass(frozen=True)
class Names:
    """What indices and aliases of this installation and this shape are called."""

    prefix: str

    @classmethod
    def of_settings(cls) -> "Names":
        return cls(settings.SEARCH_INDEX)

    @property
    def current(self) -> str:
        return f"{self.prefix}-search-v{SHAPE}"

    @property
    def next(self) -> str:
        return f"{self.current}-next"

    @property
    def template(self) -> str:
        return self.current

    @property
    def pattern(self) -> str:
        """All indices of this shape."""
        return f"{self.current}-0*"

    @property
    def every_shape(self) -> str:
        return f"{self.prefix}-search-v*-0*"

    def index(self, number: int) -> str:
        return f"{self.current}-0{number:05d}"


def template_of(names: Names) -> dict[str, Any]:
    """The index template as it is given to the cluster; ``deploy/search/index-template.json`` shows it."""
    return {
        "index_patterns": [names.pattern],
        "priority": 100,
        "template": {
            "settings": {
                "number_of_shards": settings.SEARCH_SHARDS,
                "number_of_replicas": settings.SEARCH_REPLICAS,
                "refresh_interval": _REFRESH,
            },
            "mappings": MAPPING,
        },
        "_meta": {"shape": SHAPE},
    }


def index_of(client: Elasticsearch, alias: str) -> str | None:
    """Return the index that ``alias`` stands for, or None."""
    try:
        found = client.indices.get_alias(name=alias)
    except NotFoundError:
        return None
    if len(found) > 1:
        names = "、".join(sorted(found))
        raise EngineBroken(_("别名 %(alias)s 指向多个索引：%(names)s") % {"alias": alias, "names": names})
    return next(iter(found), None)


def begin_index(client: Elasticsearch, names: Names) -> str:
    """Return the index that is being filled; make one if there is none."""
    if begun := index_of(client, names.next):
        return begun
    client.indices.put_index_template(name=names.template, **template_of(names))
    numbers = [int(name.rpartition("-")[2]) for name in client.indices.get(index=names.pattern)]
    made = names.index(max(numbers, default=0) + 1)
    try:
        client.indices.create(
            index=made,
            settings={"refresh_interval": _REFRESH_FILLING},
            aliases={names.next: {}},
            wait_for_active_shards=1,
        )
    except BadRequestError as error:
        if error.message != "resource_already_exists_exception":
            raise
        # somebody began it in the same moment
    return index_of(client, names.next) or made


def finish_index(client: Elasticsearch, names: Names, made: str) -> None:
    """Give ``made`` the alias that is asked, in one step, and delete all other indices of this installation."""
    current = index_of(client, names.current)
    if current != made:
        if index_of(client, names.next) != made:
            raise EngineBroken(_("没有名为 %(name)s 的重建，请重新执行 rebuild_search。") % {"name": made})
        client.indices.put_settings(index=made, settings={"index": {"refresh_interval": _REFRESH}})
        client.indices.refresh(index=made)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": made, "alias": names.next}},
            {"add": {"index": made, "alias": names.current}},
        ]
        if current:
            actions.append({"remove": {"index": current, "alias": names.current}})
        client.indices.update_aliases(actions=actions)
    if others := [name for name in client.indices.get(index=names.every_shape) if name != made]:
        client.indices.delete(index=others, ignore_unavailable=True)


def faults_of(client: Elasticsearch, names: Names) -> list[str]:
    """Return, in words, what is wrong with the index that is asked; read-only and of another shape among it."""
    index = index_of(client, names.current)
    if index is None:
        return [_("还没有这一版本的索引，请执行 rebuild_search。")]
    faults = []
    told = client.indices.get(index=index)[index]
    if told["mappings"].get("_meta", {}).get("shape") != SHAPE or _differs(told["mappings"]):
        faults.append(_("索引 %(name)s 的结构与平台不符，请执行 rebuild_search。") % {"name": index})
    blocks = told["settings"]["index"].get("blocks", {})
    if any(str(value) == "true" for value in blocks.values()):
        faults.append(
            _("索引 %(name)s 是只读的（%(why)s），多半因为磁盘快满了。") % {"name": index, "why": "、".join(blocks)}
        )
    return faults


def _differs(mapping: dict[str, Any]) -> bool:
    there = {name: field.get("type") for name, field in mapping.get("properties", {}).items()}
    return there != {name: field["type"] for name, field in MAPPING["properties"].items()}
