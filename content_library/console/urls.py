"""Addresses of 信息资源库 below the console's ``admin/``."""

from django.urls import path

from .views import browsing, importing, numbering, reposting, resource, statistics

urlpatterns = [
    path("library/", browsing.BrowseView.as_view(), name="library_browse"),
    path("library/import/", importing.ImportView.as_view(), name="library_import"),
    path("library/repost/", reposting.repost, name="library_repost"),
    path("library-statistics/", statistics.StatisticsView.as_view(), name="library_statistics"),
    path("library-statistics/export/", statistics.export, name="library_statistics_export"),
    path("index-numbers/", numbering.PatternView.as_view(), name="library_pattern"),
    path("index-numbers/preview/", numbering.preview, name="library_pattern_preview"),
    path("library/<uuid:resource_uuid>/", resource.ResourceView.as_view(), name="library_resource"),
    path("library/<uuid:resource_uuid>/compare/", resource.CompareView.as_view(), name="library_compare"),
    path("library/<uuid:resource_uuid>/export/", resource.export, name="library_export"),
    path("library/<uuid:resource_uuid>/text/<int:number>/", resource.rendered, name="library_rendered"),
    path("library/<uuid:resource_uuid>/files/<str:sm3>/<path:name>", resource.file, name="library_file"),
]
