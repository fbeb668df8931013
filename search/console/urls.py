"""Addresses of the search's screens below the console's ``admin/``."""

from django.urls import path

from . import statistics

urlpatterns = [
    path("search-statistics/", statistics.SearchStatisticsView.as_view(), name="search_statistics"),
    path("search-statistics/export/", statistics.export, name="search_statistics_export"),
]
