"""Screens of the platform's operators, in the console tenant."""

from django.urls import path

from . import views

urlpatterns = [
    path("fleet/", views.FleetView.as_view(), name="lifecycle_sites"),
    path("fleet/faults/", views.FaultsView.as_view(), name="lifecycle_faults"),
    path("fleet/new/", views.NewSiteView.as_view(), name="lifecycle_new_site"),
    path("fleet/openings/<int:opening_id>/", views.OpeningView.as_view(), name="lifecycle_opening"),
]
