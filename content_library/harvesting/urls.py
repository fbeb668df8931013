"""Addresses of 外部采集 below the console's ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("harvesting/", views.SourcesView.as_view(), name="harvesting"),
    path("harvesting/add/", views.AddView.as_view(), name="harvesting_add"),
    path("harvesting/<int:source_id>/", views.SourceView.as_view(), name="harvesting_source"),
    path("harvesting/<int:source_id>/run/", views.RunView.as_view(), name="harvesting_run"),
    path("harvesting/<int:source_id>/change/", views.ChangeView.as_view(), name="harvesting_change"),
    path("harvesting/<int:source_id>/stop/", views.StopView.as_view(), name="harvesting_stop"),
    path("harvesting/<int:source_id>/remove/", views.RemoveView.as_view(), name="harvesting_remove"),
    path("harvesting/<int:source_id>/state/", views.StateView.as_view(), name="harvesting_state"),
]
