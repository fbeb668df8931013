"""The views of the API's addresses; what holds for all of them stands in ``answers.py``."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from govplatform.downloads import as_download

from ..resources.blobs import open_blob
from ..resources.changes import BEGINNING
from ..resources.queries import ListFilter
from ..schema.definition import json_schema
from .answers import json_answer
from .described import api_url, describe_change, describe_document, describe_public, describe_whole
from .documents import documents_of
from .errors import not_found
from .openapi import openapi_document
from .queries import PublicFilter, get_public, list_public, public_changes, public_file


def list_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with a page of public resources, newest first, and the address of the next page."""
    asked = PublicFilter(
        ListFilter(
            site=values["site"],
            subject_class=values["class"],
            kind=values["kind"],
            status=values["status"],
            month=values["month"],
            query=values["query"],
        ),
        since=values["since"],
        until=values["until"],
    )
    resources, following = list_public(asked, after=values["after"], size=values["size"])
    made: dict[str, Any] = {"resources": [describe_public(resource) for resource in resources]}
    if following:
        given = {name: text for name in request.GET if (text := request.GET[name]) and name != "after"}
        made["next"] = f"{api_url('outward_list')}?{urlencode({**given, 'after': following})}"
        made["after"] = following
    response = json_answer(made)
    if following:
        response.headers["Link"] = f'<{made["next"]}>; rel="next"'
    return response


def resource_view(request: HttpRequest, values: dict[str, Any], uuid: UUID) -> HttpResponse:
    """Answer with one resource in full."""
    return json_answer(describe_whole(get_public(uuid)))


def document_view(request: HttpRequest, values: dict[str, Any], uuid: UUID) -> HttpResponse:
    """Answer with one resource as other platforms import it."""
    return json_answer(describe_document(get_public(uuid)))


def changes_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with a page of changes since a cursor, and with their documents if asked to."""
    found, cursor, more = public_changes(values["since"] or BEGINNING, values["size"])
    documents: dict[int, dict[str, Any]] = {}
    if with_documents := values["documents"] == "1":
        documents, reached = documents_of(found)
        if reached < len(found):
            last = found[reached - 1].change
            found, cursor, more = found[:reached], f"{last.xact}-{last.pk}", True
    changes = [describe_change(one, document=documents.get(one.change.pk)) for one in found]
    made: dict[str, Any] = {"changes": changes, "cursor": cursor, "more": more}
    if more:
        given = {"size": values["size"], **({"documents": "1"} if with_documents else {})}
        made["next"] = f"{api_url('outward_changes')}?{urlencode({'since': cursor, **given})}"
    return json_answer(made)


def file_view(request: HttpRequest, values: dict[str, Any], sm3: str, name: str = "") -> HttpResponseBase:
    """Answer with the bytes of a file, for download; its ETag is the SM3 of the bytes. Raises ApiError (404, 410)."""
    file = public_file(sm3, name)
    try:
        stream = open_blob(file.blob_id)
    except FileNotFoundError:
        raise not_found() from None
    response = FileResponse(stream, content_type="application/octet-stream")
    tag = quote_etag(file.blob_id)
    response.headers["ETag"] = tag
    response.headers["Content-Length"] = str(file.blob.size)
    as_download(response, file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer = get_conditional_response(request, etag=tag, response=response)  # type: ignore[arg-type]
    if answer is None or answer is response:
        return response
    # not response.close(): that would end the request, and with it the site's schema
    stream.close()
    return answer


def schema_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with the JSON Schema of documents."""
    return json_answer(json_schema())


def openapi_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer with the OpenAPI document."""
    return json_answer(openapi_document())


def missing_view(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Answer 404 to any other address below the API."""
    raise not_found()
