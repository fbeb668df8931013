"""The addresses of 文档导入 in the console, below ``admin/``."""

from django.urls import path

from . import doors, views

_BATCH = "documents-in/<int:batch_id>/"
_ITEM = f"{_BATCH}<int:item_id>/"

urlpatterns = [
    path("documents-in/", views.UploadView.as_view(), name="documents_in_upload"),
    path("documents-in/begin/", doors.begin, name="documents_in_begin"),
    path("documents-in/left/", views.LeftView.as_view(), name="documents_in_left"),
    path(_BATCH, views.BatchView.as_view(), name="documents_in_batch"),
    path(f"{_BATCH}add/", doors.add, name="documents_in_add"),
    path(f"{_BATCH}state/", doors.batch_state, name="documents_in_state"),
    path(f"{_BATCH}make/", views.MakeView.as_view(), name="documents_in_make"),
    path(f"{_BATCH}drop/", doors.drop, name="documents_in_drop"),
    path(f"{_BATCH}submit/", doors.submit, name="documents_in_submit"),
    path(f"{_ITEM}typed/", doors.typed, name="documents_in_typed"),
    path(f"{_ITEM}retry/", doors.retry, name="documents_in_retry"),
    path(f"{_ITEM}compared/", doors.compared, name="documents_in_compared"),
    path(f"{_ITEM}repeats/", doors.repeats, name="documents_in_repeats"),
    path(f"{_ITEM}original/", doors.original, name="documents_in_original"),
]
