"""Addresses of the rescans in the console."""

from django.urls import path

from .views import RescanItemView, RescansView

urlpatterns = [
    path("review/rescans/", RescansView.as_view(), name="review_rescans"),
    path("review/rescans/one/", RescanItemView.as_view(), name="review_rescan_item"),
]
