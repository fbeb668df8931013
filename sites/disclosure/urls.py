"""The screen of what was asked for, in numbers."""

from django.urls import path

from .views import RequestStatisticsView

urlpatterns = [
    path("cases/disclosure-statistics/", RequestStatisticsView.as_view(), name="disclosure_statistics"),
]
