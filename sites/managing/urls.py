"""The addresses of 网站设置 in the console, below ``admin/``."""

from django.urls import path

from . import views, writer_views

urlpatterns = [
    path("site/", views.SettingsView.as_view(), name="site_settings"),
    path("site/columns/", views.ColumnsView.as_view(), name="site_settings_columns"),
    path("site/columns/<int:page_pk>/", views.ColumnView.as_view(), name="site_settings_column"),
    path("site/writers/", writer_views.WritersView.as_view(), name="site_settings_writers"),
    path("site/home/", views.HomeView.as_view(), name="site_settings_home"),
    path("site/home/<slug:list_name>/", views.RowsView.as_view(), name="site_settings_rows"),
]
