"""Addresses of the screens of archives, in the console tenant."""

from django.urls import path

from . import views

urlpatterns = [
    path("archives/", views.ArchivesView.as_view(), name="archives"),
    path("archives/<int:archive_id>/", views.ArchiveView.as_view(), name="archive"),
    path("archives/<int:archive_id>/bag/", views.DownloadView.as_view(), {"form": "bag"}, name="archive_bag"),
    path("archives/<int:archive_id>/wacz/", views.DownloadView.as_view(), {"form": "wacz"}, name="archive_wacz"),
]
