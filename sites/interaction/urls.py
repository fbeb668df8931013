"""Screens of cases: for clerks of a desk, editors who answer, and supervisors of all sites."""

from django.urls import path

from . import views
from .exchange_views import ErrorExchangeView

urlpatterns = [
    path("cases/", views.CasesView.as_view(), name="cases"),
    path("cases/error-reports/", ErrorExchangeView.as_view(), name="error_exchange"),
    path("cases/<int:case_id>/", views.CaseView.as_view(), name="case"),
]
