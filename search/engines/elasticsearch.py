"""The engine on a cluster of Elasticsearch or OpenSearch, chosen by ``SEARCH_URL``.

A document is kept with its lexemes as they are: nothing is analysed there, so what is found is decided in Python, as
for PostgreSQL (``search.text``). Every write carries the version of the document and the cluster keeps the newer one.
A removal is a document too, without lexemes: a delete would be forgotten after a minute, and an older version that
comes late would be back.
"""

import os
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from elasticsearch import Elasticsearch
from elasticsearch.dsl import Search
from elasticsearch.dsl.query import Bool, ConstantScore, DisMax, MatchAll, Prefix, Range, Term, Terms
from elasticsearch.dsl.query import Query as Clause
from elasticsearch.helpers import streaming_bulk

from ..engine import (
    COLUMN,
    Alternative,
    Answer,
    Document,
    EngineBroken,
    EngineError,
    EngineUnavailable,
    Health,
    Hit,
    Need,
    Order,
    Query,
    Removal,
    Tier,
    facets_of,
)
from .elasticsearch_client import WRITE_SECONDS, connect, engine_errors, error_of
from .elasticsearch_index import Names, begin_index, faults_of, finish_index, index_of

#: After a question that nobody answered, so long none is asked: every page would wait as long for nothing.
_REST_SECONDS = 5
_HEALTH_SECONDS = 1.5
#: Hits that a cluster gives by place; its own bound (index.max_result_window).
_LAST_HIT = 10_000
#: For a part of what is written; whoever publishes holds locks meanwhile.
_WRITE_SECONDS = 10
#: More values than a facet can have.
_FACET_SIZES = {"sites": 10_000, "kind": 200, "year": 300, "validity": 50}
_MOST_VALUES = 10_000
_FACET_FIELDS = {"site": "sites", "column": "columns"}
_CHUNK_DOCUMENTS, _CHUNK_BYTES = 500, 8 * 1024 * 1024
_NEWEST_FIRST = ("-published", "-id")
#: Characters of a title by which it is suggested.
_TITLE_KEY = 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMOVED = Term(removed=True)


class ElasticsearchEngine:
    """``search.engine.Engine`` on the cluster of the settings. One object serves all threads of a process."""

    #: Of either kind of cluster; ``health`` tells which.
    name = "elasticsearch"

    def __init__(self) -> None:
        self._connection: tuple[int, Elasticsearch, str] | None = None
        self._connecting = threading.Lock()
        self._rests_until = 0.0

    # --- writing ------------------------------------------------------------------------------

    def index(self, documents: Sequence[Document], *, rebuild: str = "") -> None:
        self._write([_kept(document) for document in documents], rebuild)

    def delete(self, removals: Sequence[Removal]) -> None:
        self._write([_kept_removal(removal) for removal in removals], "")

    def _write(self, actions: Sequence[dict[str, Any]], rebuild: str) -> None:
        if not actions:
            return
        with engine_errors():
            client, names = self._client(), Names.of_settings()
            current, filling = index_of(client, names.current), index_of(client, names.next)
            if rebuild:
                if filling != rebuild:
                    raise EngineBroken(_("没有名为 %(name)s 的重建，请重新执行 rebuild_search。") % {"name": rebuild})
                self._send(client, names.next, actions)
                return
            if current is None and filling is None:
                raise EngineBroken(_("检索集群里还没有这一版本的索引，请执行 rebuild_search。"))
            # The new one first: when it becomes the current one in between, the second write reaches it.
            if filling is not None:
                self._send(client, names.next, actions, may_be_gone=True)
            if current is not None:
                self._send(client, names.current, actions, wait=True)

    def _send(
        self,
        client: Elasticsearch,
        alias: str,
        actions: Iterable[dict[str, Any]],
        *,
        wait: bool = False,
        may_be_gone: bool = False,
    ) -> None:
        """Write to the index behind ``alias``, which is not made when it is missing.

        ``wait``: until it is found. ``may_be_gone``: whether the alias may have gone meanwhile.
        """
        results = streaming_bulk(
            client.options(request_timeout=max(_WRITE_SECONDS, settings.SEARCH_ANSWER_SECONDS)),
            actions,
            chunk_size=_CHUNK_DOCUMENTS,
            max_chunk_bytes=_CHUNK_BYTES,
            raise_on_error=False,
            max_retries=3,
            initial_backoff=0.2,
            yield_ok=False,
            index=alias,
            require_alias=True,
            refresh="wait_for" if wait else False,
        )
        for _done, item in results:
            (told,) = item.values()
            # 409: what is there is newer.
            if told["status"] == 409 or (told["status"] == 404 and may_be_gone):
                continue
            raise error_of(told["status"], told)

    # --- asking -------------------------------------------------------------------------------

    def query(self, query: Query) -> Answer:
        limit = max(0, min(query.limit, _LAST_HIT - query.offset))
        search = self._search().query(_clause(query)).extra(track_total_hits=True, track_scores=True)
        search = search.sort(*([] if query.order is Order.NEWEST else ["_score"]), *_NEWEST_FIRST)
        search = search[query.offset : query.offset + limit] if limit else search[0:0]
        for name in facets_of(query):
            field = _FACET_FIELDS.get(name, name)
            only = {"include": f"{query.columns_of}:.*"} if name == COLUMN else {}
            search.aggs.bucket(name, "terms", field=field, size=_FACET_SIZES.get(field, _MOST_VALUES), **only)
        told = self._ask(search)
        facets = {name: _counted(name, told["aggregations"][name]["buckets"]) for name in facets_of(query)}
        hits = tuple(Hit(int(hit["_id"]), Tier(int(hit["_score"]))) for hit in told["hits"]["hits"])
        return Answer(hits, told["hits"]["total"]["value"], facets=facets, engine=self.name)

    def suggest(self, query: Query, typed: str) -> tuple[int, ...]:
        filters = [_any_of(group.in_title) for group in query.groups]
        begins = [ConstantScore(filter=Prefix(title_key=typed[:_TITLE_KEY]), boost=2)] if typed else []
        clause = Bool(
            must=[DisMax(queries=[*begins, ConstantScore(filter=MatchAll(), boost=1)])],
            filter=[*filters, *_filters(query)],
            must_not=[_REMOVED],
        )
        search = self._search().query(clause).sort("_score", *_NEWEST_FIRST)[: query.limit]
        return tuple(int(hit["_id"]) for hit in self._ask(search.extra(track_total_hits=False))["hits"]["hits"])

    def count(self) -> int:
        told = self._ask(self._search().query(Bool(must_not=[_REMOVED])).extra(track_total_hits=True)[0:0])
        return int(told["hits"]["total"]["value"])

    def versions(self, *, after: int, limit: int) -> list[tuple[int, int]]:
        clause = Bool(filter=[Range(id={"gt": after})], must_not=[_REMOVED])
        search = self._search().query(clause).sort("id").extra(version=True, track_total_hits=False)
        told = self._ask(search[: min(limit, _LAST_HIT)], seconds=WRITE_SECONDS)
        return [(int(hit["_id"]), int(hit["_version"])) for hit in told["hits"]["hits"]]

    def _search(self) -> Search[Any]:
        return Search().source(False)

    def _ask(self, search: Search[Any], *, seconds: float | None = None) -> Any:
        """Put one question to the current index. An answer of a part of the index is no answer."""
        if (rest := self._rests_until - time.monotonic()) > 0:
            raise EngineUnavailable(_("检索集群没有应答，%(seconds)s 秒后再试。") % {"seconds": round(rest) or 1})
        seconds = seconds or settings.SEARCH_ANSWER_SECONDS
        try:
            with engine_errors():
                client = self._client().options(request_timeout=seconds)
                told = client.search(
                    index=Names.of_settings().current,
                    body={**search.to_dict(), "timeout": f"{round(seconds * 900)}ms"},
                    allow_partial_search_results=False,
                )
        except EngineUnavailable:
            self._rests_until = time.monotonic() + _REST_SECONDS
            raise
        if told["timed_out"] or told["_shards"]["failed"]:
            raise EngineUnavailable(_("检索集群只查了索引的一部分。"))
        return told

    # --- upkeep -------------------------------------------------------------------------------

    def health(self) -> Health:
        try:
            with engine_errors():
                client = self._client().options(request_timeout=_HEALTH_SECONDS, max_retries=0)
                faults = faults_of(client, names := Names.of_settings())
                documents = None
                if index_of(client, names.current):
                    told = client.count(index=names.current, query=Bool(must_not=[_REMOVED]).to_dict())
                    documents = int(told["count"])
                status = client.cluster.health(index=names.every_shape)["status"]
        except EngineError as error:
            return Health(self.name, False, None, str(error))
        if status == "red":
            faults.append(_("有分片不可用（red）。"))
        assert self._connection is not None
        return Health(self.name, not faults, documents, " ".join([self._connection[2], status, *faults]))

    def begin_rebuild(self) -> str:
        with engine_errors():
            return begin_index(self._client().options(request_timeout=WRITE_SECONDS), Names.of_settings())

    def finish_rebuild(self, rebuild: str) -> None:
        with engine_errors():
            finish_index(self._client().options(request_timeout=WRITE_SECONDS), Names.of_settings(), rebuild)

    def _client(self) -> Elasticsearch:
        """The client of this process: a connection is not carried into a process that was forked."""
        if self._connection is None or self._connection[0] != os.getpid():
            with self._connecting:
                if self._connection is None or self._connection[0] != os.getpid():
                    client, server = connect()
                    self._connection = (os.getpid(), client, server)
        return self._connection[1]


# --- documents as they are kept -----------------------------------------------------------------


def _kept(document: Document) -> dict[str, Any]:
    return {
        "_id": str(document.id),
        "version": document.version,
        "version_type": "external_gte",
        "_source": {
            "id": document.id,
            "lexemes": document.lexemes,
            "sites": document.sites,
            "kind": document.kind,
            "year": document.year,
            "published": (document.published - _EPOCH) // timedelta(microseconds=1),
            "title_key": document.title_key[:_TITLE_KEY],
            "topic": document.topic,
            "organisation": document.organisation,
            "validity": document.validity,
            "columns": document.columns,
        },
    }


def _kept_removal(removal: Removal) -> dict[str, Any]:
    return {
        "_id": str(removal.id),
        "version": removal.version,
        "version_type": "external_gte",
        "_source": {"id": removal.id, "removed": True},
    }


# --- questions as they are asked ----------------------------------------------------------------


def _counted(name: str, buckets: Sequence[Any]) -> dict[str, int]:
    counted = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets if bucket["key"] != ""}
    if name == COLUMN:
        return {place.partition(":")[2]: count for place, count in counted.items()}
    return counted


def _clause(query: Query) -> Clause:
    """All that a hit has to hold, without weight, and its tier as its score."""
    tiers = [ConstantScore(filter=MatchAll(), boost=Tier.TEXT)]
    if query.groups:
        in_title = Bool(
            filter=[_any_of(group.in_title) for group in query.groups],
            must_not=[_plain(query)] if query.plain else [],
        )
        tiers.append(ConstantScore(filter=in_title, boost=Tier.TITLE))
    if query.numbers:
        tiers.append(ConstantScore(filter=Terms(lexemes=list(query.numbers)), boost=Tier.NUMBER))
    return Bool(
        must=[DisMax(queries=tiers)],
        filter=[*(_any_of(group.anywhere) for group in query.groups), *_filters(query)],
        must_not=[_REMOVED, *(_all_of(alternative) for alternative in query.without)],
    )


def _plain(query: Query) -> Clause:
    unless = [Terms(lexemes=list(query.plain_unless))] if query.plain_unless else []
    return Bool(filter=[Terms(lexemes=list(query.plain))], must_not=unless)


def _filters(query: Query) -> list[Clause]:
    return [Terms(lexemes=list(lexemes)) for lexemes in query.filters]


def _any_of(alternatives: Sequence[Alternative]) -> Clause:
    if len(alternatives) == 1:
        return _all_of(alternatives[0])
    return Bool(should=[_all_of(alternative) for alternative in alternatives], minimum_should_match=1)


def _all_of(alternative: Alternative) -> Clause:
    clauses = [_holds(need) for need in alternative]
    return clauses[0] if len(clauses) == 1 else Bool(filter=clauses)


def _holds(need: Need) -> Clause:
    return Prefix(lexemes=need.lexeme) if need.begins else Term(lexemes=need.lexeme)
