"""The addresses of 外来网站接收 in the console, below ``admin/``."""

from django.urls import path

from . import overview, rule_views, views

urlpatterns = [
    path("arrivals/", views.ArrivalsView.as_view(), name="arrivals"),
    path("arrivals/<int:arrival_id>/", views.ArrivalView.as_view(), name="arrival"),
    path("arrivals/<int:arrival_id>/report.csv", views.ReportView.as_view(), name="arrival_report"),
    path("arrivals/<int:arrival_id>/rules/", rule_views.RulesView.as_view(), name="arrival_rules"),
    path("arrivals/<int:arrival_id>/rules/try/", rule_views.TryView.as_view(), name="arrival_try"),
    path("arrivals/<int:arrival_id>/rules.toml", rule_views.RulesFileView.as_view(), name="arrival_rules_file"),
    path("arrivals-of-sites/", overview.ArrivalsOfSitesView.as_view(), name="arrivals_of_sites"),
    path(
        "arrivals-of-sites/<slug:code>/<int:arrival_id>/", overview.ArrivalOfSiteView.as_view(), name="arrival_of_site"
    ),
    path(
        "arrivals-of-sites/<slug:code>/<int:arrival_id>/report.csv",
        overview.ReportOfSiteView.as_view(),
        name="arrival_of_site_report",
    ),
]
