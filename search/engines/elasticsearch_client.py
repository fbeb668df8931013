"""The connection to a cluster: Elasticsearch or OpenSearch, by one client (deploy/decisions/050-search-cluster.md).

The client is Elastic's. It speaks a media type of its own and wants to see a header by which the server says what it
is; OpenSearch knows neither. ``OpenSearchNode`` translates both, and is used only where the server says that it is
OpenSearch.
"""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from elastic_transport import ConnectionError as ConnectionFailed
from elastic_transport import HttpHeaders, TlsError, TransportError, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT, DefaultType
from elasticsearch import ApiError, Elasticsearch

from ..engine import EngineBroken, EngineError, EngineUnavailable, QuestionRefused

#: Seconds for a request that writes; a question has SEARCH_ANSWER_SECONDS.
WRITE_SECONDS = 60
#: What the server answers when it is overloaded, starting or without the part that was asked.
_LATER = frozenset({408, 429, 500, 502, 503, 504})
_OWN_MEDIA_TYPE = re.compile(r"application/vnd\.elasticsearch\+([a-z-]+);\s*compatible-with=\d+")


class OpenSearchNode(Urllib3HttpNode):
    """One server of OpenSearch, as Elastic's client wants to see it."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: DefaultType | float | None = DEFAULT,
    ) -> Any:
        usual = HttpHeaders(headers or {})
        for name in ("accept", "content-type"):
            if name in usual:
                usual[name] = _OWN_MEDIA_TYPE.sub(r"application/\1", usual[name])
        answer = super().perform_request(method, target, body=body, headers=usual, request_timeout=request_timeout)
        named = HttpHeaders(answer.meta.headers)
        named["x-elastic-product"] = "Elasticsearch"
        answer.meta.headers = named
        return answer


def connect() -> tuple[Elasticsearch, str]:
    """Return a client for the cluster at ``SEARCH_URL``, and what stands there: ``OpenSearch 2.19.1``.

    Raises EngineUnavailable when nobody answers, EngineBroken when what answers is neither or lets nobody in.
    """
    with engine_errors():
        # Plain JSON is understood by both: so the first question is asked the way that OpenSearch wants it.
        asking = _client(OpenSearchNode)
        version: dict[str, Any] = asking.info().get("version", {})
        if version.get("distribution") == "opensearch":
            return asking, f"OpenSearch {version['number']}"
        client = _client(Urllib3HttpNode)
        return client, f"Elasticsearch {client.info()['version']['number']}"


def _client(node_class: type[Urllib3HttpNode]) -> Elasticsearch:
    options: dict[str, Any] = {}
    if settings.SEARCH_API_KEY:
        options["api_key"] = settings.SEARCH_API_KEY
    elif settings.SEARCH_USER:
        # encoded here: the client would take letters of ASCII alone
        account = f"{settings.SEARCH_USER}:{settings.SEARCH_PASSWORD}"
        options["basic_auth"] = base64.b64encode(account.encode()).decode()
    if settings.SEARCH_CA_FILE:
        if not Path(settings.SEARCH_CA_FILE).is_file():
            raise EngineBroken(_("SEARCH_CA_FILE 指向的文件不存在：%(path)s") % {"path": settings.SEARCH_CA_FILE})
        options["ca_certs"] = settings.SEARCH_CA_FILE
    try:
        return Elasticsearch(
            [address.strip() for address in settings.SEARCH_URL.split(",") if address.strip()],
            node_class=node_class,
            request_timeout=settings.SEARCH_ANSWER_SECONDS,
            max_retries=2,
            retry_on_timeout=False,
            http_compress=True,
            **options,
        )
    except ValueError as error:
        raise EngineBroken(_("SEARCH_URL 不正确：%(why)s") % {"why": error}) from error


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn what the client raises into EngineUnavailable and EngineBroken."""
    try:
        yield
    except TlsError as error:
        raise EngineBroken(_("检索集群的证书不被信任：%(why)s") % {"why": error.message}) from error
    except (ConnectionFailed, TransportError) as error:
        raise EngineUnavailable(_("检索集群没有应答：%(why)s") % {"why": error.message}) from error
    except ApiError as error:
        raise error_of(error.status_code, error.body) from error


def error_of(status: int, told: Any) -> EngineError:
    """Return the error for an answer with ``status``: of a request, or of one document in a bulk."""
    why = _reason(told)
    if "cluster_block_exception" in why and "read-only" in why:
        return EngineBroken(
            _("检索集群的索引是只读的，多半因为磁盘快满了；腾出空间后会自动恢复写入。（%(why)s）") % {"why": why}
        )
    # What one question is refused for says nothing of the cluster: it goes on being asked by everybody else.
    if "_clauses" in why:
        return QuestionRefused(_("检索集群不接受这样长的检索式：%(why)s") % {"why": why})
    if status in _LATER:
        return EngineUnavailable(_("检索集群暂时不能完成：%(why)s") % {"why": why})
    if status in (401, 403):
        return EngineBroken(_("检索集群拒绝了平台的账号：%(why)s") % {"why": why})
    if "index_not_found_exception" in why or "no such alias" in why or "no such index" in why:
        return EngineBroken(_("检索集群里没有这一版本的索引，请执行 rebuild_search。（%(why)s）") % {"why": why})
    if "mapper" in why or "mapping" in why or "parsing_exception" in why or "illegal_argument" in why:
        return EngineBroken(_("索引的结构与平台不符，请执行 rebuild_search。（%(why)s）") % {"why": why})
    return EngineBroken(_("检索集群答复 %(status)s：%(why)s") % {"status": status, "why": why})


def _reason(told: Any) -> str:
    """Type and reason out of an error as the server tells it, with those of its causes."""
    if not isinstance(told, dict):
        return str(told)[:500]
    error = told.get("error", told)
    if not isinstance(error, dict):
        return str(error)[:500]
    causes = [error, *error.get("root_cause", []), error.get("caused_by", {})]
    words = [f"{cause['type']}: {cause.get('reason', '')}" for cause in causes if cause.get("type")]
    return "；".join(dict.fromkeys(words))[:500]
