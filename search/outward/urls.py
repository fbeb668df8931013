"""Routes below ``/api/search/`` of every public host. Nothing here waits for a transaction."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.transaction import non_atomic_requests
from django.urls import re_path

from content_library.outward.answers import View, answers

from . import views
from .addresses import ADDRESSES

#: Name of an address -> its view. For an address without a view the platform does not start.
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "search_results": views.results_view,
        "search_suggestions": views.suggestions_view,
        "search_openapi": views.openapi_view,
    }
)

urlpatterns = [
    *[
        re_path(
            address.route,
            non_atomic_requests(answers(VIEWS[address.name], address.parameters, limit=address.limit)),
            name=address.name,
        )
        for address in ADDRESSES
    ],
    re_path(r"^.*$", non_atomic_requests(answers(views.missing_view)), name="search_missing"),
]
