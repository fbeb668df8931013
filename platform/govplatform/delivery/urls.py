"""Addresses of the screens of static delivery: of all sites in the console tenant, of one in its own console."""

from django.urls import path

from . import views

urlpatterns = [
    path("delivery/", views.DeliveriesView.as_view(), name="deliveries"),
    path("delivery/<slug:code>/", views.SiteDeliveryView.as_view(), name="site_delivery"),
]
