"""Screens of guides to services, below ``admin/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("services/", views.ServicesView.as_view(), name="services"),
    path("services/import/", views.ImportView.as_view(), name="services_import"),
    path("services/table/", views.BlankTableView.as_view(), name="services_table"),
]
