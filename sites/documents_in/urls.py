"""The addresses of 文档导入 in the console, below ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("documents-in/", views.UploadView.as_view(), name="documents_in_upload"),
    path("documents-in/<int:batch_id>/", views.BatchView.as_view(), name="documents_in_batch"),
    path("documents-in/<int:batch_id>/state/", views.batch_state, name="documents_in_state"),
    path("documents-in/<int:batch_id>/submit/", views.submit, name="documents_in_submit"),
    path("documents-in/<int:batch_id>/<int:item_id>/retry/", views.retry, name="documents_in_retry"),
    path("documents-in/<int:batch_id>/<int:item_id>/compared/", views.compared, name="documents_in_compared"),
    path("documents-in/<int:batch_id>/<int:item_id>/original/", views.original, name="documents_in_original"),
]
