"""Addresses of the host under which archives are read. Nothing here writes, signs anybody in or keeps a session."""

from django.db.transaction import non_atomic_requests
from django.urls import path, re_path

from . import views

handler400 = "govplatform.archive.reader.views.bad_request"
handler404 = "govplatform.archive.reader.views.not_found"
handler500 = "govplatform.archive.reader.views.server_error"

_open = non_atomic_requests

urlpatterns = [
    path("", _open(views.archives), name="archives"),
    path("<int:archive_id>/", _open(views.overview), name="overview"),
    path("<int:archive_id>/column/", _open(views.column), name="column"),
    path("<int:archive_id>/search/", _open(views.search), name="search"),
    path("<int:archive_id>/elsewhere/", _open(views.elsewhere), name="elsewhere"),
    re_path(r"^(?P<archive_id>[0-9]{1,18})/at(?P<path>/.*)$", _open(views.archived), name="archived"),
]
