"""Addresses of the search's screens below the console's ``admin/``."""

from django.urls import path

from . import statistics, synonyms, upkeep

urlpatterns = [
    path("search-statistics/", statistics.SearchStatisticsView.as_view(), name="search_statistics"),
    path("search-statistics/export/", statistics.export, name="search_statistics_export"),
    path("search-upkeep/", upkeep.SearchUpkeepView.as_view(), name="search_upkeep"),
    path("synonyms/", synonyms.SynonymsView.as_view(), name="synonyms"),
    path("synonyms/add/", synonyms.AddSynonymsView.as_view(), name="synonyms_add"),
    path("synonyms/<int:group_id>/", synonyms.SynonymGroupView.as_view(), name="synonyms_group"),
]
