"""Screens of those who keep a dictionary: a site's reviewers, and the platform's operators and supervisors."""

from django.urls import path

from . import import_views, views

urlpatterns = [
    path("dictionary/", views.WordsView.as_view(), name="dictionary"),
    path("dictionary/add/", views.AddWordView.as_view(), name="dictionary_add"),
    path("dictionary/words/<int:word_id>/", views.WordView.as_view(), name="dictionary_word"),
    path("dictionary/allowed/", views.AllowedView.as_view(), name="dictionary_allowed"),
    path("dictionary/import/", import_views.ImportView.as_view(), name="dictionary_import"),
    path("dictionary/import/preview/", import_views.PreviewView.as_view(), name="dictionary_preview"),
    path("dictionary/export/", import_views.ExportView.as_view(), name="dictionary_export"),
]
