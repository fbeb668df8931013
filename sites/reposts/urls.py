"""The addresses of reposting in the console, below ``admin/``."""

from django.urls import path

from . import files, views

urlpatterns = [
    path("reposts/", views.ChooseView.as_view(), name="reposts_choose"),
    path("reposts/<int:page_id>/adopt/", views.adopt, name="reposts_adopt"),
    path("reposts/<int:page_id>/files/<str:sm3>/<path:name>", files.draft_file, name="reposts_file"),
]
