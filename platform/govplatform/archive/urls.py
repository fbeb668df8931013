"""Addresses of the screens of archives, in the console tenant."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("archives/", views.ArchivesView.as_view(), name="archives"),
    path("archives/<int:archive_id>/", views.ArchiveView.as_view(), name="archive"),
    re_path(
        r"^archives/(?P<archive_id>[0-9]{1,18})/(?P<form>wacz|bag)/$", views.DownloadView.as_view(), name="archive_file"
    ),
]
