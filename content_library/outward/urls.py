"""Routes below ``/api/library/`` of every public host. Nothing here writes, so nothing waits for a transaction."""

from django.db.transaction import non_atomic_requests
from django.urls import re_path

from .addresses import ADDRESSES
from .answers import answers
from .views import missing_view

urlpatterns = [
    *[
        re_path(
            address.route,
            non_atomic_requests(answers(address.view, address.parameters, limit=address.limit)),
            address.fixed,
            name=address.name,
        )
        for address in ADDRESSES
    ],
    re_path(r"^.*$", non_atomic_requests(answers(missing_view)), name="outward_missing"),
]
