"""Routes below ``/api/library/`` of every public host. Nothing here writes, so no request is a transaction."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.transaction import non_atomic_requests
from django.urls import re_path

from . import views
from .addresses import ADDRESSES
from .answers import View, answers
from .feeds import feed_view

#: Name of an address -> its view. For an address without a view the platform does not start.
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "outward_list": views.list_view,
        "outward_changes": views.changes_view,
        "outward_openapi": views.openapi_view,
        "outward_schema": views.schema_view,
        "outward_document": views.document_view,
        "outward_resource": views.resource_view,
        "outward_file": views.file_view,
        "outward_blob": views.file_view,
        "outward_feed_all": feed_view,
        "outward_feed_kind": feed_view,
        "outward_feed_site": feed_view,
        "outward_feed_class": feed_view,
    }
)

urlpatterns = [
    *[
        re_path(
            address.route,
            non_atomic_requests(answers(VIEWS[address.name], address.parameters, limit=address.limit)),
            address.fixed,
            name=address.name,
        )
        for address in ADDRESSES
    ],
    re_path(r"^.*$", non_atomic_requests(answers(views.missing_view)), name="outward_missing"),
]
